"""Says what the customers whom a finding touches bring in a year: exposed to it, which is not lost by it."""

from __future__ import annotations

from sqlglot import exp

from rapport.core.finding import NO_VALUE, Consequence
from rapport.core.inputs import Input
from rapport.core.outcome import Test
from rapport.core.words import grouped, money, plural
from rapport.engine.asking import Asker
from rapport.engine.evidence import rows_meant
from rapport.measures.ask import CUSTOMER

MEASURE = "yearly_revenue"


def exposed(test: Test, asked: Input, asker: Asker, currency: str) -> Consequence:
    """Return whom a finding touches, each customer counted once, with their revenue of a year among the assumptions.

    A consequence that the audit derived itself is kept; of rows without customers the test's own count is.
    """
    if test.consequence is not None:
        return test.consequence
    database = asker.database
    if not database.filled(asked.measure).get(CUSTOMER):
        return Consequence(test.customers, None, (NO_VALUE,))
    meant = rows_meant(test, asked, database).select(exp.column(CUSTOMER)).distinct()
    if not asker.has(MEASURE):
        rows, _ = database.run(exp.select(exp.Count(this=exp.column(CUSTOMER)).as_("n")).from_(meant.subquery("m")))
        return _touching(int(rows[0]["n"]), None, currency)
    query = (
        exp.select(
            exp.Count(this=exp.column(CUSTOMER, table="m")).as_("n"), exp.func("SUM", exp.column("revenue")).as_("r")
        )
        .from_(meant.subquery("m"))
        .join(exp.to_table(MEASURE).as_("y"), on=f"y.{CUSTOMER} = m.{CUSTOMER}", join_type="left")
    )
    rows, _ = database.run(query)
    return _touching(int(rows[0]["n"]), float(rows[0]["r"] or 0), currency)


def _touching(customers: int, revenue: float | None, currency: str) -> Consequence:
    said = [NO_VALUE]
    if revenue:
        whom = f"The {grouped(customers)} {plural(customers, 'customer', 'customers')} it touches"
        said.insert(0, f"{whom} brought {money(revenue, currency)} in the last twelve months: exposed, not lost.")
    return Consequence(customers, None, tuple(said))
