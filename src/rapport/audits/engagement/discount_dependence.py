"""Do customers buy again only when there is a discount?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change, monthly
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import added

LEAST = 0.10
WAYS = ("acquisition_channel", "channel", "region")


@audit(
    question="Do customers wait for discounts?",
    criteria="No larger share of repeat orders is at a discount than before, or than in other channels and regions.",
    source="the company's own past in the same season, and its own other customers",
    least_effect=LEAST,
    unit="share",
    inputs={
        "discounted": Breakdown(
            "visits",
            "discounted",
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
            where="number > 1",
        ),
        "full_price": Breakdown("full_price_returns", "at_full_price", by=(("month",),)),
        "any_price": Breakdown("full_price_returns", "returned", by=(("month",),)),
    },
    optional={"full_price", "any_price"},
    needs=("orders.discount", "orders.customer_id"),
    defect="full-price repeat dies out",
    owner="Marketing",
)
def discount_dependence(discounted: Cells, full_price: Cells | None, any_price: Cells | None, facts: Facts) -> Outcome:
    """Ask whether customers still come back without being paid for it.

    What it asks
        Which share of repeat orders is at a discount, where it is larger, and since when it grows.

    Why it matters
        Customers learn. Who is offered a discount often enough waits for the next one; then the discount no longer wins
        an order, it only makes one cheaper that would have come, and full-price orders dry up.

    How it is measured
        The share of repeat orders (a customer's second and later days with an order) that carry a discount, each month
        against its namesakes of other years where the record reaches back a year, each channel and region against its
        own past net of all others, and against all others. Beside it the share of orders that the customer follows with
        one at the full price within the usual time.

    How it is scored
        The share of repeat orders at the full price, with its interval.

    What to do
        Leave a tenth of the customers without the next promotion and compare what they buy in three months; then cut
        the discounts that only move orders.

    When it is wrong
        Where the source writes list-price differences, vouchers or staff prices as discounts. A source that never
        writes a discount of 0 is read as: empty is none. A share says nothing of whether the discounts pay: that takes
        a holdout.

    References
        Mela, Gupta & Lehmann (1997), J. Marketing Research 34:248, on the long-term effect of promotions.
    """
    if not discounted.total.n:
        return NotAssessable("The record has no repeat orders with a known discount.", ("orders.discount",), 300)

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of repeat orders are at a discount, "
            f"elsewhere {share(d.baseline)}",
            f"Of {grouped(d.n)} repeat orders {share(d.value)} were at a discount; of all others {share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
        return (
            f"{where}{since} {share(c.value)} of repeat orders are at a discount, before {share(c.baseline)}",
            f"Of {grouped(c.n)} repeat orders since {month(c.since)}, {share(c.value)} were at a discount; before "
            f"it was {share(c.baseline)}.{_at_full_price(full_price, any_price, c)}",
        )

    yardstick = Yardstick("discounted", LEAST, "lower", "share", say, binary=True)
    plain = Cells(discounted.total, discounted.cells, tuple(by for by in discounted.by if "month" not in by))
    level = against_rest(plain, replace(yardstick, worse=Status.OPPORTUNITY))
    parts = halves(lasting(discounted, [(w,) for w in WAYS], yardstick, say_change), discounted, yardstick)
    tests = level.tests + beside(parts, since_when(discounted, yardstick, say_change), discounted, yardstick)
    overall = mean(discounted.total, binary=True)
    without = ""
    if full_price is not None and full_price.total.n:
        without = f"; {share(full_price.total.mean)} of orders are followed by one at the full price in the usual time"
    series = {scope["month"]: m for scope, m in discounted.along("month")}
    return Looked(
        headline=f"{share(overall.value)} of repeat orders are at a discount{without}.",
        tests=tests,
        score=Score.of_bad(overall),
        short=level.short,
        chart=replace(
            monthly(series, yardstick, "all customers"), title="Share of repeat orders at a discount, monthly"
        ),
    )


def _at_full_price(full_price: Cells | None, any_price: Cells | None, c: Change) -> str:
    """Say how often customers came back at the full price before and since, for the whole company."""
    if c.scope or full_price is None or any_price is None:
        return ""
    words = []
    for cells in (full_price, any_price):
        series = {scope["month"]: m for scope, m in cells.along("month")}
        before, after = (
            added([m for name, m in series.items() if (name < c.since) is early]) for early in (True, False)
        )
        if not before.n or not after.n:
            return ""
        words.append((share(before.mean), share(after.mean)))
    (full_before, full_after), (any_before, any_after) = words
    return (
        f" Of all orders {full_after} were followed by one at the full price in the usual time (before {full_before}), "
        f"{any_after} by one at any price (before {any_before})."
    )
