"""Do customers leave by accident, because a payment failed and nobody tried again?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence, Money
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside, one_per_scope
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change, monthly
from rapport.measures.since import lasting, series_of, tested_by
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import Moments, added, subtract

LEAST = 0.10
WAYS = ("provider", "method", "region")
PAIRS = (("provider", "method"), ("provider", "region"), ("method", "region"))
CUTS = (
    *((w,) for w in WAYS),
    *PAIRS,
    ("month",),
    *((w, "month") for w in WAYS),
    *((*pair, "month") for pair in PAIRS),
)
HALF = 0.5
"""From this part of a difference on, missing retries are said to support it as its cause."""


@audit(
    question="Do customers leave by accident?",
    criteria="Each payment provider makes good as many failed payments as the others, and as before; and no provider's "
    "customers leave by accident more often than others'.",
    source="the company's own other payments, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "recovered": Breakdown("payment_cases", "recovered", by=CUTS),
        "retried": Breakdown("payment_cases", "retried", by=CUTS),
        "failing": Breakdown("payment_cases", "first_failed", by=CUTS),
        "unpaid": Breakdown("leavers", "involuntary", by=tuple((w,) for w in WAYS[:2])),
        "money": Sums(
            "payment_cases",
            (
                ("each", "AVG(CASE WHEN first_failed THEN CAST(amount AS DOUBLE) END)"),
                ("unmade", "SUM(CASE WHEN NOT recovered AND ended IS NOT NULL THEN 1 ELSE 0 END)"),
                ("ended", "SUM(CASE WHEN NOT recovered AND ended THEN 1 ELSE 0 END)"),
            ),
            by=(("currency",),),
        ),
    },
    optional={"recovered", "retried", "unpaid", "money"},
    needs=("payments.status",),
    defect="one provider's retries broken",
    owner="Finance",
)
def payment_failure(
    recovered: Cells | None,
    retried: Cells | None,
    failing: Cells,
    unpaid: Cells | None,
    money: Totals | None,
    facts: Facts,
) -> Outcome:
    """Ask whether failed payments are made good, and how many customers are lost over them.

    What it asks
        Of the payments whose first attempt failed, how many were made within three weeks, by provider, means of payment
        and region; and which share of those who leave does so after a failed payment, without having chosen to.

    Why it matters
        Nobody decided anything: a card ran out, a transfer bounced. These are customers who wanted to stay, and the
        cheapest ones to keep. A provider that stopped trying again loses them without a word.

    How it is measured
        Attempts by one customer for one subscription or order that follow a failed one within 21 days are one payment.
        Payments whose first attempt is younger than that are left out. Each provider, means and region is tested
        against all others and against its own past, net of all others; the whole company against the same months of
        other years. Among customers whose subscriptions all ended, those that ended for failed payment are counted by
        the provider of their last payment.

    How it is scored
        The share of failed payments that were made good, with its interval.

    What to do
        Look whether failed payments are tried again where they are not made good, and write to those whom it cost
        their subscription: most did not mean to leave.

    When it is wrong
        Where the source keeps only payments that succeeded, nothing ever fails. Where customers pay another way after a
        failure, under another subscription, it looks unpaid. Providers may differ in who uses them: a means of payment
        for those who cannot use another one fails more finally.

    References
        ChartMogul and Stripe, involuntary churn: an end that follows failed payment and not a cancellation.
    """
    if recovered is None or retried is None or not recovered.total.n:
        return NotAssessable(
            "The record has no failed payment older than three weeks: either none fails, or the source keeps only "
            "those that succeeded. It takes attempts with status failed.",
            ("payments.status",),
            30,
        )

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of failed payments are made good, elsewhere "
            f"{share(d.baseline)}",
            f"Of {grouped(d.n)} payments whose first attempt failed {share(d.value)} were made within 21 days; of all "
            f"others {share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
        return (
            f"{where}{since} {share(c.value)} of failed payments are made good, before {share(c.baseline)}",
            f"Of {grouped(c.n)} payments whose first attempt failed since {month(c.since)}, {share(c.value)} were made "
            f"within 21 days; before it was {share(c.baseline)}.",
        )

    yardstick = Yardstick("recovered", LEAST, "higher", "share", say, binary=True)
    ways = _ways(recovered)
    plain = [names for names in (*((w,) for w in WAYS), *PAIRS) if set(names) <= set(ways)]
    level = against_rest(tested_by(recovered, *plain), yardstick)
    parts = halves(lasting(recovered, [(w,) for w in ways], yardstick, say_change), recovered, yardstick)
    changed = beside(parts, since_when(recovered, yardstick, say_change), recovered, yardstick)
    told = [_told(t, recovered, retried, failing, money, facts) for t in (*level.tests, *changed)]
    overall = mean(recovered.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of {grouped(recovered.total.n)} failed payments are made good"
        f"{_by_accident(unpaid)}.",
        tests=one_per_scope((*told, *_leavers(unpaid, ways))),
        score=Score.of_good(overall),
        short=level.short,
        notes=(f"{share(failing.total.mean)} of first attempts at a payment fail.",),
        chart=replace(monthly(series_of(recovered, {}), yardstick, "all failed payments"), title="Made good, monthly"),
    )


def _by_accident(unpaid: Cells | None) -> str:
    if unpaid is None or not unpaid.total.n:
        return ""
    return f"; {share(unpaid.total.mean)} of those who leave, leave after a failed payment"


def _ways(cells: Cells) -> tuple[str, ...]:
    """Return the columns to look along: where each provider has one means of payment of its own, that says nothing."""
    counts = [len(list(cells.along(*names))) for names in (("provider",), ("method",), ("provider", "method"))]
    return tuple(w for w in WAYS if w != "method" or len(set(counts)) > 1)


def _leavers(unpaid: Cells | None, ways: tuple[str, ...]) -> tuple[Test, ...]:
    """Test by provider and means of payment which share of those who leave never chose to."""
    if unpaid is None or not unpaid.total.n:
        return ()

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of those who leave, leave after a failed payment, elsewhere "
            f"{share(d.baseline)}",
            f"Of {grouped(d.n)} customers who left {share(d.value)} did so after a failed payment; of all others who "
            f"left {share(d.baseline)}.",
        )

    cells = tested_by(unpaid, *((w,) for w in ways))
    return against_rest(cells, Yardstick("unpaid", LEAST, "lower", "share", say, binary=True)).tests


def _told(test: Test, recovered: Cells, retried: Cells, failing: Cells, money: Totals | None, facts: Facts) -> Test:
    if test.status is Status.GOOD_PRACTICE:
        return test
    cause = _retries(test, recovered, retried, failing)
    return replace(test, cause=cause, consequence=_consequence(test, money, facts))


def _sides(test: Test, cells: Cells) -> tuple[Moments, Moments] | None:
    """Return the rows a test is about and those it is compared with: the others, or its own earlier months."""
    if test.onset is None:
        own = cells.get(test.scope)
        return None if own is None else (own, subtract(cells.total, own))
    series = series_of(cells, test.scope)
    after = added(m for name, m in series.items() if name >= (test.onset or ""))
    return after, added(m for name, m in series.items() if name < (test.onset or ""))


def _retries(test: Test, recovered: Cells, retried: Cells, failing: Cells) -> Cause | None:
    """Say whether failed payments were tried again there, and whether more failed there in the first place."""
    pairs = [_sides(test, cells) for cells in (retried, recovered, failing)]
    tried, made, fail = (pair if pair and min(pair[0].n, pair[1].n) > 0 else None for pair in pairs)
    if tried is None or made is None or fail is None:
        return None
    against = "before" if test.onset else "elsewhere"
    gap = tried[0].mean - tried[1].mean
    usual = made[1].mean / tried[1].mean if tried[1].mean else 0.0
    alternatives = (
        Alternative("they are tried again less often", f"{share(tried[0].mean)} are, {against} {share(tried[1].mean)}"),
        Alternative(
            "more payments fail there in the first place",
            f"{share(fail[0].mean)} of first attempts fail, {against} {share(fail[1].mean)}",
        ),
    )
    if test.effect.value < 0 and gap * usual <= HALF * test.effect.value:
        said = f"{share(tried[0].mean)} of the failed payments were tried again, {against} {share(tried[1].mean)}."
        return Cause("supported", said, alternatives)
    return Cause("not_established", "The record shows where and since when, not why.", alternatives)


def _consequence(test: Test, money: Totals | None, facts: Facts) -> Consequence:
    """Value the subscriptions that ended over payments which elsewhere, or before, would have been made good."""
    missing = max(0.0, -test.effect.value) * test.n
    counted = "failed payments not made good that elsewhere, or before, would have been"
    low, high = test.effect.low, test.effect.high
    single = money is not None and len(list(money.along("currency"))) < 2 and money.total["ended"]
    if money is None or not single or low is None or high is None:
        return Consequence(round(missing), None, (counted,))
    values = money.total
    economics = facts.declared.economics
    ending = float(values["ended"]) / float(values["unmade"])
    each = ending * float(values["each"]) * economics.horizon_months * economics.gross_margin
    margin = "at the declared margin" if economics.declared else "as revenue: no margin is declared"
    return Consequence(
        round(missing),
        Money(*(max(0.0, -e) * test.n * each for e in (high, test.effect.value, low))),
        (
            counted,
            f"{share(ending)} of payments that are not made good end the subscription",
            f"it would have run on for {economics.horizon_months} months at the failed amount a month, {margin}",
        ),
    )
