"""How many subscribers leave in a month, from which plan, and what do they take with them?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence, Money
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change, monthly
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.005
WAYS = ("plan", "region", "acquisition_channel")


@audit(
    question="How many leave, and what do they take?",
    criteria="Each plan, region and acquisition channel loses about as many customers a month as the others, and as "
    "before.",
    source="the company's own other subscribers, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "lost": Breakdown(
            "subscription_months",
            "lost",
            by=(
                *((w,) for w in WAYS),
                ("plan", "region"),
                ("plan", "acquisition_channel"),
                ("region", "acquisition_channel"),
                ("month",),
                *((w, "month") for w in WAYS),
                ("plan", "region", "month"),
                ("plan", "acquisition_channel", "month"),
                ("region", "acquisition_channel", "month"),
            ),
        ),
        "unpaid": Breakdown(
            "subscription_months",
            "lost_by_payment",
            by=(*((w,) for w in WAYS), ("month",), *((w, "month") for w in WAYS)),
        ),
        "money": Sums(
            "subscription_months",
            (
                ("start", "SUM(CASE WHEN months_ago < 12 THEN start_mrr ELSE 0 END)"),
                ("gone", "SUM(CASE WHEN months_ago < 12 THEN churned_mrr + contraction_mrr ELSE 0 END)"),
                ("each", "CAST(SUM(start_mrr) AS DOUBLE) / NULLIF(SUM(CASE WHEN at_start THEN 1 ELSE 0 END), 0)"),
            ),
            by=(*((w,) for w in WAYS), ("currency",)),
        ),
    },
    optional={"lost", "unpaid", "money"},
    defect="churn doubles in one plan",
    owner="Customer success",
)
def churn(lost: Cells | None, unpaid: Cells | None, money: Totals | None, facts: Facts) -> Outcome:
    """Ask how many subscribers leave in a month, where, and since when.

    What it asks
        Which share of the subscribers who were there when a month began was gone at its end, by plan, region and
        acquisition channel, and whether it changed.

    Why it matters
        A churn of two percent a month is a fifth of the customers a year; doubled in one plan, it eats what that plan's
        sales win. The total hides it as long as the other plans hold.

    How it is measured
        Customers whose paid subscriptions all ended within a month, as a share of those who had one when it began. A
        change of plan is no loss, nor is who joined within the month; coming back later is a reactivation, not a
        correction. The end is when a period ended, not when it was cancelled; a price of 0 is no subscription. Each
        cell is tested against all others and against its own past, net of all others; the whole company against the
        same months of other years. Losses after a failed payment are told apart.

    How it is scored
        The share that would still be there after twelve such months, with its interval.

    What to do
        Speak with ten customers who left the plan since its churn rose; look at what changed in it then. Losses after a
        failed payment are mended with the payment provider, not with offers.

    When it is wrong
        Where the source keeps only subscriptions that still run, nobody ever leaves. Where it closes a period at every
        renewal and opens the next one more than a day later, renewals look like losses.

    References
        ChartMogul, customer churn rate; Gupta & Lehmann (2003), J. Interactive Marketing 17:9.
    """
    if lost is None or unpaid is None or money is None or not lost.total.n:
        return NotAssessable(
            "Churn is not observed here: the record has no full month of paid subscriptions, and customers without a "
            "contract leave without saying so. It takes subscription periods with their beginning and end; without "
            "contracts, repeat purchase and retention say who comes no more.",
            ("subscriptions",),
        )

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of subscribers leave a month, elsewhere {share(d.baseline)}",
            f"In {grouped(d.n)} customer months {share(d.value)} of the customers left; of all others "
            f"{share(d.baseline)}.{_unpaid(unpaid, d.scope, d.value)}",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
        return (
            f"{where}{since} {share(c.value)} of subscribers leave a month, before {share(c.baseline)}",
            f"In {grouped(c.n)} customer months since {month(c.since)}, {share(c.value)} of the customers left; before "
            f"it was {share(c.baseline)} a month.",
        )

    yardstick = Yardstick("lost", LEAST, "lower", "share", say, binary=True, min_rows=100)
    plain = Cells(lost.total, lost.cells, tuple(names for names in lost.by if "month" not in names))
    level = against_rest(plain, yardstick)
    parts = halves(lasting(lost, [(w,) for w in WAYS], yardstick, say_change), lost, yardstick)
    tests = level.tests + beside(parts, since_when(lost, yardstick, say_change), lost, yardstick)
    overall = mean(lost.total, binary=True)
    series = {scope["month"]: m for scope, m in lost.along("month")}
    return Looked(
        headline=f"{share(overall.value)} of subscribers leave a month{_taken(money)}.",
        tests=tuple(_explained(t, unpaid, money, facts) for t in tests),
        score=Score(_after_a_year(overall.value), _after_a_year(overall.high), _after_a_year(overall.low)),
        short=level.short,
        notes=(f"{share(unpaid.total.mean)} of subscribers a month leave after a failed payment.",),
        chart=replace(monthly(series, yardstick, "all subscribers"), title="Share of subscribers who leave, monthly"),
    )


def _after_a_year(rate: float | None) -> float:
    return 100 * (1 - (rate if rate is not None else 1.0)) ** 12


def _taken(money: Totals) -> str:
    """Say which share of the revenue goes; nothing where there are several currencies, which are never added."""
    start, gone = money.total["start"], money.total["gone"]
    if len(list(money.along("currency"))) > 1 or not start:
        return ""
    return f" and take {share(float(gone) / float(start))} of the monthly revenue (last twelve months)"


def _unpaid(unpaid: Cells, scope: Any, lost: float) -> str:
    part = unpaid.get(scope)
    if part is None or not part.n or not lost:
        return ""
    return f" {share(part.mean / lost)} of the losses followed a failed payment."


def _explained(test: Test, unpaid: Cells, money: Totals, facts: Facts) -> Test:
    """Say how much of a difference failed payments explain, and what the customers lost beyond the others pay."""
    if test.status is Status.GOOD_PRACTICE:
        return test
    return replace(test, cause=_payments(test, unpaid), consequence=_consequence(test, money, facts))


def _payments(test: Test, unpaid: Cells) -> Cause | None:
    if test.onset is not None:
        series = {
            scope["month"]: m
            for scope, m in unpaid.along(*test.scope, "month")
            if all(scope[k] == v for k, v in test.scope.items())
        }
        after = [m for name, m in series.items() if name >= test.onset]
        before = [m for name, m in series.items() if name < test.onset]
        rows = (sum(m.n for m in after), sum(m.n for m in before))
        if not all(rows):
            return None
        difference = sum(m.s for m in after) / rows[0] - sum(m.s for m in before) / rows[1]
    else:
        own, all_ = unpaid.get(test.scope), unpaid.total
        if own is None or all_.n <= own.n:
            return None
        difference = own.mean - (all_.s - own.s) / (all_.n - own.n)
    result = f"{share(difference)} of {share(test.effect.value)} a month"
    return Cause(
        "not_established",
        "The record shows where and since when, not why.",
        (Alternative("customers left by accident, after a failed payment", result),),
    )


def _consequence(test: Test, money: Totals, facts: Facts) -> Consequence:
    cells = {tuple(sorted(s.items())): v for names in WAYS for s, v in money.along(names)}
    found = cells.get(tuple(sorted(test.scope.items())), money.total)
    lost = max(0.0, test.effect.value) * test.n
    low, high = test.effect.low, test.effect.high
    if len(list(money.along("currency"))) > 1 or low is None or high is None or not found["each"]:
        return Consequence(
            round(lost), None, ("customers lost beyond what the others, or the past, would lead to expect",)
        )
    economics = facts.declared.economics
    each = float(found["each"]) * economics.horizon_months * economics.gross_margin
    value = Money(*(max(0.0, e) * test.n * each for e in (low, test.effect.value, high)))
    counted = "at the declared margin" if economics.declared else "as revenue: no margin is declared"
    return Consequence(
        round(lost),
        value,
        (
            f"each would have paid on for {economics.horizon_months} months, {counted}",
            "customers lost beyond what the others, or the past, would lead to expect",
        ),
    )
