"""A plain list of purchases: who, when and how much, without the number of an order."""

from __future__ import annotations

from typing import Final

from rapport.core.table import Type
from rapport.sources.names import quoted, words
from rapport.sources.terms import tables_of, terms
from rapport.sources.view import NUMERIC, TIMELY, Found, View

CHANGES: Final = frozenset({"history", "log", "audit", "event", "events", "verlauf", "historique"})
"""Words of file names that say the rows are changes of something, not purchases."""


def recognise(view: View) -> Found | None:
    """Return orders, one a row, from a list in which customers come back and orders have no number."""
    named = tables_of(view.name)
    if view.find(terms("orders", "order_id")) or (named and "orders" not in named) or CHANGES & set(words(view.name)):
        return None
    amount = view.find(terms("orders", "amount", plain=True), NUMERIC)
    time = view.find(terms("orders", "ordered_at", plain=True), TIMELY)
    if amount is None or time is None:
        return None
    customer = view.find(terms("orders", "customer_id"))
    doubts: tuple[str, ...] = ()
    if customer is None:
        named_so = [column.name for column in view.profile.columns if words(column.name)[-1:] == ("id",)]
        ids = [name for name in named_so if view.repeats(name)]
        if not ids or len(ids) < len(named_so):
            return None
        customer, doubts = ids[0], (f"{ids[0]} is taken for the customer's",)
    own = view.find(("id", "number", "nr"), taken=(customer,))
    if not view.repeats(customer) or (own and not view.unique(own)):
        return None
    columns = {"order_id": view.id_sql(own)} if own else {}
    columns |= {"customer_id": view.id_sql(customer), "ordered_at": quoted(time), "amount": quoted(amount)}
    for name in ("discount", "currency", "channel", "region"):
        found = view.find(terms("orders", name), taken=(customer, time, amount))
        if found and (name != "discount" or view.type(found) in NUMERIC):
            columns[name] = quoted(found)
    why = (f"{customer} comes back with {time} and {amount}: each row is an order",)
    instead = view.people(customer, view.id_sql(customer))
    if view.type(time) is Type.DAY:
        doubts += (f"{time} has no time of day",)
    return Found((view.mapping("orders", columns, why=why),), why, doubts, (instead,))
