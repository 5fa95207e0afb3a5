"""Files with one row for each order, ticket, customer or payment, recognised by what their columns are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from rapport.core.source import Reading
from rapport.core.table import Column, Table, Type
from rapport.record import TABLES
from rapport.sources.choices import choice_sql, meaning
from rapport.sources.formats import reading_as
from rapport.sources.names import key, quoted, words
from rapport.sources.reading_sql import literal
from rapport.sources.terms import OWNERS, nouns_of, rank, tables_of, terms
from rapport.sources.view import NUMERIC, TIMELY, Found, View

NAMED: Final = 2.0
"""What it counts that the file's name says what is in it."""

ENOUGH: Final = 1.5
"""How much the columns' names must tell where the file's name does not; a name that one table alone uses tells 1."""

HALF: Final = 0.5
OTHERS: Final = frozenset({"user", "account", "member", "contact", "guest", "subscriber"})
"""Nouns of files that may hold customers, or may not."""

CENTS: Final = ("ch_", "in_", "pi_", "re_", "sub_", "si_", "txn_", "py_")
"""How ids of payment APIs begin that count money in cents."""

NO_CENTS: Final = "'jpy', 'krw', 'vnd', 'clp', 'isk', 'xaf', 'xof', 'xpf', 'pyg', 'ugx', 'rwf'"
ACCOUNT_STATES: Final = frozenset({"enabled", "disabled", "invited", "declined", "active", "inactive"})
"""A column called state that holds one of these is no region."""

GONE: Final = ("is deleted", "deleted", "fivetran deleted", "is test", "test")


def recognise(view: View) -> Found | None:
    """Return the mapping of a file to the table whose columns its columns sound like most."""
    named = tables_of(view.name)
    scored = [(_score(view, table, table.name in named), table) for table in TABLES.values()]
    score, table = max(scored, key=lambda pair: pair[0])
    if score <= 0:
        return None
    plain = table.name in named
    chosen = assign(view, table, plain=plain)
    columns = expressions(view, table, chosen)
    if plain:
        why = [f"the file's name says {table.name.replace('_', ' ')}; its columns fit"]
    else:
        why = [
            "columns called " + ", ".join(list(chosen.values())[:6]) + f" are those of {table.name.replace('_', ' ')}"
        ]
    where, reason = _left_out(view, table)
    why += [reason] if reason else []
    why += _cents_reason(view, table, columns)
    mapping = view.mapping(table.name, columns, where=where, why=why, readings=readings(view, table, chosen))
    buyer = chosen.get("customer_id", "") if table.name == "orders" else ""
    instead = (view.people(buyer, columns["customer_id"]),) if buyer else ()
    return Found((mapping,), tuple(why), _doubts(view, table, chosen, columns), instead)


def assign(view: View, table: Table, *, plain: bool, taken: Collection[str] = ()) -> dict[str, str]:
    """Return which column of the file each column of a table comes from; `plain` allows names such as id and date."""
    found: dict[str, str] = {}
    own = table.key[0]
    bare = view.by_key.get("id")
    telling = "id" in terms(table.name, own, plain=True) and view.by_key.get(key(own)) is None
    if plain and telling and bare is not None and bare not in taken and view.unique(bare):
        found[own] = bare
    for wide in (False, True) if plain else (False,):
        for column in table.columns:
            if column.name in found:
                continue
            for term in terms(table.name, column.name, plain=wide):
                name = view.by_key.get(term)
                if name and name not in taken and name not in found.values() and _suits(view, name, column):
                    found[column.name] = name
                    break
    if plain and table.name == "customers" and "customer_id" not in found and "email" in found:
        found["customer_id"] = found["email"]
    return {column.name: found[column.name] for column in table.columns if column.name in found}


def expressions(view: View, table: Table, chosen: Mapping[str, str], wrap: str = "{}") -> dict[str, str]:
    """Return the SQL of each chosen column; `wrap` is put around it, such as ``min({})`` in a group."""
    columns: dict[str, str] = {}
    for name, source in chosen.items():
        column = table.column(name)
        sql = view.id_sql(source) if column.type is Type.TEXT else quoted(source)
        if column.type is Type.MONEY and _in_cents(view, source):
            sql = _from_cents(view, sql)
        sql = wrap.format(sql)
        if name == "customer_id" and any("mail" in word for word in words(source)):
            sql = f"lower({sql})"
        if column.choices:
            known = choice_sql(table.name, name, sql, view.column(source).examples)
            if known is None:
                continue
            sql = known
        if name == "currency":
            sql = f"upper({sql})" if any(e.islower() for e in view.column(source).examples) else sql
        columns[name] = sql
    if any(column.name == "name" for column in table.columns):
        first, last = (view.find((f"{part} name", f"{part}name")) for part in ("first", "last"))
        if first and last:
            both = f"concat_ws(' ', {quoted(first)}, {quoted(last)})"
            columns["name"] = f"nullif({wrap.format(both)}, '')"
    return columns


def readings(view: View, table: Table, chosen: Mapping[str, str]) -> dict[str, Reading]:
    """Return the file's readings, with the type that the table wants where few values spoilt the column's own."""
    known = dict(view.readings)
    for name, source in chosen.items():
        type = table.column(name).type
        if type is not Type.TEXT and not _has(view, source, type):
            known[source] = reading_as(view.column(source), type, view.readings.values())
    return known


