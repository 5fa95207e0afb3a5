"""Are customers answered in good time, and by whom not?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Times
from rapport.core.outcome import Looked, Outcome, Score, Test
from rapport.core.words import duration, grouped, month, opening, place, share
from rapport.measures.cells import Cells, TimeCells
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change
from rapport.measures.since import lasting, tested_by
from rapport.measures.targets import by_design, reply_limit
from rapport.measures.waits import still_waiting
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.10
PLACES = (("team",), ("channel",), ("topic",), ("priority",), ("part_of_day",), ("team", "part_of_day"))


@audit(
    question="Are you responsive?",
    criteria="Each team, channel, topic and priority answers about as many in time as all the others, and as before.",
    source="a declared promise or policy for first_reply_hours or …_working_hours, else the company's own tickets",
    least_effect=LEAST,
    unit="share",
    inputs={
        "in_time": Breakdown(
            "replies",
            "in_good_time",
            by=(
                *PLACES,
                ("team", "channel"),
                ("team", "topic"),
                ("month",),
                ("team", "month"),
                ("topic", "month"),
                ("channel", "month"),
                ("team", "topic", "month"),
                ("team", "channel", "month"),
            ),
        ),
        "waits": Times(
            "replies",
            "wait_seconds",
            "answered",
            by=(("team",), ("channel",), ("topic",), ("priority",), ("team", "part_of_day")),
        ),
    },
    needs=("tickets.first_reply_at|messages.sent_at",),
    defect="one team is slow after 15:00",
    owner="Support",
)
def first_reply(in_time: Cells, waits: TimeCells, facts: Facts) -> Outcome:
    """Ask how long customers wait until a person first answers them.

    What it asks
        Whether customers get a first public answer by a person in good time; which team, channel, topic, priority or
        part of the day lets them wait; and since when.

    Why it matters
        The wait before the first answer is what customers notice of a help desk. A slow average says little: the harm
        sits where one team or one hour is slow.

    How it is measured
        The share of tickets answered within a target: the promise or policy you declared, else the time within which
        three quarters of the answered tickets of the same channel were answered. Where you declared a calendar and no
        promise in hours, working time counts: who closes at six is not late at seven. Tickets still waiting count as
        missed once they are older than the target; younger ones are left out, answered or not. Medians are Kaplan–Meier
        medians over all hours: an unanswered ticket is a wait that has not ended, not one of zero length. Each cell is
        tested against all other tickets, and each team, topic and channel against its own past net of what the others
        did; rows of one customer are kept together. That low priorities wait longer than high ones is no finding.

    How it is scored
        The share answered in time, with its interval.

    What to do
        Look at who works when in the slow place; move people or hours before adding any.

    When it is wrong
        Where the source counts robots or private notes as replies and the record holds no messages; where tickets are
        opened by staff and `opened_by` does not say so.

    References
        Zendesk, "About native Support time duration metrics" (first reply time); Kaplan & Meier (1958), JASA 53:457.
    """
    limit = reply_limit(facts)

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of customers get a first answer {limit}, "
            f"elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} tickets were answered {limit}; of all others {share(d.baseline)}."
            + _medians(waits, d),
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{opening(place(c.scope))}: {share(c.value)} of customers get a first answer {limit} since "
            f"{month(c.since)}, before {share(c.baseline)}",
            f"{share(c.value)} of {grouped(c.n)} tickets opened since {month(c.since)} were answered {limit}; "
            f"before {share(c.baseline)}.",
        )

    yardstick = Yardstick("in_time", LEAST, "higher", "share", say, binary=True)
    compared = against_rest(tested_by(in_time, *PLACES), yardstick)
    changed = lasting(in_time, (("team",), ("topic",), ("channel",), ()), yardstick, say_change)
    overall = mean(in_time.total, binary=True)
    curve = waits.curve()
    median = duration(curve.quantile().value) if curve is not None else "unknown"
    return Looked(
        headline=f"{share(overall.value)} of tickets get a first answer {limit}; the median wait is {median}.",
        tests=(*(t for t in _by_place(compared.tests) if not by_design(t)), *changed),
        score=Score.of_good(overall),
        short=compared.short,
        chart=still_waiting(curve, "Still waiting for a first answer"),
    )


def _medians(waits: TimeCells, d: Difference) -> str:
    own, all_ = waits.curve(d.scope), waits.curve()
    if own is None or all_ is None:
        return ""
    half, usual = own.quantile().value, all_.quantile().value
    if half == float("inf"):
        return f" More than half of them are still waiting; overall half wait {duration(usual)} or less."
    return f" Half of them wait {duration(half)} or less; overall {duration(usual)}."


def _by_place(tests: tuple[Test, ...]) -> list[Test]:
    """Leave out the hours of the day by themselves, and what only they explain: `cover-gaps` asks about these."""
    hours = [t for t in tests if set(t.scope) == {"part_of_day"}]
    echoes = [dict(s) for t in hours for s in t.explains]
    return [t for t in tests if t not in hours and dict(t.scope) not in echoes]
