"""A list of invoice lines: several lines make an order, and some invoices take goods back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapport.core.source import TableMapping
from rapport.sources.products import no_product
from rapport.sources.terms import terms
from rapport.sources.view import NUMERIC, TIMELY, Found, View

RETURNS_MINUS: Final = 0.95
"""The share of lines with a negative quantity from which a letter before the number marks a cancellation."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The columns of a list of invoice lines that were recognised."""

    order: str
    time: str
    product: str
    quantity: str
    price: str
    name: str | None
    customer: str | None
    place: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """How an order that takes goods back is told from one that sells them: SQL for one line and for a group."""

    line: str
    group: str
    why: str
    doubt: str = ""


def recognise(view: View) -> Found | None:
    """Return orders, their lines and their customers from a list of invoice lines."""
    lines = _lines(view)
    if lines is None or not view.repeats(lines.order):
        return None
    back = _returned(view, lines)
    skipped, why_not, doubt = no_product(view, lines.product, lines.name)
    told = (f"{lines.order} comes back on several lines with {lines.product}, {lines.quantity} and {lines.price}",)
    why = told + ((back.why,) if back else ())
    orders = view.mapping("orders", _order(view, lines, back), group=(view.sql(lines.order),), why=why)
    line = view.mapping("order_lines", _line(view, lines, skipped), why=(*told[:1], *((why_not,) if why_not else ())))
    customers = _customers(view, lines)
    doubts = tuple(text for text in (back.doubt if back else "", doubt) if text)
    reasons = (*why, *((why_not,) if why_not else ()))
    return Found((orders, line), reasons, doubts, (customers,) if customers else ())


def _lines(view: View) -> Lines | None:
    """Find the columns of invoice lines; None where one that they need is missing."""
    order = view.find(terms("orders", "order_id"))
    product = view.find(
        (*terms("order_lines", "product_id"), *terms("order_lines", "product", plain=True)), taken=(order or "",)
    )
    quantity = view.find(terms("order_lines", "quantity"), NUMERIC)
    price = view.find(terms("order_lines", "unit_price", plain=True), NUMERIC)
    time = view.find(terms("orders", "ordered_at", plain=True), TIMELY)
    if not (order and product and quantity and price and time):
        return None
    taken = (order, product)
    return Lines(
        order,
        time,
        product,
        quantity,
        price,
        view.find(terms("order_lines", "product", plain=True), taken=taken),
        view.find(terms("orders", "customer_id", plain=True), taken=taken),
        view.find(terms("orders", "region")),
        view.find(terms("order_lines", "category")),
    )


def _returned(view: View, lines: Lines) -> Returned | None:
    """Say which orders take goods back: those whose number has a letter before it and only negative quantities."""
    order, quantity = view.sql(lines.order), view.sql(lines.quantity)
    prefix = f"regexp_extract({order}, '^[A-Za-z]+')"
    asked = view.rows(
        f"select {prefix}, count(*), count(*) filter (where {quantity} < 0), count(distinct {order}) from file "
        f"where {order} is not null group by 1 order by 1"
    ) if view.type(lines.order) not in NUMERIC else []  # fmt: skip
    rows = [(str(row[0] or ""), int(row[1]), int(row[2]), int(row[3])) for row in asked or ()]
    total = sum(row[1] for row in rows)
    marks = [row for row in rows if row[0] and row[2] >= RETURNS_MINUS * row[1] and row[1] < 0.5 * total]
    if marks:
        alone = all(not other[0].startswith(mark[0]) for mark in marks for other in rows if other not in marks)
        how = [f"{order} like '{m[0]}%'" if alone else f"regexp_matches({order}, '^{m[0]}[^A-Za-z]')" for m in marks]
        said = ", ".join(f"{m[0]} ({m[3]:,} orders, {m[2]:,} of {m[1]:,} lines negative)" for m in marks)
        line = " or ".join(how)
        return Returned(line, line, f"numbers that begin with {said} take goods back: they count as returned")
    least = view.column(lines.quantity).minimum or "0"
    if not least.startswith("-"):
        return None
    doubt = "" if view.ask else f"whether a letter in {lines.order} marks cancellations was not looked at"
    why = f"orders with negative {lines.quantity} alone take goods back: they count as returned"
    return Returned("", f"max({quantity}) < 0", why, doubt)


def _order(view: View, lines: Lines, back: Returned | None) -> dict[str, str]:
    """Return the columns of an order as sums over its lines."""
    total = f"sum({view.sql(lines.quantity)} * {view.sql(lines.price)})"
    time = f"min({view.sql(lines.time)})"
    columns = {"order_id": view.id_sql(lines.order)}
    if lines.customer:
        columns["customer_id"] = f"min({view.id_sql(lines.customer)})"
    columns["ordered_at"] = time
    columns["amount"] = f"case when {back.group} then 0 else {total} end" if back else total
    if back:
        columns["refund_amount"] = f"case when {back.group} then -{total} else 0 end"
        columns["status"] = f"case when {back.group} then 'returned' else 'completed' end"
        columns["returned_at"] = f"case when {back.group} then {time} end"
    for name in ("currency", "channel"):
        found = view.find(terms("orders", name))
        if found:
            columns[name] = f"min({view.sql(found)})"
    if lines.place:
        columns["region"] = f"min({view.sql(lines.place)})"
    return columns


def _line(view: View, lines: Lines, skipped: str) -> dict[str, str]:
    """Return the columns of an order line; the id is left to the store, so that equal lines stay two lines."""
    columns = {"order_id": view.id_sql(lines.order), "product_id": view.id_sql(lines.product)}
    if lines.name:
        columns["product"] = view.sql(lines.name)
    if skipped:
        other = f" else {view.sql(lines.category)}" if lines.category else ""
        columns["category"] = f"case when {skipped} then 'not a product'{other} end"
    elif lines.category:
        columns["category"] = view.sql(lines.category)
    return {**columns, "quantity": view.sql(lines.quantity), "unit_price": view.sql(lines.price)}


def _customers(view: View, lines: Lines) -> TableMapping | None:
    """Return a customer for each customer id on an invoice, with the country of the last one."""
    if lines.customer is None:
        return None
    columns = {"customer_id": view.id_sql(lines.customer)}
    if lines.place:
        place = view.sql(lines.place)
        columns["country"] = f"arg_max({place}, ({view.sql(lines.time)}, {place}))"
    why = f"one row for each {lines.customer}; when they became customers is not said, so their first order counts"
    customer = view.sql(lines.customer)
    return view.mapping("customers", columns, where=f"{customer} is not null", group=(customer,), why=(why,))
