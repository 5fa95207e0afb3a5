"""Are customers partners, or do they only buy; and is that changing?"""

from __future__ import annotations

import math

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, share
from rapport.measures.cells import Cells
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.mix_rate import MixRate, mix_and_rate
from rapport.models.moments import Moments
from rapport.models.student import two_sided

LEAST = 0.05
NOW, BEFORE = {"moment": "now"}, {"moment": "a year ago"}
FEWEST = 30
MARKS = ("broad", "two_way", "has_goal")


@audit(
    question="Is the relationship transactional or a partnership?",
    criteria="As many customers are partners (broad, two-way, long, with goals) as were of those known for as long a "
    "year ago.",
    source="the company's own customers a year ago",
    least_effect=LEAST,
    unit="share",
    inputs={
        "partner": Breakdown("relationship_types", "partner", by=(("moment",), ("moment", "tenure_band"))),
        "transactional": Breakdown("relationship_types", "transactional", by=(("moment",),)),
        **{mark: Breakdown("relationship_types", mark, by=(("moment", "tenure_band"),)) for mark in MARKS},
    },
    needs=(
        "customers.created_at",
        "order_lines.product_id|usage.feature",
        "tickets.first_reply_at|messages.sent_at|feedback.answered_at|touches.replied_at",
    ),
    optional={"has_goal"},
    defect="partners turn into one-off buyers",
    owner="Customer success",
)
def relationship_depth(
    partner: Cells, transactional: Cells, broad: Cells, two_way: Cells, has_goal: Cells | None, facts: Facts
) -> Outcome:
    """Ask how deep the relationships are and whether they are getting shallower.

    What it asks
        How many customers are partners: known for a year, using or buying several things, in a conversation with you,
        with goals agreed; how many only buy; and whether there are fewer partners than a year ago.

    Why it matters
        A customer with one product, no conversation and no goal changes supplier for a few per cent. Revenue may stand
        still for a year while partners turn into occasional buyers; then it falls at once.

    How it is measured
        Each customer of today and each of a year ago gets up to four marks, from what was known at that moment and
        the twelve months before it: known for a year; as broad as half of the customers were a year ago, and in at
        least two categories or features; as many exchanges as half of them had (questions answered, surveys answered,
        contacts replied to); a goal that was reached or is not yet due. Marks that the record cannot know for both
        moments are left out. Partners have more than seven in ten of the marks, transactional customers at most 35 in
        100. A company that grows has more young customers, who are no partners yet: the change is split into that mix
        and the change among customers known for as long, and only the second is tested.

    How it is scored
        The percentage of today's customers of at least a year who are partners.

    What to do
        Look at what partners lost first (breadth, conversation or goals), and speak with twenty of them who fell back.

    When it is wrong
        Where categories were renamed in between; where the help desk or the surveys changed so much that conversations
        are counted otherwise. A customer who needs but one thing is no worse for it: read the change, not the level.

    References
        Kotler's levels of relationship; conventions of the field, 3.13; Kitagawa (1955), JASA 50:1168, for the split.
    """
    sides = [_bands(partner, moment) for moment in (BEFORE, NOW)]
    both = [band for band in sides[1] if band in sides[0]]
    if not both or min(_rows(sides[0], both), _rows(sides[1], both)) < FEWEST:
        return NotAssessable(
            "To see how relationships change it takes two years of the record, and 30 customers both now and a year "
            "ago of whom it is known since when they are customers.",
            ("customers.created_at",),
            2 * FEWEST,
        )
    split = _split(sides[0], sides[1])
    today, transacting = _share_of(partner, NOW), _share_of(transactional, NOW)
    old = _old(sides[1])
    lost = _lost({"breadth": broad, "conversation": two_way, "goals": has_goal})
    return Looked(
        headline=f"{share(today.value)} of the customers are partners and {share(transacting.value)} only buy; a year "
        f"ago it was {share(_share_of(partner, BEFORE).value)} and {share(_share_of(transactional, BEFORE).value)}.",
        tests=tuple(_test(split, partner, status, lost) for status in (Status.NONCONFORMING, Status.GOOD_PRACTICE)),
        score=Score.of_good(mean(old, binary=True)) if old.n >= FEWEST else None,
        notes=(_told(split), lost),
        chart=_chart(sides),
    )


def _bands(cells: Cells, moment: dict[str, str]) -> dict[str, Moments]:
    """Return the customers of one moment by how long they had been known."""
    found = cells.along("moment", "tenure_band")
    return {scope["tenure_band"]: m for scope, m in found if scope["moment"] == moment["moment"]}


