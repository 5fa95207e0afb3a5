"""Puts together what all files give to one table: the last row of a key wins, and amounts have one currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from rapport.core.errors import InputError
from rapport.core.table import Table, Type
from rapport.core.words import listed
from rapport.store.casting import empty
from rapport.store.connection import literal, one_row, quoted
from rapport.store.staged import NotCountedError, Staged
from rapport.store.staging import ATTRIBUTES

EXTRAS = (ATTRIBUTES, "_source", "_line")
"""The columns that every table has beside its own."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """All rows of one table of the record, in its order; `replaced` counts superseded lines, by source.

    `unsure` says that a key may stand twice, which shows when the rows are written; `rows_of` names their relation,
    of which `columns` are written, sorted by `order`.
    """

    table: Table
    query: str
    columns: str
    order: str
    rows_of: str
    staged: tuple[Staged, ...]
    replaced: Mapping[str, int]
    unsure: bool


def assemble(connection: duckdb.DuckDBPyConnection, table: Table, staged: Sequence[Staged]) -> Assembled | None:
    """Return the rows of a table, or None where no file gives it any."""
    some = [s for s in staged if s.rows]
    if not some:
        return None
    _one_currency(connection, table, some)
    source = f"assembled_{table.name}"
    filled = _filled(table, some)
    parts = [_part(s, place, filled) for place, s in enumerate(some)]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {source} AS {' UNION ALL '.join(parts)}")
    last = "_line" if len(some) == 1 and some[0].made_keys and not some[0].mapping.group else _key(table)
    order = ", ".join([*_turn(table, filled), last])
    stand = len(some) == 1 and _stand(connection, some[0], order)
    sort = "" if stand else f"ORDER BY {order}"
    # Keys that stand in order, each after the one before, cannot stand twice, nor can ids that were made of the line.
    unsure = not (stand or (all(s.made_keys for s in some) and len({s.raw.name for s in some}) == len(some)))
    columns = _columns(table, some, [s.raw.name for s in some])
    query = f"SELECT {columns} FROM (SELECT * FROM {source} {sort})"
    return Assembled(table, query, columns, order, source, tuple(some), {}, unsure)


def repeated(connection: duckdb.DuckDBPyConnection, assembled: Assembled, written: str) -> bool:
    """Whether some key stands twice among the rows that were written; in the order of the keys, neighbours tell."""
    keys = [quoted(name) for name in assembled.table.key]
    if assembled.order == ", ".join(keys):
        same = " AND ".join(f"{key} IS NOT DISTINCT FROM lag({key}) OVER ()" for key in keys)
        query = f"SELECT coalesce(bool_or(same), false) FROM (SELECT {same} AS same FROM {written})"
    else:
        # A key that stands twice has one digest; the rare others that share one are told apart below.
        digests = f"SELECT hash({', '.join(keys)}) AS h FROM {written} ORDER BY h"
        if not one_row(connection, f"SELECT bool_or(s) FROM (SELECT h = lag(h) OVER () AS s FROM ({digests}))")[0]:
            return False
        different = f"(SELECT count(*) FROM (SELECT DISTINCT {', '.join(keys)} FROM {written}))"
        query = f"SELECT count(*) > {different} FROM {written}"
    return bool(one_row(connection, query)[0])


def only_latest(connection: duckdb.DuckDBPyConnection, assembled: Assembled) -> Assembled:
    """Return the rows of a table in which the last row of a key has replaced those before it."""
    table, key = assembled.table, _key(assembled.table)
    ranked = f"ranked_{table.name}"
    connection.execute(
        f"CREATE TEMP TABLE {ranked} AS SELECT *, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY _load DESC, _line DESC) AS _rank FROM {assembled.rows_of}"
    )
    lost = connection.execute(
        f"SELECT _load, count(DISTINCT _line) FROM {ranked} WHERE _rank > 1 GROUP BY _load ORDER BY _load"
    ).fetchall()
    replaced: Counter[str] = Counter()
    for place, lines in lost:
        replaced[assembled.staged[int(place)].raw.name] += int(lines)
    query = f"SELECT {assembled.columns} FROM (SELECT * FROM {ranked} WHERE _rank = 1 ORDER BY {assembled.order})"
    return replace(assembled, query=query, replaced=dict(replaced), unsure=False)


def _turn(table: Table, filled: Collection[str]) -> list[str]:
    """Return by what a table is sorted before its key: what one customer did stands together, the first comes first.

    Grouping by customer and setting each beside the one before, which most questions do, are quicker then.
    """
    return [quoted(name) for name in (table.customer, table.event) if name and name in filled] if table.customer else []


def _key(table: Table) -> str:
    return ", ".join(quoted(k) for k in table.key)


def _filled(table: Table, staged: Sequence[Staged]) -> list[str]:
    """Return the columns that some file gives, and the key."""
    given = frozenset(table.key).union(*(s.columns for s in staged))
    return [n for n in (*(c.name for c in table.columns), ATTRIBUTES) if n in given]


def _columns(table: Table, staged: Sequence[Staged], sources: Sequence[str]) -> str:
    """Return the select list of a table over its sorted rows: what is the same in all of them need not be sorted."""
    kinds = [*((c.name, c.type) for c in table.columns), (ATTRIBUTES, Type.MAP)]
    filled = _filled(table, staged)
    cells = [quoted(n) if n in filled else f"{empty(kind)} AS {quoted(n)}" for n, kind in kinds]
    names = [literal(source) for source in sources]
    source = names[0] if len(names) == 1 else f"([{', '.join(names)}])[_load + 1]"
    return ", ".join([*cells, f"{source} AS _source", "_line"])


def _part(staged: Staged, place: int, filled: Sequence[str]) -> str:
    kinds = {ATTRIBUTES: Type.MAP, **{c.name: c.type for c in staged.table.columns}}
    cells = (quoted(n) if n in staged.columns else f"{empty(kinds[n])} AS {quoted(n)}" for n in filled)
    return f"SELECT {', '.join(cells)}, CAST({staged.line} AS BIGINT) AS _line, {place} AS _load FROM {staged.good}"


def _stand(connection: duckdb.DuckDBPyConnection, staged: Staged, order: str) -> bool:
    """Whether rows already stand in the order of one column, each after the one before; it is empty in no good row."""
    if order not in ("_line", *(quoted(name) for name in staged.columns)):
        return False
    back = f"{order} <= lag({order}) OVER () AS back"
    return not one_row(connection, f"SELECT 1 FROM (SELECT {back} FROM {staged.good}) WHERE back LIMIT 1")


def _one_currency(connection: duckdb.DuckDBPyConnection, table: Table, staged: Sequence[Staged]) -> None:
    """Refuse amounts of one table in several currencies: nobody has declared a rate.

    Raises
    ------
    NotCountedError
        Where one of them may be that of a row which must be rejected.
    """
    found: dict[str, str] = {}
    for one in staged:
        amounts = [c.name for c in table.columns if c.type is Type.MONEY and c.name in one.columns]
        if not amounts or "currency" not in one.columns:
            continue
        some = " OR ".join(f"{quoted(a)} IS NOT NULL" for a in amounts)
        query = (
            f"SELECT currency, min(_line) FROM {one.good} WHERE currency IS NOT NULL AND ({some}) "
            "GROUP BY currency ORDER BY 2, 1"
        )
        for currency, line in connection.execute(query).fetchall():
            found.setdefault(str(currency), f"{one.raw.name}, line {line}")
    if len(found) < 2:
        return
    if not all(s.counted for s in staged):
        raise NotCountedError
    files = " and ".join([*found.values()][:2])
    named = listed([*found])
    todo = "convert the amounts to one currency, or leave the other rows out with a mapping's where"
    raise InputError(
        f"{table.name} has amounts in {named}, and no rate between them is declared", where=files, todo=todo
    )
