"""The diary of a help desk: a line for every change of every ticket, folded into one row a ticket."""

from __future__ import annotations

from typing import Final

from rapport.sources.names import words
from rapport.sources.terms import terms
from rapport.sources.view import NUMERIC, TIMELY, Found, View

UPDATED: Final = (
    *("updated at", "updated", "update time", "changed at", "modified at", "last modified", "event time", "timestamp"),
    *("time timestamp", "time", "date", "geandert am", "aktualisiert am", "modifie le", "actualizado el"),
)
COUNTERS: Final = ("mod count", "sequence", "version", "event number", "step", "seq", "revision")
NEW: Final = ("new", "open", "opened", "created", "neu", "offen", "nouveau", "ouvert", "nuevo", "abierto", "registered")
RESOLVED: Final = ("resolved", "solved", "gelöst", "erledigt", "résolu", "resuelto", "completed", "fixed", "done")
CLOSED: Final = ("closed", "geschlossen", "abgeschlossen", "fermé", "clos", "cerrado")
LAST: Final = ("team", "assignee", "channel", "topic", "priority", "customer_id", "order_id")
MOST: Final = ("reopens", "handoffs")


def recognise(view: View) -> Found | None:
    """Return the tickets of an event log: many rows a ticket, a state that changes, and the time of each change."""
    ticket = view.find(terms("tickets", "ticket_id", plain=True))
    updated = view.find(UPDATED, TIMELY)
    state = _state(view)
    if ticket is None or updated is None or state is None or not view.repeats(ticket, 1.5):
        return None
    order = _order(view, updated)
    columns, used = _columns(view, order, {ticket, updated, state})
    times, doubts = _times(view, ticket, state, updated, order, used)
    columns = {"ticket_id": view.id_sql(ticket), **times, **columns}
    why = (
        f"many rows for each {ticket}, with {state} and {updated}: a help desk's log, folded into one row a ticket",
        f"the last event is the one with the latest {order.strip('()').replace(', ', ', then the greatest ')}",
    )
    mapping = view.mapping("tickets", columns, group=(view.sql(ticket),), why=why)
    return Found((mapping,), why, doubts)


def _state(view: View) -> str | None:
    """Return the column with the ticket's state: called so, with a few values that are no numbers."""
    for column in view.profile.columns:
        said = words(column.name)
        if said and said[-1] in ("state", "status", "statut", "estado", "stage") and 2 <= column.distinct <= 40:
            return column.name
    return None


def _order(view: View, updated: str) -> str:
    """Return the SQL by which the events of a ticket are ordered: the time, and a counter where times are equal."""
    counters = [
        view.find((name,), NUMERIC) for name in (*COUNTERS, *terms("tickets", "reopens"), *terms("tickets", "handoffs"))
    ]
    found = [name for name in dict.fromkeys(counters) if name]
    order = [updated, *(found[:1] if view.find(COUNTERS, NUMERIC) else found)]
    return f"({', '.join(view.sql(name) for name in order)})" if len(order) > 1 else view.sql(updated)


def _columns(view: View, order: str, used: set[str]) -> tuple[dict[str, str], set[str]]:
    """Return what the last event says of a ticket, and the greatest of what only grows."""
    columns: dict[str, str] = {}
    for name in (*LAST, "sla_met", "escalated"):
        found = view.find(terms("tickets", name), taken=used)
        if found is not None and view.column(found).filled:
            columns[name] = f"arg_max({view.id_sql(found)}, {order})"
            used.add(found)
    for name in MOST:
        found = view.find(terms("tickets", name), NUMERIC)
        if found is not None:
            columns[name] = f"max({view.sql(found)})"
            used.add(found)
    return columns, used


def _times(
    view: View, ticket: str, state: str, updated: str, order: str, used: set[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return when a ticket was opened, first handled and resolved, its last state, and what is doubtful in them."""
    opened = view.find(terms("tickets", "opened_at", plain=True), TIMELY, used)
    changed, stated = view.sql(updated), view.sql(state)
    columns = {"opened_at": f"min({view.sql(opened or updated)})"}
    first = _first_state(view, ticket, stated, order)
    if first is not None:
        columns["first_handled_at"] = f"min({changed}) filter (where {stated} <> {_text(first)})"
    seen = [example for example in view.column(state).examples if example.lower() in (*RESOLVED, *CLOSED)]
    ends = [example for example in seen if example.lower() in RESOLVED] or seen
    listed = ", ".join(_text(end) for end in ends)
    solved = f"{changed}) filter (where {stated} in ({listed}))"
    if ends:
        columns["first_resolved_at"] = f"min({solved}"
    resolved = view.find(terms("tickets", "resolved_at"), TIMELY)
    if resolved is not None:
        columns["resolved_at"] = f"max({view.sql(resolved)})"
    elif ends:
        columns["resolved_at"] = f"max({solved}"
    due = view.find(terms("tickets", "sla_due_at"), TIMELY)
    if due is not None:
        columns["sla_due_at"] = f"arg_max({view.sql(due)}, {order})"
    columns["status"] = f"arg_max({stated}, {order})"
    used.update(name for name in (opened, resolved, due) if name)
    return columns, _doubts(view, ticket, resolved, listed, stated, order)


def _first_state(view: View, ticket: str, state: str, order: str) -> str | None:
    """Return the state in which most tickets begin: asked of the file, else by its name."""
    firsts = f"select arg_min({state}, {order}) as s from file group by {view.sql(ticket)}"
    asked = view.rows(f"select s, count(*) from ({firsts}) group by s order by 2 desc, 1")
    if asked:
        return str(asked[0][0]) if asked[0][1] >= 0.5 * sum(row[1] for row in asked) else None
    examples = [
        example for column in view.profile.columns if view.sql(column.name) == state for example in column.examples
    ]
    return next((example for name in NEW for example in examples if example.lower() == name), None)


def _doubts(view: View, ticket: str, resolved: str | None, ends: str, state: str, order: str) -> tuple[str, ...]:
    """Say how many tickets end as solved without a time at which they were."""
    if resolved is None or not ends:
        return ()
    per_ticket = (
        f"select max({view.sql(resolved)}) as r, count(*) filter (where {state} in ({ends})) as n "
        f"from file group by {view.sql(ticket)}"
    )
    asked = view.rows(f"select count(*) filter (where r is null and n > 0), count(*) from ({per_ticket})")
    if not asked or not asked[0][0]:
        return ()
    return (
        f"{asked[0][0]:,} of {asked[0][1]:,} tickets reach {ends} but have no {resolved}; they count as not resolved",
    )


def _text(text: str) -> str:
    """Return a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
