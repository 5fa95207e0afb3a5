"""Are other customers coming than those the company grew with, and what does that do to what they bring?"""

from __future__ import annotations

import math

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.drift import Drift, drift_of
from rapport.measures.drift_said import NAMES, WORTH, Story, consequence_said, on_average, signed, split_said
from rapport.models.least_effect import detectable

LEAST = 0.10
WAYS = ("basket", "acquisition_channel", "channel", "region", "plan", "segment")
FEWEST = 60
"""New customers on either side, below which no mix is compared."""


@audit(
    question="Are we growing away from our original customer base?",
    criteria="New customers are made up as in the same season of the earliest year on record: the population stability "
    "index of no column is beyond 0.1 by more than chance; above all no shift that lowers what they bring on average.",
    source="the company's own earlier new customers",
    least_effect=LEAST,
    unit="score",
    inputs={
        "newer": Breakdown("new_base", "newer", by=tuple((w,) for w in WAYS)),
        "amounts": Sums(
            "new_base",
            (("mean", "AVG(amount)"), ("square", "AVG(amount * amount)"), ("customers", "COUNT(amount)")),
            by=(("newer",), *(("newer", w) for w in WAYS)),
        ),
        "meant": Sums(
            "new_base",
            (
                ("kind", "MIN(kind)"),
                ("window", "MAX(window_days)"),
                ("back", "MAX(back_days)"),
                ("same_season", "MIN(CASE WHEN same_season THEN 1 ELSE 0 END)"),
            ),
        ),
    },
    needs=("orders.customer_id|subscriptions.customer_id",),
    defect="new small-basket buyers; every segment itself improves",
    owner="Marketing",
)
def base_drift(newer: Cells, amounts: Totals, meant: Totals, facts: Facts) -> Outcome:
    """Ask whether other customers come than did, and what that does to the average.

    What it asks
        Whether new customers are made up as those of the beginning were: by what they begin with, where they come from,
        where they are, what they choose; and whether a moved average is the mix or the customers themselves.

    Why it matters
        Growth can come from customers for whom the company was not made. The average then falls although every kind of
        customer spends as much as ever or more, and whoever looks at the average mends what is not broken.

    How it is measured
        The newest half-year's new customers against those of the same days in the earliest year on record. For each
        column the population stability index, Σ(p − q)·ln(p/q), tested against 0.1 with the noncentral χ² law it
        follows, so that few customers raise no alarm and many let no drift pass. Kinds with fewer than ten customers
        expected on a side are counted together. A drift is placed at the kind that grew most. The average first order
        (or monthly price) is split into mix, because other customers came, and rate, because the same kind brings more
        or less (Kitagawa). A drift whose mix lowers the average by three percent or more misses the criterion; one that
        raises it as much is good practice; any other is an opportunity: new customers whom you do not know yet.

    How it is scored
        100 less the largest index in hundredths times two: 0 without drift, 0.1 gives 80, 0.5 gives 0.

    What to do
        Ask ten of the new kind what they came for, and decide whether they are wanted before serving them like others.

    When it is wrong
        Where a column is filled in another way than it was (a new form, a new shop system). Where a drift is the plan.
        Where the first order in the record is not the customer's first: these are left out. Segments are of today.

    References
        Yurdakul (2018), WMU dissertation 3208; du Pisanie et al. (2023), arXiv:2303.01227; Kitagawa (1955), JASA
        50:1168; Simpson (1951), JRSS B 13:238.
    """
    then, now = newer.total.n - newer.total.s, newer.total.s
    if min(then, now) < FEWEST:
        return NotAssessable(
            f"{grouped(now)} new customers lately and {grouped(then)} in the time they are compared with; it takes "
            f"{FEWEST} on either side.",
            ("orders or subscriptions",),
            FEWEST,
        )
    story = Story(meant.total, facts.currency)
    drifts = [
        d for d in (drift_of(column, newer, amounts) for column in WAYS if (column,) in newer.by) if d is not None
    ]
    tests = [t for d in drifts for t in _tests(d, story)]
    widest = min(drifts, key=lambda d: d.index.p_beyond(LEAST), default=None)
    return Looked(
        headline=_headline(amounts, drifts, story),
        tests=tuple(tests),
        score=_score(drifts),
        notes=(f"{grouped(now)} new customers {story.now} and {grouped(then)} {story.then} are compared.",),
        chart=_shares(widest) if widest is not None else None,
    )


