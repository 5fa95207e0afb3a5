"""Outcomes dealt anew: whatever happened to a customer, a case or an order happened to a random other one instead.

Who, where and when stay as they are; how it went, how long it took and what was said of it come from elsewhere. Nothing
that an audit could find in such a company is there.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import NEVER, WorkTime, to_local, to_utc
from rapport.worlds.export import MOMENT, money
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Floats, Ints

WAITS = ("first_handled_at", "first_reply_at", "first_resolved_at", "resolved_at")
COURSE = ("reopens", "handoffs", "escalated", "sla_met", "status")
ORIGIN = (
    "country",
    "region",
    "language",
    "segment",
    "industry",
    "acquisition_channel",
    "acquisition_campaign",
    "acquired_by",
    "account_owner",
)
RESPONSES = ("opened_at", "clicked_at", "replied_at", "unsubscribed_at")
FAR = np.int64(2**34)
ARRIVAL = ("shipped_at", "delivered_at", "returned_at")


def outcomes_dealt_anew(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    """Return the record with the outcomes of its rows dealt anew, table by table.

    Cases keep their opening and get the working time, the course and the answers of another case; answers to surveys
    and responses to contacts come from others of their kind; orders get another order's delivery, return and rate of
    discount; customers another customer's origin; subscriptions the plans and prices of another with as many periods,
    which their payments follow.
    """
    for name, deal in DEALT.items():
        if name in tables:
            tables = deal(tables, desk, chance)
    return tables


def _stamps(table: pa.Table, column: str) -> Ints:
    return np.asarray(pc.fill_null(table[column].cast(pa.int64()), int(NEVER)))


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(pc.fill_null(table[column].cast(pa.float64()), 0.0))


def _put(table: pa.Table, column: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def _times(utc: Ints) -> pa.Array:
    return pa.array(utc, pa.int64(), mask=utc == NEVER).cast(MOMENT)


def _others(table: pa.Table, columns: Iterable[str], order: Ints) -> pa.Table:
    """Return the table with some columns taken from other rows."""
    for column in columns:
        if column in table.column_names:
            table = _put(table, column, table[column].take(pa.array(order)))
    return table


def _later(table: pa.Table, columns: Iterable[str], since: str, order: Ints) -> pa.Table:
    """Return the table with the time from `since` to each of some columns taken from other rows."""
    begun = _stamps(table, since)
    for column in columns:
        if column in table.column_names:
            ended = _stamps(table, column)
            passed = np.where((ended == NEVER) | (begun == NEVER), NEVER, ended - begun)[order]
            table = _put(table, column, _times(np.where((passed == NEVER) | (begun == NEVER), NEVER, begun + passed)))
    return table


def _within(kinds: pa.ChunkedArray, chance: np.random.Generator) -> Ints:
    """Return for each row a random row of the same kind; every row is taken once."""
    codes = np.asarray(pc.fill_null(kinds, "").combine_chunks().dictionary_encode().indices)
    order = np.arange(len(codes))
    for code in np.unique(codes):
        places = np.flatnonzero(codes == code)
        order[places] = chance.permutation(places)
    return order


def _tickets(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    tickets = tables["tickets"]
    opened = to_local(_stamps(tickets, "opened_at"))
    worked = desk.passed(opened)
    order = chance.permutation(tickets.num_rows)
    dealt = _others(tickets, COURSE, order)
    for column in WAITS:
        if column in tickets.column_names:
            at = to_local(_stamps(tickets, column))
            waited = np.where(at == NEVER, NEVER, desk.passed(at) - worked)[order]
            dealt = _put(dealt, column, _times(to_utc(_answered(desk, opened, waited))))
    tables = {**tables, "tickets": dealt}
    return {**tables, "messages": _answers(tables, desk, np.argsort(order))} if "messages" in tables else tables


def _answered(desk: WorkTime, opened: Ints, waited: Ints) -> Ints:
    return np.where(waited == NEVER, NEVER, desk.after(opened, np.where(waited == NEVER, 0, waited).astype(np.float64)))


def _answers(tables: Tables, desk: WorkTime, goes_to: Ints) -> pa.Table:
    """Return the messages: what was said after the opening of a case goes with its course to another case."""
    tickets, messages = tables["tickets"], tables["messages"]
    case = pc.index_in(messages["ticket_id"], value_set=tickets["ticket_id"].combine_chunks())
    belongs = np.asarray(pc.fill_null(case, -1))
    opened, sent = to_local(_stamps(tickets, "opened_at")), to_local(_stamps(messages, "sent_at"))
    moves = (belongs >= 0) & (sent > opened[belongs])
    target = np.where(moves, goes_to[belongs], belongs)
    waited = desk.passed(sent) - desk.passed(opened[belongs])
    at = np.where(moves, desk.after(opened[target], waited.astype(np.float64)), sent)
    known = pa.array(target, mask=belongs < 0)
    moved = pa.array(moves)
    for column, of in (("conversation_id", "ticket_id"), *((c, c) for c in ("ticket_id", "customer_id", "channel"))):
        messages = _put(messages, column, pc.if_else(moved, tickets[of].take(known), messages[column]))
    told = pc.and_(moved, pc.is_valid(messages["team"]))
    messages = _put(messages, "team", pc.if_else(told, tickets["team"].take(known), messages["team"]))
    return _put(messages, "sent_at", _times(to_utc(at)))


def _feedback(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    feedback = tables["feedback"]
    order = _within(feedback["kind"], chance)
    feedback = _later(feedback, ("answered_at", "replied_at"), "asked_at", order)
    return {**tables, "feedback": _others(feedback, ("score", "text", "language"), order)}


def _touches(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    touches = tables["touches"]
    return {**tables, "touches": _later(touches, RESPONSES, "sent_at", _within(touches["purpose"], chance))}


def _orders(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    orders = tables["orders"]
    order = chance.permutation(orders.num_rows)
    amount, discount, refund = (_numbers(orders, c) for c in ("amount", "discount", "refund_amount"))
    gross = amount + discount
    rate = (discount / np.maximum(gross, 0.01))[order]
    back = (refund / np.maximum(amount, 0.01))[order]
    given = np.round(gross * rate, 2)
    returned = np.asarray(pc.is_valid(orders["refund_amount"]))[order]
    orders = _put(_later(_others(orders, ("status",), order), ARRIVAL, "ordered_at", order), "discount", money(given))
    orders = _put(orders, "amount", money(gross - given))
    refunded = money((gross - given) * np.minimum(back, 1.0), returned)
    return {**tables, "orders": _put(orders, "refund_amount", refunded)}


def _customers(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    customers = tables["customers"]
    customers = _others(customers, ORIGIN, chance.permutation(customers.num_rows))
    if "orders" not in tables:
        return {**tables, "customers": customers}
    orders = tables["orders"]
    whose = pc.index_in(orders["customer_id"], value_set=customers["customer_id"].combine_chunks())
    orders = _put(orders, "region", customers["region"].take(whose.combine_chunks()))
    return {**tables, "customers": customers, "orders": orders}


def _subscriptions(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    periods = tables["subscriptions"].sort_by([("subscription_id", "ascending"), ("valid_from", "ascending")])
    names = np.asarray(periods["subscription_id"].combine_chunks().dictionary_encode().indices)
    first = np.flatnonzero(np.diff(names, prepend=-1))
    length = np.diff(np.append(first, len(names)))
    changes = np.asarray(pc.fill_null(periods["end_reason"], ""))
    shape = ["|".join(changes[f : f + n - 1]) + str(n) for f, n in zip(first, length, strict=True)]
    other = _within(pa.chunked_array([pa.array(shape, pa.string())]), chance)
    order = np.repeat(first[other], length) + np.arange(len(names)) - np.repeat(first, length)
    dealt = _others(periods, ("plan", "mrr"), order)
    lasting = dealt.filter(pc.is_null(dealt["valid_to"]))
    now = pc.index_in(tables["customers"]["customer_id"], value_set=lasting["customer_id"].combine_chunks())
    customers = _put(tables["customers"], "plan", lasting["plan"].take(now.combine_chunks()))
    tables = {**tables, "subscriptions": dealt, "customers": customers}
    return {**tables, "payments": _paid(tables["payments"], dealt, names)} if "payments" in tables else tables


def _paid(payments: pa.Table, periods: pa.Table, names: Ints) -> pa.Table:
    """Return the payments at the prices of their periods; `names` numbers the subscription of each period."""
    first = pc.unique(periods["subscription_id"])
    whose = np.asarray(pc.index_in(payments["subscription_id"], value_set=first)).astype(np.int64)
    begun = names.astype(np.int64) * FAR + _stamps(periods, "valid_from")
    place = np.searchsorted(begun, whose * FAR + _stamps(payments, "due_at"), side="right") - 1
    return _put(payments, "amount", periods["mrr"].take(pa.array(place)))


DEALT = {
    "customers": _customers,
    "orders": _orders,
    "subscriptions": _subscriptions,
    "tickets": _tickets,
    "feedback": _feedback,
    "touches": _touches,
}
