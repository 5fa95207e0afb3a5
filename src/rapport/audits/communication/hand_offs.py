"""Are customers passed from one to the next?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import NO_VALUE, Consequence
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, Outcome, Score, Status, Test
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest, dots
from rapport.measures.onset import Change
from rapport.measures.since import lasting, tested_by
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import contrast_between, mean

LEAST = 0.25


@audit(
    question="Are customers passed around?",
    criteria="A ticket of one kind changes hands about as often as those of the others, and as before.",
    source="the company's own other topics and channels",
    least_effect=LEAST,
    unit="count",
    inputs={
        "hand_offs": Breakdown(
            "hand_offs",
            "hand_offs",
            by=(
                ("topic",),
                ("channel",),
                ("channel", "topic"),
                ("month",),
                ("topic", "month"),
                ("channel", "month"),
                ("channel", "topic", "month"),
            ),
        ),
        "passed_around": Breakdown("hand_offs", "passed_around", by=(("topic",), ("channel",), ("channel", "topic"))),
        "satisfied": Breakdown("hand_offs", "satisfied", by=(("passed_on",),)),
        "came_back": Breakdown("hand_offs", "came_back", by=(("passed_on",),)),
    },
    optional={"satisfied", "came_back"},
    needs=("tickets.handoffs",),
    defect="tickets of one topic go through three teams",
    owner="Support",
)
def hand_offs(
    hand_offs: Cells, passed_around: Cells, satisfied: Cells | None, came_back: Cells | None, facts: Facts
) -> Outcome:
    """Ask how often customers are handed from one person or team to the next.

    What it asks
        How many times a ticket changes hands; which topic or channel is passed on more than the others; what goes along
        with it in the customers' answers and their next orders.

    Why it matters
        With every hand-off the customer waits again and often explains again. A topic that nobody owns is passed around
        although each single hand-off looks reasonable.

    How it is measured
        Hand-offs per ticket (counted up to ten), by topic and channel against all others, rows of one customer kept
        together, and against their own past. Teams are not compared: the team that has a ticket at the end did not pass
        it on. A quarter of a hand-off per ticket is the least effect worth acting on: every fourth customer is passed
        on once more. What goes along with it is the share of content answers about tickets passed on against those that
        were not, and the share of customers who order again within ninety days: a difference, not an effect, since
        difficult cases are passed on more.

    How it is scored
        100 times the share of tickets that changed hands at most once.

    What to do
        Decide who owns the topic; send it there at once.

    When it is wrong
        Where the source counts automatic routing, or a colleague's holiday, as a hand-off.

    References
        Dixon, Freeman & Toman (2010), "Stop Trying to Delight Your Customers", Harvard Business Review: being passed on
        and having to repeat oneself are what makes service hard.
    """
    around = {
        tuple(sorted(s.items())): m
        for g in (("topic",), ("channel",), ("channel", "topic"))
        for s, m in passed_around.along(*g)
    }

    def say(d: Difference) -> tuple[str, str]:
        many = around.get(tuple(sorted(d.scope.items())))
        part = "" if many is None else f" {share(many.mean)} of them changed hands twice or more."
        return (
            f"{opening(place(d.scope))}: a ticket changes hands {_times(d.value)}, elsewhere {_times(d.baseline)}",
            f"{grouped(d.n)} tickets changed hands {_times(d.value)} on average; others {_times(d.baseline)}.{part}",
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{opening(place(c.scope))}: since {month(c.since)}, a ticket changes hands {_times(c.value)}, before "
            f"{_times(c.baseline)}",
            f"{grouped(c.n)} tickets opened since {month(c.since)} changed hands {_times(c.value)} on average; before "
            f"{_times(c.baseline)}.",
        )

    yardstick = Yardstick("hand_offs", LEAST, "lower", "count", say, binary=False)
    compared = against_rest(tested_by(hand_offs, ("topic",), ("channel",)), yardstick)
    changed = lasting(hand_offs, (("topic",), ("channel",), ()), yardstick, say_change)
    along = tuple(
        text
        for text in (
            _goes_along(satisfied, "content answers about the ticket"),
            _goes_along(came_back, "customers who ordered again within 90 days"),
        )
        if text
    )
    overall, many = mean(hand_offs.total, binary=False), mean(passed_around.total, binary=True)
    return Looked(
        headline=f"A ticket changes hands {_times(overall.value)} on average; {share(many.value)} do twice or more.",
        tests=tuple(_with(t, along) for t in (*compared.tests, *changed)),
        score=Score.of_bad(many),
        short=compared.short,
        notes=along,
        chart=dots(hand_offs, {"topic": ""}, yardstick) if ("topic",) in hand_offs.by else None,
    )


def _times(value: float) -> str:
    return f"{grouped(value, 1 if value >= 1 else 2)} times"


def _goes_along(cells: Cells | None, what: str) -> str:
    """Return how an outcome differs between tickets passed on and not, with n and interval, as an association."""
    if cells is None:
        return ""
    yes, no = cells.get({"passed_on": "true"}), cells.get({"passed_on": "false"})
    if yes is None or no is None or min(yes.n, no.n) < 30:
        return ""
    c = contrast_between(yes, no, binary=True)
    return (
        f"{opening(what)}: {share(c.value)} of {grouped(c.n)} where the ticket was passed on, {share(c.rest)} of "
        f"{grouped(c.n_rest)} where it was not ({_points(c.low)} to {_points(c.high)} points). "
        "The two go together; that one makes the other is not shown."
    )


def _points(value: float) -> str:
    return f"{'+' if value > 0 else ''}{grouped(100 * value, 1)}"


def _with(test: Test, along: tuple[str, ...]) -> Test:
    if test.status is Status.GOOD_PRACTICE or not along:
        return test
    return replace(test, consequence=Consequence(test.customers, None, (NO_VALUE, *along)))