def _tests(d: Drift, story: Story) -> list[Test]:
    low, high = d.index.interval()
    value = Interval(d.index.index, low, high if math.isfinite(high) else None, d.index.n[1])
    effect = on_average(d)
    status = (
        Status.NONCONFORMING if effect <= -WORTH else Status.GOOD_PRACTICE if effect >= WORTH else Status.OPPORTUNITY
    )
    scope = {d.column: d.grown}
    p, certain = d.index.p_beyond(LEAST), d.index.limit
    before, after = share(d.share(d.grown, now=False)), share(d.share(d.grown, now=True))
    where = opening(place(scope))
    statement = (
        f"{where}: {after} of new customers {story.now}, {before} {story.then}. The stability index by "
        f"{NAMES[d.column]} is {grouped(d.index.index, 2)}; without any change chance exceeds {grouped(certain, 3)} "
        f"once in twenty.{split_said(d, story)}"
    )
    found = Test(
        scope=scope,
        status=status,
        p_value=p,
        value=value,
        effect=value,
        baseline=0.0,
        n=d.index.n[1],
        customers=round(d.kinds[d.grown].now),
        title=f"{where}: {after} of new customers, {before} {story.then}{consequence_said(d, story, effect)}",
        statement=statement,
        input="newer",
        shrunk=_without_chance(d),
        within=math.isfinite(high) and d.index.interval(0.90)[1] <= LEAST,
        detectable=_detectable(d),
        same_season=story.seasonal,
        cause=_why(d, story),
        chart=_shares(d),
    )
    return [found]


def _without_chance(d: Drift) -> float:
    """Return the index less what chance alone adds to it on average."""
    return max(0.0, d.index.index - (d.index.bins - 1) * d.index.scale)


def _detectable(d: Drift) -> float:
    """Return the drift that would have been seen in four of five cases, by the normal law of large indices."""
    df, steps = d.index.bins - 1, LEAST / d.index.scale
    return detectable(d.index.scale * math.sqrt(2 * (df + 2 * steps)), LEAST)


def _why(d: Drift, story: Story) -> Cause:
    tried = [Alternative("chance", f"the index would be below {grouped(d.index.limit, 3)} in 19 of 20 such samples")]
    if d.split is not None and d.column != "basket":
        rate = f"{signed(d.split.rate, story)} of {signed(d.split.total, story)}; the rest is the mix"
        tried.append(Alternative("the same kind of customer brings more or less", rate))
    if story.seasonal:
        tried.append(Alternative("the season", "the same days of the year are compared"))
    return Cause("not_established", "The record shows who comes now, not why they do.", tuple(tried))


def _headline(amounts: Totals, drifts: list[Drift], story: Story) -> str:
    means = {s["newer"]: v["mean"] for s, v in amounts.along("newer")}
    known = [x for x in (means.get("false"), means.get("true")) if x is not None]
    certain = [d for d in drifts if d.index.p_value < 0.05 and d.index.index > LEAST]
    moved = " and ".join(NAMES[d.column] for d in certain)
    mix = (
        f"New customers are made up differently than {story.then}, by {moved}"
        if certain
        else (f"New customers are made up much as {story.then}")
    )
    if len(known) < 2:
        return f"{mix}."
    then, now = (story.amount(float(x)) for x in known)
    return f"{mix}; their average {story.begins_with} is {now}, it was {then}."


def _score(drifts: list[Drift]) -> Score | None:
    if not drifts:
        return None
    d = max(drifts, key=lambda one: one.index.interval()[0])

    def of(index: float) -> float:
        return max(0.0, 100 - 200 * index)

    low, high = d.index.interval()
    return Score(of(min(max(_without_chance(d), low), high)), of(high), of(low))


def _shares(d: Drift) -> Chart:
    """Return each kind's share now, and then: what was then is marked."""
    bars = []
    for name in sorted(d.kinds):
        bars.append(Bar(f"{name} · now", d.share(name, now=True), n=round(d.kinds[name].now), marked=name == d.grown))
        bars.append(Bar(f"{name} · then", d.share(name, now=False), n=round(d.kinds[name].then)))
    return Chart("dots", f"New customers by {NAMES[d.column]}, now and then", "share", tuple(bars))
