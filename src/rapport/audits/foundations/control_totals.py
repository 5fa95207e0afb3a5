"""Do the record's totals agree with those counted elsewhere, and with each other?"""

from __future__ import annotations

import math

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Doubt, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, money, opening, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.doubling import LEAST, behind, doubled
from rapport.measures.trust import CERTAIN, cap
from rapport.measures.twins import Repeats
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond

UNPAID = 0.02
PLACES = (("source",), ("channel",))


@audit(
    question="Do the totals reconcile?",
    criteria="Each declared total is met to five in a thousand; fewer than five in a thousand orders are there twice; "
    "payments are what was charged for all but two in a hundred paid orders.",
    source="[control_totals] in rapport.toml; the record itself",
    least_effect=LEAST,
    unit="share",
    inputs={
        "totals": Sums("record_totals", (("value", "SUM(value)"),), by=(("total",),)),
        "minute": Breakdown("order_twins", "twin_minute", by=PLACES),
        "hour": Breakdown("order_twins", "near_hour", by=PLACES),
        "same_day": Breakdown("order_twins", "twin_day", by=PLACES),
        "week": Breakdown("order_twins", "near_week", by=PLACES),
        "amounts": Sums(
            "order_twins",
            (
                ("timed", "AVG(CASE WHEN timed THEN 1.0 ELSE 0.0 END)"),
                ("minute", "SUM(amount) FILTER (WHERE twin_minute)"),
                ("day", "SUM(amount) FILTER (WHERE twin_day)"),
            ),
        ),
        "differs": Breakdown("order_payments", "differs"),
    },
    optional={"minute", "hour", "same_day", "week", "amounts", "differs"},
    defect="4 % of the orders are there twice under new ids",
    owner="Data",
)
def control_totals(
    totals: Totals,
    minute: Cells | None,
    hour: Cells | None,
    same_day: Cells | None,
    week: Cells | None,
    amounts: Totals | None,
    differs: Cells | None,
    facts: Facts,
) -> Outcome:
    """Ask whether the record adds up: against totals counted elsewhere, orders against themselves, against payments.

    What it asks
        Whether declared totals are met, whether orders are there twice under different ids, and whether what was paid
        is what was charged.

    Why it matters
        Doubled rows raise revenue and loyalty alike: everybody looks like a returning customer. A total counted by
        somebody else is the one check that the record cannot pass by agreeing with itself.

    How it is measured
        Declared totals are compared as they are; the difference is a fact, its p-value 0 by definition beyond the least
        effect. Orders of one customer with the same amount and the same lines within a minute are counted (on the same
        day, where orders carry no time), and what chance and habit bring is taken off: the rate in the hour (the week)
        around. The rest is the estimate of doubled orders, with rows of one customer kept together. Paid orders are
        compared with their payments one by one.

    How it is scored
        100 less the largest relative difference, in hundredths.

    What to do
        Load the doubled file once; where the ids differ, ask which system gave the orders new ones.

    When it is wrong
        Where customers really place several equal orders within a minute; where a declared total leaves out what the
        record has (cancelled orders and failed payments are tried both ways).

    References
        AICPA AU-C 500 (reconciliation to control totals).
    """
    tests = [_declared(name, target, totals, facts) for name, target in sorted(facts.declared.control_totals.items())]
    found = None
    if amounts is not None and None not in (minute, hour, same_day, week):
        found = _twins(minute, hour) if float(amounts.total["timed"] or 0) > 0.5 else _twins(same_day, week, daily=True)
        tests += behind(doubled(found, amounts, facts), tests)
    if differs is not None:
        tests.append(_unpaid(differs))
    if not tests:
        return NotAssessable("No control totals are declared, and there are no orders of known customers.", ("orders",))
    echoes = [dict(scope) for t in tests for scope in t.explains]
    off = [t for t in tests if t.p_value < CERTAIN and dict(t.scope) not in echoes]
    worst = max((abs(t.effect.value) for t in tests if t.p_value < CERTAIN), default=0.0)
    score = 100 * max(0.0, 1 - worst)
    return Looked(
        headline=off[0].title + "." if off else _agreed(len(tests)),
        tests=tuple(tests),
        score=Score(score, score, score),
        doubts=tuple(Doubt(_table(t), cap(abs(t.effect.value)), f"{t.title}.") for t in off),
        notes=() if facts.declared.control_totals else ("No totals counted elsewhere are declared.",),
    )


def _agreed(totals: int) -> str:
    return "One total was compared, and it agrees." if totals == 1 else f"{grouped(totals)} totals agree, all compared."


def _table(test: Test) -> str:
    return test.scope.get("table") or test.scope.get("total", "orders_").rsplit("_", 1)[0]


def _declared(name: str, target: float, totals: Totals, facts: Facts) -> Test:
    """Return the comparison of a declared total with the record; of two ways to count it the closer one."""
    known: dict[str, float | None] = {
        scope["total"]: None if v["value"] is None else float(v["value"]) for scope, v in totals.along("total")
    }
    ways = [v for v in (known.get(name), known.get(f"{name}_settled")) if v is not None]
    value = min(ways, key=lambda v: abs(v - target), default=0.0)
    gap = (value - target) / target if target else (1.0 if value else 0.0)
    n = round(known.get(f"{name.rsplit('_', 1)[0]}_count") or 0)
    off = abs(gap) > LEAST
    amount = money if name.endswith("amount") else (lambda x, _: grouped(x))
    said, here = amount(target, facts.currency), amount(value, facts.currency)
    label = opening(name.replace("_", " "))
    title = (
        f"{label}: the record has {here}, {share(abs(gap))} {'more' if gap > 0 else 'less'} than the {said} declared"
    )
    return Test(
        scope={"total": name},
        status=Status.NONCONFORMING,
        p_value=0.0 if off else 1.0,
        value=Interval(value, value, value, n),
        effect=Interval(gap, gap, gap, n),
        baseline=target,
        n=n,
        customers=0,
        title=title if off else f"{label} agrees with the declared total",
        statement=f"Declared are {said}, the record adds up to {here}. Counted, not estimated: p is 0 by definition.",
        input="totals",
        shrunk=gap,
        within=not off,
    )


def _twins(near: Cells | None, control: Cells | None, *, daily: bool = False) -> Repeats:
    assert near is not None
    assert control is not None
    return Repeats(near, control, daily)


def _unpaid(differs: Cells) -> Test:
    value = mean(differs.total, binary=True)
    half = (value.high or 1.0) - (value.low or 0.0)
    se = max(half / 3.92, 1e-9) if value.low is not None else math.inf
    return Test(
        scope={"table": "payments"},
        status=Status.NONCONFORMING,
        p_value=p_beyond(value.value, se, UNPAID, 1),
        value=value,
        effect=Interval(value.value, value.low, value.high, value.n),
        baseline=0.0,
        n=value.n,
        customers=round(differs.total.g * value.value),
        title=f"{share(value.value)} of paid orders were not paid what was charged",
        statement=f"Of {grouped(value.n)} orders with payments on record, {share(value.value)} were paid another "
        "amount than charged, refunds considered.",
        input="differs",
        shrunk=value.value,
        within=is_within(value.value, se, UNPAID),
        detectable=detectable(se, UNPAID),
    )
