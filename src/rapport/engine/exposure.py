"""Says what the customers whom a finding touches bring in a year: exposed to it, which is not lost by it."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from rapport.core.finding import Consequence, Finding
from rapport.core.inputs import Input
from rapport.core.outcome import Test
from rapport.core.words import grouped, money, plural
from rapport.engine.asking import Asker
from rapport.engine.evidence import rows_meant
from rapport.measures.ask import CUSTOMER

MEASURE = "yearly_revenue"


def exposed(finding: Finding, test: Test, asked: Input, asker: Asker, currency: str) -> Finding:
    """Return the finding with its customers counted and their revenue of a year among the assumptions.

    A consequence that the audit derived itself is kept, and so is one about rows without customers.
    """
    database = asker.database
    if test.consequence is not None or not database.filled(asked.measure).get(CUSTOMER):
        return finding
    meant = rows_meant(test, asked, database).select(exp.column(CUSTOMER)).distinct()
    if not asker.has(MEASURE):
        rows, _ = database.run(exp.select(exp.Count(this=exp.column(CUSTOMER)).as_("n")).from_(meant.subquery("m")))
        return _with(finding, int(rows[0]["n"]), None, currency)
    query = (
        exp.select(
            exp.Count(this=exp.column(CUSTOMER, table="m")).as_("n"), exp.func("SUM", exp.column("revenue")).as_("r")
        )
        .from_(meant.subquery("m"))
        .join(exp.to_table(MEASURE).as_("y"), on=f"y.{CUSTOMER} = m.{CUSTOMER}", join_type="left")
    )
    rows, _ = database.run(query)
    return _with(finding, int(rows[0]["n"]), float(rows[0]["r"] or 0), currency)


def _with(finding: Finding, customers: int, revenue: float | None, currency: str) -> Finding:
    old = finding.consequence
    said = list(old.assumptions)
    if revenue:
        whom = f"The {grouped(customers)} {plural(customers, 'customer', 'customers')} it touches"
        said.insert(0, f"{whom} brought {money(revenue, currency)} in the last twelve months: exposed, not lost.")
    return replace(finding, consequence=Consequence(customers, old.value, tuple(said), old.overlaps))
