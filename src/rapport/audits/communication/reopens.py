"""Do solved problems stay solved?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Breakdown, Times
from rapport.core.outcome import Looked, Outcome, Score, Status, Test
from rapport.core.words import duration, grouped, month, opening, place, share
from rapport.measures.cells import Cells, TimeCells
from rapport.measures.compare import against_rest, dots
from rapport.measures.onset import Change
from rapport.measures.since import lasting, tested_by
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.mix_rate import mix_and_rate

LEAST = 0.03
SETTLED = "settled"
FASTER = 0.8


@audit(
    question="Do solved problems stay solved?",
    criteria="Of what a team or topic calls solved, about as little comes back as of all the others', and as before.",
    source="the company's own other teams and topics",
    least_effect=LEAST,
    unit="share",
    inputs={
        "reopened": Breakdown(
            "resolutions",
            "reopened",
            by=(
                ("team",),
                ("topic",),
                ("channel",),
                ("team", "topic"),
                ("channel", "team"),
                ("channel", "topic"),
                ("month",),
                ("team", "month"),
                ("topic", "month"),
                ("team", "topic", "month"),
            ),
            where=SETTLED,
        ),
        "first": Times("resolutions", "first_seconds", "first_ended", by=(("team",),), where=SETTLED),
    },
    needs=("tickets.reopens|tickets.first_resolved_at",),
    defect="one team closes tickets before they are solved",
    owner="Support",
)
def reopens(reopened: Cells, first: TimeCells, facts: Facts) -> Outcome:
    """Ask how many of the problems that were called solved come back.

    What it asks
        What share of solved tickets is opened again; in which team, topic or channel; since when.

    Why it matters
        A ticket closed too early counts as quick work twice, and costs the customer's trust once. Teams that are
        measured by tickets closed learn it first.

    How it is measured
        The share reopened of tickets first solved at least fourteen days before the cut-off, so that each had time to
        come back; where a source empties the solution of a ticket that is open again, its opening counts. Each team,
        topic and channel is tested against all others, rows of one customer kept together, and teams and topics against
        their own past. Three points are the least effect worth acting on: about as many as an honest desk sees at all.
        Where a team stands out, two explanations are tried beside haste: that it has the harder topics (its share is
        compared topic by topic), and that its cases are long ones (its time to the first solution).

    How it is scored
        100 less four times the percentage reopened (25 % and more: 0).

    What to do
        Ask before closing, and do not count closings.

    When it is wrong
        Where a customer's "thank you" opens a ticket again; where people open a new one instead (see `repeat-contact`).

    References
        Zendesk, "About native Support time duration metrics" (reopens, first and full resolution).
    """

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of solved problems come back, elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} solved tickets were opened again; of all others {share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{opening(place(c.scope))}: since {month(c.since)}, {share(c.value)} of solved problems come back, before "
            f"{share(c.baseline)}",
            f"{share(c.value)} of {grouped(c.n)} solved tickets opened since {month(c.since)} came back; before "
            f"{share(c.baseline)}.",
        )

    yardstick = Yardstick("reopened", LEAST, "lower", "share", say, binary=True)
    compared = against_rest(tested_by(reopened, ("team",), ("topic",), ("channel",)), yardstick)
    changed = lasting(reopened, (("team",), ("topic",), ()), yardstick, say_change)
    overall = mean(reopened.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of {grouped(overall.n)} solved tickets were opened again.",
        tests=tuple(replace(t, cause=_cause(t, reopened, first)) for t in (*compared.tests, *changed)),
        score=Score(_score(overall.value), _score(overall.high or 1.0), _score(overall.low or 0.0)),
        short=compared.short,
        chart=dots(reopened, {"team": ""}, yardstick) if ("team",) in reopened.by else None,
    )


def _score(back: float) -> float:
    return max(0.0, 100 - 400 * back)


def _cause(test: Test, cells: Cells, first: TimeCells) -> Cause | None:
    """Return what can be said of why a team's tickets come back: the haste and the topics, both looked at."""
    if test.status is Status.GOOD_PRACTICE or set(test.scope) != {"team"} or test.onset is not None:
        return None
    own, everyone = first.curve(test.scope), first.curve()
    if own is None or everyone is None:
        return None
    mine, usual = own.quantile().value, everyone.quantile().value
    times = f"half of its tickets are first solved within {duration(mine)}, overall within {duration(usual)}"
    alternatives = [Alternative("longer cases", f"{times}.")]
    by_topic = _same_topics(test, cells)
    if by_topic is not None:
        alternatives.append(
            Alternative(
                "harder topics", f"Among equal topics the difference is {100 * by_topic:+.1f} points.".replace("-", "−")
            )
        )
    if mine >= FASTER * usual or (by_topic is not None and by_topic <= LEAST):
        return Cause("not_established", "The record shows where, not why.", tuple(alternatives))
    return Cause(
        "hypothesis" if by_topic is None else "supported",
        f"Tickets seem to be closed too early: {times}, and more of them come back.",
        tuple(alternatives),
    )


def _same_topics(test: Test, cells: Cells) -> float | None:
    """Return the team's difference from the others as the part that is not mix of topics; None without topics."""
    team = test.scope["team"]
    mine = {s["topic"]: m for s, m in cells.along("team", "topic") if s["team"] == team}
    if not mine:
        return None
    rest = {s["topic"]: m for s, m in cells.along("topic")}
    others = {
        k: (m.n - mine[k].n, (m.s - mine[k].s) / (m.n - mine[k].n)) if k in mine else (m.n, m.mean)
        for k, m in rest.items()
        if k not in mine or m.n > mine[k].n
    }
    common = mine.keys() & others.keys()
    if sum(others[k][0] for k in common) < 30:
        return None
    return mix_and_rate({k: others[k] for k in common}, {k: (mine[k].n, mine[k].mean) for k in common}).rate
