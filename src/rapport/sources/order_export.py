"""A shop's export of orders with their lines, where only the first line of an order says when, to whom and how much."""

from __future__ import annotations

from typing import Final

from rapport.record import TABLES
from rapport.sources.names import quoted, words
from rapport.sources.one_row import assign, expressions, readings
from rapport.sources.terms import terms
from rapport.sources.view import Found, View

PREFIXES: Final = (
    ("lineitem",),
    ("line", "item"),
    ("item",),
    ("line",),
    ("position",),
    ("artikel",),
    ("produkt",),
    ("product",),
)
"""How the columns of a line begin, when those of the order do not."""

UNITS: Final = ("quantity", "qty", "menge", "anzahl", "quantite", "cantidad")
ORDER_NUMBER: Final = ("order name", "order number", "order id", "order no", "name", "bestellnummer", "numero commande")
CANCELLED: Final = ("cancelled at", "canceled at", "storniert am", "annule le")


def recognise(view: View) -> Found | None:
    """Return orders, order lines and customers from an export whose order columns are blank on further lines."""
    order = view.find(ORDER_NUMBER)
    prefix = next((p for p in PREFIXES if view.find(tuple(" ".join((*p, unit)) for unit in UNITS))), None)
    if order is None or prefix is None:
        return None
    lines = {column.name for column in view.profile.columns if words(column.name)[: len(prefix)] == prefix}
    orders = TABLES["orders"]
    chosen = assign(view, orders, plain=True, taken={*lines, order})
    chosen.pop("order_id", None)
    blank = "amount" in chosen and _once(view, chosen["amount"], order)
    if "ordered_at" not in chosen or not blank:
        return None
    columns = {"order_id": quoted(order), **expressions(view, orders, chosen, "min({})")}
    columns |= _status(view, columns)
    why = (
        f"{order} names the order; columns that begin with {' '.join(prefix)} are its lines; "
        "what belongs to the order stands on its first line",
    )
    group = (quoted(order),)
    known = readings(view, orders, chosen)
    mappings = [view.mapping("orders", columns, group=group, why=why, readings=known)]
    line = _line(view, order, prefix)
    if {"product_id", "quantity"} <= set(line):
        mappings.append(view.mapping("order_lines", line, where=f"{line['quantity']} is not null", why=why))
    doubts = ["refunds have no date: they count in no past view"] if "refund_amount" in columns else []
    if "customer_id" not in columns:
        doubts.append("no column names the customer: every order counts as a guest's")
    elif chosen["customer_id"].lower() in ("email", "customer email"):
        doubts.append("customers are told apart by their e-mail address")
    buyer = chosen.get("customer_id", "")
    alone = expressions(view, orders, {"customer_id": buyer})["customer_id"] if buyer else ""
    return Found(tuple(mappings), why, tuple(doubts), (view.people(buyer, alone),) if buyer else ())


def _once(view: View, total: str, order: str) -> bool:
    """Say whether the total is filled at most once for each order (or the file has no rows yet)."""
    return not view.profile.rows or view.column(total).filled <= view.column(order).distinct


def _status(view: View, columns: dict[str, str]) -> dict[str, str]:
    """Return the status of an order that says by a date that it was cancelled."""
    cancelled = view.find(CANCELLED)
    if cancelled is None:
        return {}
    told = columns.get("status", "'completed'")
    return {"status": f"case when min({quoted(cancelled)}) is not null then 'cancelled' else {told} end"}


def _line(view: View, order: str, prefix: tuple[str, ...]) -> dict[str, str]:
    """Return the columns of an order line."""
    found = {"order_id": quoted(order)}
    sku, name = (
        view.find(tuple(" ".join((*prefix, word)) for word in said))
        for said in (("sku", "id", "code"), ("name", "title"))
    )
    if sku and name:
        found["product_id"] = f"coalesce({quoted(sku)}, {quoted(name)})"
    elif sku or name:
        found["product_id"] = quoted(sku or name or "")
    if name:
        found["product"] = quoted(name)
    for column, said in (
        ("quantity", UNITS),
        ("unit_price", ("price", "cost", "preis", "einzelpreis", "prix", "precio")),
    ):
        source = view.find(tuple(" ".join((*prefix, word)) for word in said))
        if source:
            found[column] = quoted(source)
    kind = view.find((" ".join((*prefix, "category")), *terms("order_lines", "category")))
    return {**found, "category": quoted(kind)} if kind else found