def _rows(side: dict[str, Moments], bands: list[str]) -> float:
    return sum(side[band].n for band in bands)


def _share_of(cells: Cells, moment: dict[str, str]) -> Interval:
    found = cells.get(moment)
    return mean(found, binary=True) if found is not None else Interval(math.nan, None, None, 0)


def _old(side: dict[str, Moments]) -> Moments:
    """Return today's customers of at least a year; each customer stands in one band only."""
    kept = [m for band, m in side.items() if not band.startswith("under")]
    sums = [sum(getattr(m, name) for m in kept) for name in ("n", "s", "g", "nn", "ss", "ns")]
    return Moments(sums[0], sums[1], int(sums[2]), *sums[3:])


def _split(before: dict[str, Moments], after: dict[str, Moments]) -> MixRate:
    """Return the change of the share of partners, split into who is a customer and what customers of like tenure do."""

    def errors(side: dict[str, Moments]) -> dict[str, float]:
        shares = {band: (m.s + 1) / (m.n + 2) for band, m in side.items()}
        return {band: math.sqrt(p * (1 - p) / (side[band].n + 2)) for band, p in shares.items()}

    means = [{band: (m.n, m.mean) for band, m in side.items()} for side in (before, after)]
    return mix_and_rate(means[0], means[1], errors(before), errors(after))


def _test(split: MixRate, partner: Cells, status: Status, lost: str) -> Test:
    now, before = _share_of(partner, NOW), _share_of(partner, BEFORE)
    worse = status is Status.NONCONFORMING
    half = two_sided(0.95) * split.rate_se
    expected = now.value - split.rate
    fewer = "fewer" if split.rate < 0 else "more"
    moved = abs(round(split.rate * now.n))
    change = f"{share(abs(split.rate) / expected)} {fewer}" if expected > 0 else fewer
    return Test(
        scope={},
        status=status,
        p_value=p_beyond(split.rate, split.rate_se, LEAST, -1 if worse else 1),
        value=now,
        effect=Interval(split.rate, split.rate - half, split.rate + half, now.n + before.n),
        baseline=expected,
        n=now.n,
        customers=now.n,
        title=f"{share(now.value)} of your customers are partners; of customers known for as long a year ago it was "
        f"{share(expected)}",
        statement=f"Of {grouped(now.n)} customers today {share(now.value)} are partners in breadth, length, "
        f"conversation and goals: {change} than customers known for as long were a year ago. {lost}",
        input="partner",
        shrunk=split.rate,
        within=is_within(min(split.rate, 0.0) if worse else split.rate, split.rate_se, LEAST),
        detectable=detectable(split.rate_se, LEAST),
        cause=Cause(
            "not_established",
            "The record shows which marks were lost, not why.",
            (Alternative("other customers: more young or more old ones", _told(split)),),
        )
        if worse
        else None,
        consequence=Consequence(moved, None, ("customers who would be partners if nothing had changed in a year",))
        if worse and split.rate < 0
        else None,
    )


def _told(split: MixRate) -> str:
    """Say how much of the change is another mix of customers."""

    def points(value: float) -> str:
        sign = "+" if value > 0 else ""
        return f"{sign}{grouped(100 * value, 1)}"

    return (
        f"The share of partners changed by {points(split.total)} points in a year: {points(split.mix)} because of who "
        f"is a customer and for how long, {points(split.rate)} among customers known for as long."
    )


def _lost(marks: dict[str, Cells | None]) -> str:
    """Say how each mark moved among customers known for as long."""
    said = []
    for name, cells in marks.items():
        sides = [] if cells is None else [_bands(cells, moment) for moment in (BEFORE, NOW)]
        if all(sum(m.n for m in side.values()) >= FEWEST for side in sides) and sides:
            rate = _split(sides[0], sides[1]).rate
            said.append(f"{name} {'+' if rate > 0 else ''}{grouped(100 * rate, 1)}")
    return f"The marks, in points among customers known for as long: {', '.join(said)}." if said else ""


def _chart(sides: list[dict[str, Moments]]) -> Chart:
    bars = []
    for band in sorted({*sides[0], *sides[1]}, key=lambda b: (not b.startswith("under"), b)):
        for name, side, marked in (("a year ago", sides[0], False), ("now", sides[1], True)):
            if band in side and side[band].n >= FEWEST:
                i = mean(side[band], binary=True)
                bars.append(Bar(f"{band} · {name}", i.value, i.low, i.high, i.n, marked))
    return Chart("dots", "Share of partners by how long customers have been known", "share", tuple(bars))
