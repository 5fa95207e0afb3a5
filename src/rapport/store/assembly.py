"""Puts together what all files give to one table: the last row of a key wins, and amounts have one currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from rapport.core.errors import InputError
from rapport.core.table import Table, Type
from rapport.core.words import listed
from rapport.store.connection import quoted
from rapport.store.raw import counted
from rapport.store.staging import Staged

EXTRAS = ("attributes", "_source", "_line")
"""The columns that every table has beside its own."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """All rows of one table of the record, in the order of its key; `replaced` counts superseded lines, by source."""

    table: Table
    query: str
    rows: int
    replaced: Mapping[str, int]


def assemble(
    connection: duckdb.DuckDBPyConnection, table: Table, staged: Sequence[Staged], sources: Mapping[str, str]
) -> Assembled | None:
    """Return the rows of a table, or None where no file gives it any; `sources` names each file in `_source`."""
    some = [s for s in staged if s.rows]
    if not some:
        return None
    _one_currency(connection, table, some)
    rows = sum(s.rows for s in some)
    key = ", ".join(quoted(k) for k in table.key)
    source = f"assembled_{table.name}"
    parts = [_part(s, place, sources[s.raw.name]) for place, s in enumerate(some)]
    connection.execute(f"CREATE TEMP VIEW {source} AS {' UNION ALL '.join(parts)}")
    columns = ", ".join(quoted(c) for c in [*(c.name for c in table.columns), *EXTRAS])
    order = f"ORDER BY {key}"
    if len(some) == 1 and some[0].made_keys and not some[0].mapping.group:
        order = "" if _in_order(connection, some[0].name) else "ORDER BY _line"
    if not _repeated(connection, table, some, source, rows, key):
        return Assembled(table, f"SELECT {columns} FROM {source} {order}", rows, {})
    ranked = f"ranked_{table.name}"
    connection.execute(
        f"CREATE TEMP TABLE {ranked} AS SELECT *, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY _load DESC, _line DESC) AS _rank FROM {source}"
    )
    lost = connection.execute(
        f"SELECT _load, count(DISTINCT _line) FROM {ranked} WHERE _rank > 1 GROUP BY _load ORDER BY _load"
    ).fetchall()
    replaced: Counter[str] = Counter()
    for place, lines in lost:
        replaced[some[int(place)].raw.name] += int(lines)
    kept = counted(connection, f"{ranked} WHERE _rank = 1")
    return Assembled(table, f"SELECT {columns} FROM {ranked} WHERE _rank = 1 {order}", kept, dict(replaced))


def _part(staged: Staged, place: int, source: str) -> str:
    columns = ", ".join(quoted(c.name) for c in staged.table.columns)
    text = source.replace("'", "''")
    return (
        f"SELECT {columns}, attributes, '{text}' AS _source, CAST(_line AS BIGINT) AS _line, {place} AS _load "
        f"FROM {staged.name} WHERE _bad = 0"
    )


def _in_order(connection: duckdb.DuckDBPyConnection, staged: str) -> bool:
    """Whether the rows already stand in the order of their lines, so that they need not be sorted."""
    before = "_line < lag(_line) OVER ()"
    row = connection.execute(f"SELECT count(*) FROM (SELECT {before} AS back FROM {staged}) WHERE back").fetchone()
    return row is not None and row[0] == 0


def _repeated(
    connection: duckdb.DuckDBPyConnection, table: Table, staged: Sequence[Staged], source: str, rows: int, key: str
) -> bool:
    """Whether some key stands twice; ids that were made of the line cannot."""
    if all(s.made_keys for s in staged) and len({s.raw.name for s in staged}) == len(staged):
        return False
    row = connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {source})").fetchone()
    return row is None or row[0] != rows


def _one_currency(connection: duckdb.DuckDBPyConnection, table: Table, staged: Sequence[Staged]) -> None:
    """Refuse amounts of one table in several currencies: nobody has declared a rate."""
    amounts = [c.name for c in table.columns if c.type is Type.MONEY]
    if not amounts or "currency" not in {c.name for c in table.columns}:
        return
    some = " OR ".join(f"{quoted(a)} IS NOT NULL" for a in amounts)
    found: dict[str, str] = {}
    for one in staged:
        query = (
            f"SELECT currency, min(_line) FROM {one.name} WHERE _bad = 0 AND currency IS NOT NULL AND ({some}) "
            "GROUP BY currency ORDER BY 2, 1"
        )
        for currency, line in connection.execute(query).fetchall():
            found.setdefault(str(currency), f"{one.raw.name}, line {line}")
    if len(found) < 2:
        return
    files = " and ".join([*found.values()][:2])
    named = listed([*found])
    todo = "convert the amounts to one currency, or leave the other rows out with a mapping's where"
    raise InputError(
        f"{table.name} has amounts in {named}, and no rate between them is declared", where=files, todo=todo
    )
