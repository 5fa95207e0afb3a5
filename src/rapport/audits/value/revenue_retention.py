"""Does the revenue from existing customers grow or shrink, where, and by what?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence, Money
from rapport.core.inputs import Sums
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, money, month, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.metrics.money import ratio, ratio_sums
from rapport.measures.onset import Change, monthly
from rapport.measures.revenue_lost import RISEN, Lost, because
from rapport.measures.since import lasting, series_of, tested_by
from rapport.measures.steady import halves
from rapport.measures.weighted import shares, weighted
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick

LEAST = 0.005
STANDING = ("plan", "region", "acquisition_channel", "price_change")
FOLLOWED = ("plan", "cohort", "region", "acquisition_channel")
PAIRS = (
    ("plan", "region"),
    ("plan", "acquisition_channel"),
    ("region", "acquisition_channel"),
    ("plan", "price_change"),
)
COHORT_PAIRS = tuple(("cohort", w) for w in ("plan", "region", "acquisition_channel"))
CUTS = (
    *((w,) for w in STANDING),
    *PAIRS,
    ("month",),
    *((w, "month") for w in FOLLOWED),
    *((*pair, "month") for pair in (*PAIRS[:3], *COHORT_PAIRS)),
    ("cohort", "price_change", "month"),
    ("plan", "price_change", "month"),
    ("price_change", "month"),
)


@audit(
    question="Does revenue from existing customers grow?",
    criteria="Each plan, region and acquisition channel loses about as large a share of its revenue a month as the "
    "others, and each cohort as before; customers lose no more after a price rise than otherwise.",
    source="the company's own other subscribers, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "lost": weighted(
            "revenue_movements",
            "lost_weight",
            "weight",
            CUTS,
            ("left", "SUM(left_weight)"),
            ("unpaid", "SUM(unpaid_weight)"),
            ("start", "SUM(start_mrr)"),
            ("currencies", "COUNT(DISTINCT currency)"),
        ),
        "year": Sums(
            "subscription_year",
            (
                *((f"gross_{name}", text) for name, text in ratio_sums("kept_mrr", "start_mrr")),
                *((f"net_{name}", text) for name, text in ratio_sums("end_mrr", "start_mrr")),
                ("churn", "SUM(CASE WHEN end_mrr = 0 THEN start_mrr ELSE 0 END)"),
                ("contraction", "SUM(CASE WHEN end_mrr > 0 THEN start_mrr - kept_mrr ELSE 0 END)"),
                ("expansion", "SUM(end_mrr - kept_mrr)"),
            ),
            by=(("currency",),),
        ),
        "back": Sums(
            "subscription_months",
            (("reactivated", "SUM(CASE WHEN months_ago < 12 THEN reactivated_mrr ELSE 0 END)"),),
            by=(("currency",),),
        ),
    },
    optional={"lost", "year", "back"},
    needs=("subscriptions.mrr",),
    defect="a price rise shrinks one cohort",
    owner="Customer success",
)
def revenue_retention(lost: Totals | None, year: Totals | None, back: Totals | None, facts: Facts) -> Outcome:
    """Ask how much of what existing customers pay is still there, and what took the rest.

    What it asks
        Which share of the revenue that was there when a month began was gone at its end, because customers left or pay
        less: by plan, region and acquisition channel, after a price rise, and whether it changed, by cohort too. And
        what became of the revenue of a year ago, growth left out (gross) and with it (net).

    Why it matters
        New sales hide what is lost behind them. A company that keeps nine tenths of its revenue must sell a tenth of it
        again every year before it grows at all; and a price rise that half a cohort answers by leaving looks like
        growth for the first month.

    How it is measured
        Gross revenue retention over twelve months is the sum of what each customer of a year ago still pays, at most
        what they paid then, over what they paid then: never above 100 %. Net counts growth of the same customers too.
        Whoever came later is in neither; who left and returned counts by what they pay now. Tested is the share of
        revenue lost in a month, every euro weighing alike: each cell against all others and against its own past, net
        of all others; the whole company against the same months of other years. A cohort, the year in which customers
        came, is only measured against its own past: younger customers leave more often everywhere. A price rise is a
        higher price for the same plan where the source does not call it an upgrade; its six months after count.

    How it is scored
        Gross revenue retention over twelve months, with its interval.

    What to do
        Ask what changed where losses rose. After a price rise, speak first with those who pay most and have not decided
        yet; prices for new customers are another matter.

    When it is wrong
        Where the source gives no reasons for the end of a period, more seats on the same plan look like a price rise.
        Prices by use that change every month look like growth and loss. Currencies are set side by side, never added:
        changes of their rates are not seen.

    References
        SaaS Metrics Standards Board, gross and net revenue retention; ChartMogul (start 100, churn 10, contraction 10,
        expansion 10: gross 80 %, net 90 %).
    """
    if lost is None or not lost.total["bottom"]:
        return NotAssessable(
            "The record has no full month of paid subscriptions: what existing customers go on paying is not observed "
            "without contracts. It takes subscription periods with their price, beginning and end.",
            ("subscriptions",),
        )

    def say(d: Difference) -> tuple[str, str]:
        where, others = _where(d.scope)
        return (
            f"{where} {share(d.value)} of the revenue is lost a month, {others} {share(d.baseline)}",
            f"Of what customers paid when a month began {share(d.value)} was gone at its end; {others} "
            f"{share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
        return (
            f"{where}{since} {share(c.value)} of the revenue of existing customers is lost a month, before "
            f"{share(c.baseline)}",
            f"Of what these customers paid when a month began {share(c.value)} was gone at its end since "
            f"{month(c.since)}; before it was {share(c.baseline)} a month.",
        )

    cells = shares(lost, CUTS)
    yardstick = Yardstick("lost", LEAST, "lower", "share", say, binary=True, min_rows=100)
    level = against_rest(tested_by(cells, *((w,) for w in STANDING), *PAIRS), yardstick)
    parts = halves(lasting(cells, [(w,) for w in FOLLOWED], yardstick, say_change), cells, yardstick)
    tests = level.tests + beside(parts, since_when(cells, yardstick, say_change), cells, yardstick)
    told = tuple(_told(t, cells, lost, facts) for t in tests if t.scope.get("price_change") in (None, RISEN))
    return Looked(
        headline=_headline(year, cells),
        tests=told,
        score=_score(year),
        short=level.short,
        notes=_notes(back, facts),
        chart=replace(monthly(series_of(cells, {}), yardstick, "all"), title="Share of revenue lost, monthly"),
    )


def _where(scope: Mapping[str, str]) -> tuple[str, str]:
    """Return the beginning of a sentence about a place, and what the others are called."""
    rest = {k: v for k, v in scope.items() if k != "price_change"}
    if "price_change" not in scope:
        return f"{opening(place(scope))}:", "elsewhere"
    return f"{opening(place(rest))}: {RISEN}" if rest else opening(RISEN), "otherwise"


def _headline(year: Totals | None, cells: Cells) -> str:
    monthly_loss = f"{share(cells.total.mean)} of the revenue of existing customers is lost a month"
    if year is None or len(list(year.along("currency"))) > 1 or not year.total["gross_bottom"]:
        return f"{monthly_loss}."
    v, start = year.total, float(year.total["gross_bottom"])
    gross, net = float(v["gross_top"]) / start, float(v["net_top"]) / start
    left, less, more = (float(v[name] or 0) / start for name in ("churn", "contraction", "expansion"))
    return (
        f"Of the monthly revenue of a year ago {share(gross)} is still there, with growth of the same customers "
        f"{share(net)}: {share(left)} left with customers, {share(less)} went because they pay less, {share(more)} was "
        f"added. {monthly_loss}."
    )


def _score(year: Totals | None) -> Score | None:
    if year is None or len(list(year.along("currency"))) > 1:
        return None
    gross = ratio({n.removeprefix("gross_"): v for n, v in year.total.items() if n.startswith("gross_")}, 2)
    return Score.of_good(gross) if gross is not None else None


def _notes(back: Totals | None, facts: Facts) -> tuple[str, ...]:
    if back is None or len(list(back.along("currency"))) > 1 or not back.total["reactivated"]:
        return ()
    amount = money(float(back.total["reactivated"]), facts.currency)
    return (f"Customers who had left earlier brought back {amount} a month in the last twelve months.",)


def _told(test: Test, cells: Cells, lost: Totals, facts: Facts) -> Test:
    if test.status is Status.GOOD_PRACTICE:
        return test
    own = because(test, cells, lost)
    return replace(test, cause=_cause(test, own), consequence=_consequence(test, own, facts))


def _cause(test: Test, own: Lost) -> Cause:
    against = "before" if test.onset else "elsewhere"
    tried = [
        Alternative(
            "customers left, not only pay less",
            f"{share(own.left)} of the revenue went with customers who left, {share(own.less)} because they pay less",
        ),
        Alternative("they left after a failed payment", f"{share(own.unpaid)} of the revenue went that way"),
    ]
    if own.risen is not None and own.rise_lost is not None:
        quiet = f"{share(own.other_lost)} of the rest" if own.other_lost is not None else "there is no rest"
        tried.append(
            Alternative(
                "their price had risen",
                f"{share(own.risen)} of the revenue was in the six months after a price rise ({against} "
                f"{share(own.risen_before or 0.0)}); {share(own.rise_lost)} of it was lost a month, {quiet}",
            )
        )
        if own.by_price(LEAST):
            said = (
                f"{share(own.risen)} of this revenue was in the six months after a price rise, {against} "
                f"{share(own.risen_before or 0.0)}; {share(own.rise_lost)} of it was lost a month."
            )
            return Cause("supported", said, tuple(tried))
    return Cause("not_established", "The record shows where and since when, not why.", tuple(tried))


def _consequence(test: Test, own: Lost, facts: Facts) -> Consequence:
    said = "revenue lost beyond what the others, or the past, would lead to expect, in average customers"
    lost = round(max(0.0, test.effect.value) * test.n)
    low, high = test.effect.low, test.effect.high
    if low is None or high is None or own.start is None:
        return Consequence(lost, None, (said,))
    economics = facts.declared.economics
    each = own.start * economics.horizon_months * economics.gross_margin
    value = Money(*(max(0.0, e) * each for e in (low, test.effect.value, high)))
    margin = "at the declared margin" if economics.declared else "as revenue: no margin is declared"
    months = f"it would have run on for {grouped(economics.horizon_months)} months, {margin}"
    return Consequence(lost, value, (said, months))
