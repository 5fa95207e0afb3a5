"""Does a first purchase become a second, and where does it not?"""

from __future__ import annotations

import math
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence, Money
from rapport.core.inputs import Breakdown, Sums, Times
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Test
from rapport.core.words import SIGNS, day, grouped, month, opening, place, share
from rapport.measures.cells import Cells, TimeCells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.05
DAY = 86400.0
WAYS = ("acquisition_channel", "channel", "region")
CURVE = 12
"""Points of the curve that is drawn."""


@audit(
    question="Does a first purchase become a second?",
    criteria="As many first buyers of each acquisition channel, order channel and region buy again as of all others.",
    source="the company's own other first buyers, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "returned": Breakdown(
            "first_orders",
            "returned",
            by=(
                *((w,) for w in WAYS),
                ("acquisition_channel", "channel"),
                ("acquisition_channel", "region"),
                ("channel", "region"),
                ("month",),
                *((w, "month") for w in WAYS),
                ("acquisition_channel", "channel", "month"),
                ("acquisition_channel", "region", "month"),
                ("channel", "region", "month"),
            ),
            where="is_first",
        ),
        "until": Times("first_orders", "came_back_seconds", "came_back", where="is_first"),
        "rhythm": Sums(
            "first_orders",
            (
                ("horizon", "MAX(horizon_days)"),
                ("all", "COUNT(*)"),
                ("known", "COUNT(CASE WHEN is_first THEN 1 END)"),
                ("from", "MIN(CASE WHEN is_first THEN ordered_at END)"),
            ),
        ),
        "later": Breakdown("visits", "amount", where="number > 1"),
    },
    optional={"later"},
    needs=("orders.customer_id",),
    defect="one acquisition channel's buyers never return",
    owner="Marketing",
)
def repeat_purchase(returned: Cells, until: TimeCells, rhythm: Totals, later: Cells | None, facts: Facts) -> Outcome:
    """Ask how many first buyers come back, and from where they do not.

    What it asks
        Whether those who buy for the first time buy again within the time in which your customers usually do.

    Why it matters
        The second order is where a buyer becomes a customer. A channel whose buyers never return costs its advertising
        every month anew, and its first orders look as good as any other's.

    How it is measured
        The share of first buyers who order on a later day within the horizon: the time within which three quarters of
        your customers who come back do so. Only first orders at least that old count, so that nobody is counted as lost
        for being young. Each channel and region is tested against all other first buyers, and each against its own
        earlier months, net of what all the others did; the company as a whole against the same months of other years.

    How it is scored
        The share who bought again within the horizon, with its interval.

    What to do
        Look at what the buyers of the poor channel were promised and what they bought; compare its cost with what its
        buyers bring in a year, not with their first order.

    When it is wrong
        The first order in a file is not a customer's first order: where it is not known when a customer was created,
        first orders within three typical gaps of the beginning of the record are left out. Where one person orders
        under several ids, returns are missed. Goods bought once in years have no second order to wait for.

    References
        Kaplan & Meier (1958), JASA 53:457, for the curve; Fader & Hardie (2009), J. Interactive Marketing 23:61.
    """
    known, everyone = int(rhythm.total["known"] or 0), int(rhythm.total["all"] or 0)
    if not returned.total.n:
        return NotAssessable(
            f"None of {grouped(everyone)} first orders in the record is known to be a customer's first and old enough "
            "to say whether it became a second.",
            ("customers.created_at",),
        )
    horizon = f"{rhythm.total['horizon']:.0f} days"

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of first buyers buy again within {horizon}, "
            f"elsewhere {share(d.baseline)}",
            f"Of {grouped(d.n)} first buyers {share(d.value)} ordered again within {horizon}; "
            f"of all others {share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{opening(place(c.scope))}: since {month(c.since)}, {share(c.value)} of first buyers buy again within "
            f"{horizon}, before {share(c.baseline)}",
            f"Of {grouped(c.n)} who bought first since {month(c.since)}, {share(c.value)} ordered again within "
            f"{horizon}; before it was {share(c.baseline)}.",
        )

    yardstick = Yardstick("returned", LEAST, "higher", "share", say, binary=True)
    level = against_rest(_without_months(returned), yardstick)
    parts = halves(lasting(returned, [(w,) for w in WAYS], yardstick, say_change), returned, yardstick)
    tests = level.tests + beside(parts, since_when(returned, yardstick, say_change), returned, yardstick)
    overall = mean(returned.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of first buyers buy again within {horizon}.",
        tests=tuple(_valued(t, later, facts) for t in tests),
        score=Score.of_good(overall),
        short=level.short,
        notes=_left_out(everyone - known, rhythm, known),
        chart=_curve(until, float(rhythm.total["horizon"])),
    )


def _without_months(cells: Cells) -> Cells:
    """Return the cells that are compared with each other: a month is compared with its past, not with other months."""
    return Cells(cells.total, cells.cells, tuple(names for names in cells.by if "month" not in names))


def _left_out(count: int, rhythm: Totals, known: int) -> tuple[str, ...]:
    if not count:
        return ()
    until = f" (before {day(rhythm.total['from'])})" if known and rhythm.total["from"] else ""
    return (
        f"{grouped(count)} first orders near the record's beginning{until} may be old customers' and are left out.",
    )


def _valued(test: Test, later: Cells | None, facts: Facts) -> Test:
    """Say what the missing second orders would have brought."""
    if later is None or not later.total.n or test.status.value == "good_practice":
        return test
    margin = facts.declared.economics.gross_margin
    each = later.total.mean * margin
    low, high = test.effect.low, test.effect.high

    def worth(effect: float) -> float:
        return max(0.0, -effect) * test.n * each

    value = Money(worth(high), worth(test.effect.value), worth(low)) if low is not None and high is not None else None
    counted = "at the declared margin" if facts.declared.economics.declared else "as revenue: no margin is declared"
    average = f"{SIGNS.get(facts.currency, facts.currency)} {grouped(later.total.mean, 2)}".strip()
    assumptions = (
        f"one missing second order each, worth what a later order brings on average ({average}), {counted}",
        "the buyers of this place could have been like the others",
    )
    missing = round(max(0.0, -test.effect.value) * test.n)
    return replace(test, consequence=Consequence(missing, value, assumptions))


def _curve(until: TimeCells, horizon: float) -> Chart | None:
    """Return the share that has come back by each age of the first order, up to six horizons."""
    curve = until.curve()
    if curve is None:
        return None
    bars = []
    for i in range(1, CURVE + 1):
        age = horizon * i / 2
        waiting = curve.at(age * DAY)
        if not math.isnan(waiting):
            error = 1.96 * curve.se_at(age * DAY)
            value = 1 - waiting
            bars.append(Bar(f"{age:.0f} days", value, max(0.0, value - error), min(1.0, value + error), curve.n))
    return Chart("step", "Share of first buyers who have bought again, by days since", "share", tuple(bars))
