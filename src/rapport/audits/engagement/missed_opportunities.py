"""What could serve customers that they lack, and who is never offered it?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Chart, Looked, NotAssessable, Outcome, Score, Short, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest, dots
from rapport.measures.since import tested_by
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.10
WHO = ("segment", "plan", "region", "acquisition_channel")
PLACES = (*((w,) for w in WHO), *((w, "category") for w in WHO))
ACROSS = tuple((a, b, "category") for i, a in enumerate(WHO) for b in WHO[i + 1 :])


@audit(
    question="What could serve customers that they lack?",
    criteria="Each segment, plan, region and channel is offered what it may want, and owns it, about as often as like "
    "customers elsewhere: within ten points.",
    source="the company's own other customers",
    least_effect=LEAST,
    unit="share",
    inputs={
        "offered": Breakdown("wants_offered", "offered", by=PLACES),
        "offered_alike": Breakdown("wants_offered", "offered_alike", by=(*PLACES, *ACROSS)),
        "owned": Breakdown("category_owners", "owned", by=PLACES),
        "owned_alike": Breakdown("category_owners", "owned_alike", by=(*PLACES, *ACROSS)),
        "checked": Breakdown("wants_checked", "bought", by=(("list",),)),
    },
    optional={"offered", "offered_alike", "owned", "owned_alike", "checked"},
    needs=("order_lines.product_id", "orders.customer_id"),
    defect="one segment never offered",
    owner="Marketing",
)
def missed_opportunities(
    offered: Cells | None,
    offered_alike: Cells | None,
    owned: Cells | None,
    owned_alike: Cells | None,
    checked: Cells | None,
    facts: Facts,
) -> Outcome:
    """Ask which customers are not offered, or do not have, what customers like them own.

    What it asks
        Which part of the customers is hardly ever offered something that customers with the same purchases own; and
        where something is owned by far fewer than by like customers elsewhere.

    Why it matters
        Customers do not miss what nobody showed them. What like customers own is the most natural next purchase, and
        the cheapest one to win.

    How it is measured
        For each customer who bought within a year: up to three products that they never had and customers with the same
        products own (`next_products`). Offered: whether a contact of the last year named the product or its category,
        among customers who agreed to marketing, categories being offered equally often. Owned: whether the customer has
        anything of a category (of the twenty with most owners), among customers with as many other categories. Each
        segment, plan, region and channel, alone and with each category, is tested against all others, rows of one
        customer kept together. Backtest: the same lists made half a year ago, from what was known then, against what
        was bought since, beside a list of best sellers.

    How it is scored
        The share of what customers may want that they were offered within a year; nothing where offers are not in the
        record.

    What to do
        Offer it to half of those who lack it, drawn by lot, and compare what they buy.

    When it is wrong
        Where offers are made that the record does not hold. Where something is not sold, or not fit, in a place. That
        like customers own it does not say that an offer makes these buy it: the lot does.

    References
        Steck (2019), WWW '19, on what customers with the same products own.
    """
    offers = offered if offered is not None and offered.total.s > 0 else None
    tests: list[Test] = []
    short: list[Short] = []
    for raw, alike, yardstick in ((offers, offered_alike, _offering()), (owned, owned_alike, _owning())):
        if raw is not None and alike is not None:
            found = against_rest(tested_by(alike, *PLACES), yardstick)
            tests += [_in_plain_shares(t, raw, yardstick) for t in found.tests if t.status is not Status.GOOD_PRACTICE]
            short += found.short
    if not tests and not short:
        return NotAssessable(
            "Too few customers bought products on two days to tell what goes together, and no part of the customers is "
            "known apart.",
            ("customers.segment", "customers.region"),
        )
    notes = _backtest(checked)
    if offers is None:
        notes += ("No contact of the record names a product or a category: who was offered what is not known.",)
    return Looked(
        headline=_headline(offers, owned),
        tests=tuple(tests),
        score=Score.of_good(mean(offers.total, binary=True)) if offers is not None else None,
        short=tuple(short),
        notes=notes,
        chart=_chart(offers),
    )


def _in_plain_shares(test: Test, raw: Cells, yardstick: Yardstick) -> Test:
    """Return a test with the share as it is; what it is compared with is then that of like customers."""
    own = raw.get(test.scope)
    if own is None:
        return test
    value = mean(own, binary=True)
    baseline = min(1.0, max(0.0, value.value - test.effect.value))
    title, statement = yardstick.say(Difference(test.scope, value.value, baseline, test.effect.value, test.n))
    return replace(test, value=value, baseline=baseline, title=title, statement=statement)


def _offering() -> Yardstick:
    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of what customers may want was offered within a year, "
            f"elsewhere {share(d.baseline)}",
            f"Of {grouped(d.n)} products that these customers never had and customers like them own, {share(d.value)} "
            f"were offered to them within a year; elsewhere {share(d.baseline)}, at equal categories.",
        )

    return Yardstick("offered", LEAST, "higher", "share", say, binary=True, worse=Status.OPPORTUNITY)


def _owning() -> Yardstick:
    def say(d: Difference) -> tuple[str, str]:
        what = f"anything of {d.scope['category']}" if "category" in d.scope else "anything of a category"
        where = opening(place({k: v for k, v in d.scope.items() if k != "category"}))
        return (
            f"{where}: {share(d.value)} of the customers have {what}, of like customers elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} customers have {what}; of all others {share(d.baseline)}, at as many "
            "other categories.",
        )

    return Yardstick("owned", LEAST, "higher", "share", say, binary=True, worse=Status.OPPORTUNITY)


def _headline(offered: Cells | None, owned: Cells | None) -> str:
    if offered is not None:
        return (
            f"{share(offered.total.mean)} of {grouped(offered.total.n)} products that customers may want were offered "
            "to them within a year."
        )
    n = owned.total.g if owned is not None else 0
    return f"What {grouped(n)} customers own was compared with what customers like them own."


def _backtest(checked: Cells | None) -> tuple[str, ...]:
    """Say how many bought since what stood half a year ago on their list, and on a list of best sellers."""
    parts = [checked.get({"list": name}) if checked is not None else None for name in ("alike", "best sellers")]
    alike, best = parts
    if alike is None or best is None:
        return ()
    own, plain = mean(alike, binary=True), mean(best, binary=True)
    return (
        f"Backtest: of {grouped(alike.n)} products that customers like them owned half a year ago, customers bought "
        f"{share(own.value)} since (95 % {share(own.low or 0)} to {share(own.high or 1)}); of as many best sellers "
        f"that they did not have, {share(plain.value)}.",
    )


def _chart(offered: Cells | None) -> Chart | None:
    """Return how much was offered by segment, or by the first column that is known."""
    for by in offered.by if offered is not None else ():
        first = next((scope for scope, _ in offered.along(*by)), None) if len(by) == 1 and offered is not None else None
        if first is not None and offered is not None:
            return replace(dots(offered, first, _offering()), title="Share offered of what customers may want")
    return None
