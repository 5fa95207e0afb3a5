"""Says how many orders are in the record twice, and what that makes the revenue look like."""

from __future__ import annotations

from dataclasses import replace

from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence, Money
from rapport.core.interval import Interval
from rapport.core.outcome import Status, Test
from rapport.core.words import grouped, place, share
from rapport.measures.cells import Totals
from rapport.measures.trust import CERTAIN
from rapport.measures.twins import Repeats, repeats
from rapport.models.least_effect import detectable, is_within, p_beyond

LEAST = 0.005


def doubled(found: Repeats, amounts: Totals, facts: Facts) -> list[Test]:
    """Return the tests that orders are doubled, in all and by place; a place that accounts for all explains them."""
    whole = _doubling({"table": "orders"}, found, amounts, facts)
    tests = [whole]
    for names in found.near.by:
        for scope, cell in found.near.along(*names):
            if cell.n < found.near.total.n and cell.g >= 10:
                test = _doubling({"table": "orders", **scope}, found, amounts, facts)
                others = repeats(found, scope, without=True)
                alone = test.p_value < CERTAIN and p_beyond(others.share, others.se, LEAST, 1) >= 0.05
                tests.append(replace(test, explains=({"table": "orders"},)) if alone else test)
    heads = [t for t in tests[1:] if t.explains]
    if whole.p_value < CERTAIN and not heads:
        tests[0] = replace(whole, explains=tuple(t.scope for t in tests[1:]))
    return tests


def behind(twice: list[Test], declared: list[Test]) -> list[Test]:
    """List a declared number of orders in `explains` of the doubled ones where these are just what is too much."""
    count = next((t for t in declared if t.scope["total"] == "orders_count" and t.p_value < CERTAIN), None)
    certain = [t for t in twice if t.p_value < CERTAIN]
    head = next((t for t in certain if len(t.scope) > 1 and t.explains), next(iter(certain), None))
    if count is None or head is None:
        return twice
    extra = count.value.value - count.baseline
    if (head.value.low or 0.0) * head.n <= extra <= (head.value.high or 0.0) * head.n:
        known = tuple(t.scope for t in declared if t.scope["total"].startswith("orders_") and t.effect.value > LEAST)
        return [replace(t, explains=(*t.explains, *known)) if t is head else t for t in twice]
    return twice


def _doubling(scope: dict[str, str], found: Repeats, amounts: Totals, facts: Facts) -> Test:
    part = {k: v for k, v in scope.items() if k != "table"}
    r = repeats(found, part)
    low, high = max(0.0, r.share - 1.96 * r.se), r.share + 1.96 * r.se
    within_time = "on the same day" if found.daily else "within a minute"
    where = f" ({place(part)})" if part else ""
    doubled = grouped(max(0.0, r.share * r.n))
    return Test(
        scope=scope,
        status=Status.NONCONFORMING,
        p_value=p_beyond(r.share, r.se, LEAST, 1),
        value=Interval(r.share, low, high, round(r.n)),
        effect=Interval(r.share, low, high, round(r.n)),
        baseline=0.0,
        n=round(r.n),
        customers=r.customers,
        title=f"About {doubled} orders{where} are in the record twice: {share(max(0.0, r.share))} of them",
        statement=f"{grouped(r.seen)} of {grouped(r.n)} orders repeat an earlier one of the same customer, amount and "
        f"lines {within_time}; {_few(r.chance)} of these would happen anyway. Estimated to be doubled: {doubled} "
        f"({grouped(low * r.n)} to {grouped(high * r.n)}).",
        input="same_day" if found.daily else "minute",
        shrunk=r.share,
        within=is_within(r.share, r.se, LEAST),
        detectable=detectable(r.se, LEAST),
        cause=Cause(
            "supported",
            "The same orders were loaded under new ids.",
            (
                Alternative("customers order the same again", f"{_few(r.chance)} of {grouped(r.seen)} by chance"),
                Alternative("orders of guests", "left out: they cannot be told apart"),
            ),
        ),
        consequence=None if part else _overstated(r.share, low, high, r.seen / r.n, amounts, found, facts, r.customers),
    )


def _overstated(
    value: float, low: float, high: float, seen: float, amounts: Totals, found: Repeats, facts: Facts, customers: int
) -> Consequence | None:
    total = float(amounts.total["day" if found.daily else "minute"] or 0)
    if not seen or not total:
        return None
    worth = [max(0.0, total * x / seen) for x in (low, value, high)]
    return Consequence(
        customers,
        Money(*worth),
        ("Revenue that the record counts twice, in the period; nothing is lost by it but the right number.",),
    )


def _few(number: float) -> str:
    """Return a small expected number in words: none, 1.4."""
    return "none" if number < 0.05 else grouped(number, 1)