def _score(view: View, table: Table, named: bool) -> float:
    """Return how much a file sounds like a table; 0 where a required column is missing or too little is told."""
    full = assign(view, table, plain=named)
    own = table.key[0] if len(table.key) == 1 and table.name != "customers" else ""
    if any(name not in full and name != own for name in table.required) or len(full) < 2:
        return 0.0
    if table.name == "orders" and "customer_id" not in full and rank(view.name, "orders"):
        return 0.0
    if not named and own in table.required and own not in full:
        return 0.0
    strong = assign(view, table, plain=False)
    told = sum(1 / OWNERS[term] for name, source in strong.items() for term in _term(view, table, name, source))
    return told + NAMED if named else (told if told >= ENOUGH and len(strong) >= 3 else 0.0)


def _term(view: View, table: Table, name: str, source: str) -> list[str]:
    """Return the term by which a column was found."""
    return [term for term in terms(table.name, name) if view.by_key.get(term) == source][:1]


def _suits(view: View, source: str, column: Column) -> bool:
    """Say whether a column of the file can hold what a column of the record wants; an empty one holds nothing."""
    if not view.profile.rows:
        return True
    profile = view.column(source)
    if not profile.filled:
        return False
    if column.name in ("region", "state") and {example.lower() for example in profile.examples} & ACCOUNT_STATES:
        return False
    if column.type in (Type.TEXT, Type.MAP) or _has(view, source, column.type):
        return True
    wanted = reading_as(profile, column.type)
    return any(
        probe.type is wanted.type and count >= HALF * profile.filled for probe, count in profile.parsed.items()
    ) or (
        column.type is Type.MONEY
        and any(p.type in NUMERIC and n >= HALF * profile.filled for p, n in profile.parsed.items())
    )


def _has(view: View, source: str, type: Type) -> bool:
    """Say whether a column is already read as a type that will do."""
    read = view.type(source)
    if type in TIMELY:
        return read in TIMELY
    if type in NUMERIC:
        return read in NUMERIC
    if type is Type.BOOL:
        return read is Type.BOOL or (read is Type.COUNT and view.column(source).distinct <= 2)
    return True


def _in_cents(view: View, source: str) -> bool:
    """Say whether amounts are whole cents: whole numbers in a file whose ids are a payment API's."""
    if source not in view.readings or any("." in example for example in view.column(source).examples):
        return False
    ids = view.by_key.get("id")
    return ids is not None and any(example.startswith(CENTS) for example in view.column(ids).examples)


def _from_cents(view: View, sql: str) -> str:
    """Return an amount in whole units: a hundredth, but for currencies without cents."""
    currency = view.by_key.get("currency")
    if currency is None:
        return f"{sql} / 100"
    return f"case when lower({quoted(currency)}) in ({NO_CENTS}) then {sql} else {sql} / 100 end"


def _cents_reason(view: View, table: Table, columns: Mapping[str, str]) -> list[str]:
    """Say that amounts were divided."""
    money = [name for name, sql in columns.items() if "/ 100" in sql]
    return [f"ids such as those of a payment API: {', '.join(money)} in cents, so divided by 100"] if money else []


def _left_out(view: View, table: Table) -> tuple[str, str]:
    """Return the condition that leaves out rows marked as deleted or as tests, and staff among the customers."""
    parts: list[str] = []
    said: list[str] = []
    gone = next((found for name in GONE if (found := view.find((name,), (Type.BOOL,)))), None)
    if gone:
        parts.append(f"not coalesce({quoted(gone)}, false)")
        said.append(f"rows with {gone} are left out")
    role = view.find(("role", "user type", "type", "kind")) if table.name == "customers" else None
    if role:
        kinds = {e: meaning("messages", "author_kind", e) for e in view.column(role).examples}
        staff = [literal(example) for example, kind in kinds.items() if kind in ("agent", "bot")]
        if staff and "customer" in kinds.values():
            parts.append(f"coalesce({quoted(role)}, '') not in ({', '.join(staff)})")
            said.append(f"staff are left out: {role} {', '.join(staff)}")
    return " and ".join(parts), "; ".join(said)


def _doubts(view: View, table: Table, chosen: Mapping[str, str], columns: Mapping[str, str]) -> tuple[str, ...]:
    """Say what a person should look at."""
    doubts = []
    if table.name == "customers" and (common := nouns_of(view.name) & OTHERS):
        doubts.append(f"each {', '.join(sorted(common))} is taken for a customer")
    for name, source in chosen.items():
        if table.column(name).choices:
            odd = [e for e in view.column(source).examples if meaning(table.name, name, e) is None]
            if odd:
                doubts.append(f"{source}: {', '.join(odd[:5])} mean none of {', '.join(table.column(name).choices)}")
    if "refund_amount" in columns and "returned_at" not in columns:
        doubts.append("refunds have no date: they count in no past view")
    own = chosen.get(table.key[0])
    if own and len(table.key) == 1 and view.repeats(own, 1.0 + 1e-9):
        doubts.append(f"{own} comes back: of rows with the same one the last counts")
    return tuple(doubts)
