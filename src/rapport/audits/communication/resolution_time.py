"""Are problems solved in good time, and which have begun to take longer?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Times
from rapport.core.outcome import Looked, Outcome, Score, Status, Test
from rapport.core.words import duration, grouped, month, opening, place, share
from rapport.measures.cells import Cells, TimeCells
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change
from rapport.measures.since import lasting, tested_by
from rapport.measures.targets import solution_limit
from rapport.measures.waits import curve_over, still_waiting
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.survival import Curve

LEAST = 0.05
PLACES = (("team",), ("topic",))


@audit(
    question="Are problems solved in good time?",
    criteria="Each team and topic solves about as many tickets in time as all the others, each channel as before.",
    source="a declared promise or policy for resolution_hours, else the company's own tickets",
    least_effect=LEAST,
    unit="share",
    inputs={
        "in_time": Breakdown(
            "resolutions",
            "in_time",
            by=(
                *PLACES,
                ("team", "topic"),
                ("channel", "team"),
                ("channel", "topic"),
                ("month",),
                ("team", "month"),
                ("topic", "month"),
                ("channel", "month"),
                ("team", "topic", "month"),
                ("team", "channel", "month"),
                ("channel", "topic", "month"),
            ),
        ),
        "first": Times("resolutions", "first_seconds", "first_ended", by=(("team",), ("topic",), ("channel",))),
        "full": Times(
            "resolutions",
            "full_seconds",
            "full_ended",
            by=(
                ("team",),
                ("topic",),
                ("channel",),
                ("team", "topic"),
                ("month",),
                ("team", "month"),
                ("topic", "month"),
                ("channel", "month"),
            ),
        ),
    },
    needs=("tickets.resolved_at|tickets.first_resolved_at",),
    defect="one topic takes twice as long since March",
    owner="Support",
)
def resolution_time(in_time: Cells, first: TimeCells, full: TimeCells, facts: Facts) -> Outcome:
    """Ask how long it takes until a problem is solved, for the first time and for good.

    What it asks
        Whether problems are solved in good time; which team or topic takes longer than the others, and which team,
        topic or channel has begun to take longer than it used to.

    Why it matters
        An answer is not a solution. Customers remember how long the problem lasted, and a topic that slowly takes
        longer hides in an average over all topics.

    How it is measured
        The share of tickets solved for good within a target: the promise or policy you declared for resolution_hours,
        else the time within which three quarters of the solved tickets of the same channel were solved (in working time
        where you declared a calendar). Open tickets count as missed once they are older than the target; younger ones
        are left out, solved or not. Medians to the first and to the final solution are Kaplan–Meier medians over all
        hours: an open ticket is a wait that has not ended. Cells are tested against all others, and each team, topic
        and channel against its own past net of what the others did; the month since when is the one that fits best, its
        p-value multiplied by the months tried. Five points are the least effect worth acting on: one customer in twenty
        more who waits longer than three quarters used to. A change that another one explains (a team's, because one
        topic of it slowed) is listed under that one.

    How it is scored
        The share solved in time, with its interval.

    What to do
        Follow ten tickets of the slow kind from opening to solution and mark where they lay; most of the time is
        waiting, not work.

    When it is wrong
        A team that has one topic alone cannot be told from it, and is looked at as the topic. Topics differ by nature:
        that one always took longer than the others is called an opportunity, that it takes longer than it used to, a
        nonconformity. Wrong where tickets are closed by a clock, or where an old problem is opened as a new ticket.

    References
        Zendesk, "About native Support time duration metrics" (first and full resolution time); Kaplan & Meier (1958),
        JASA 53:457.
    """
    limit = solution_limit(facts)
    single = _single_topics(in_time)

    def say(d: Difference) -> tuple[str, str]:
        medians = _against(full.curve(d.scope), full.curve(), "overall", "for good")
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of problems are solved {limit}, "
            f"elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} tickets were solved {limit}; of all others {share(d.baseline)}."
            + medians
            + _against(first.curve(d.scope), first.curve(), "overall", "for the first time"),
        )

    def say_change(c: Change) -> tuple[str, str]:
        months = sorted({s["month"] for s in full.along("month")})
        after = curve_over(full, c.scope, [m for m in months if m >= c.since])
        before = curve_over(full, c.scope, [m for m in months if m < c.since])
        return (
            f"{opening(place(c.scope))}: since {month(c.since)}, {share(c.value)} of problems are solved {limit}, "
            f"before {share(c.baseline)}{_times_as_long(after, before)}",
            f"{share(c.value)} of {grouped(c.n)} tickets opened since {month(c.since)} were solved {limit}; "
            f"before {share(c.baseline)}." + _against(after, before, "before", "for good"),
        )

    yardstick = Yardstick("in_time", LEAST, "higher", "share", say, binary=True)
    apart = _without_twins(in_time, single)
    compared = against_rest(tested_by(apart, *PLACES), yardstick)
    changed = lasting(apart, (("topic",), ("team",), ("channel",), ()), yardstick, say_change)
    overall = mean(in_time.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of problems are solved {limit}; half are solved within "
        f"{_half(full.curve())}, for the first time within {_half(first.curve())}.",
        tests=(*(_by_nature(t) for t in compared.tests), *changed),
        score=Score.of_good(overall),
        short=compared.short,
        chart=still_waiting(full.curve(), "Not solved yet"),
    )


def _single_topics(cells: Cells) -> frozenset[str]:
    """Return the teams that have one topic, all of it: the two cannot be told apart, and count as the topic."""
    found = set()
    for scope, both in cells.along("team", "topic"):
        team, topic = cells.get({"team": scope["team"]}), cells.get({"topic": scope["topic"]})
        if team is not None and topic is not None and min(both.n / team.n, both.n / topic.n) > 0.98:
            found.add(scope["team"])
    return frozenset(found)


def _without_twins(cells: Cells, teams: frozenset[str]) -> Cells:
    kept = {k: m for k, m in cells.cells.items() if dict(k).get("team") not in teams}
    return replace(cells, cells=kept)


def _by_nature(test: Test) -> Test:
    """Call it an opportunity, not a fault, that a topic takes longer than the others."""
    if "topic" in test.scope and test.status is Status.NONCONFORMING:
        return replace(test, status=Status.OPPORTUNITY)
    return test


def _half(curve: Curve | None) -> str:
    return duration(curve.quantile().value) if curve is not None else "an unknown time"


def _against(own: Curve | None, other: Curve | None, called: str, how: str) -> str:
    if own is None or other is None:
        return ""
    return f" Half of them are solved {how} within {_half(own)}; {called} within {_half(other)}."


def _times_as_long(after: Curve | None, before: Curve | None) -> str:
    """Return the ratio of the medians in words, where it is worth a word."""
    if after is None or before is None:
        return ""
    new, old = after.quantile().value, before.quantile().value
    if not 0 < old < float("inf") or not 1.15 <= new / old < float("inf"):
        return ""
    return f"; half of them take {duration(new)} instead of {duration(old)}"
