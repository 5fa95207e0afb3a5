"""Asks the record whether some names are among its values, however many rows it has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rapport.store.connection import connected, literal, quoted

MOST_WORDS = 5
WORD = re.compile(r"[^\s,;:()\[\]<>\"/|·]+")


class Matching:
    """The Parquet files of a record, to be asked for names.

    Parameters
    ----------
    files : the file of each table.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._columns = {name: (file, frozenset(pq.read_schema(file).names)) for name, file in files.items()}

    def containing(self, names: Collection[str], columns: Iterable[tuple[str, str]]) -> set[str]:
        """Return the names that contain, as whole words in any case, a value of one of the columns (table, column)."""
        parts = [(part, name) for name in sorted(names) for part in _parts(name)]
        asked = pa.table({"part": [p for p, _ in parts], "name": [n for _, n in parts]})
        found: set[str] = set()
        with connected() as connection:
            connection.register("asked", asked)
            for table, column in columns:
                if parts and self._has(table, column):
                    value = f"lower(trim({quoted(column)}::VARCHAR))"
                    query = f"SELECT DISTINCT name FROM asked WHERE part IN (SELECT {value} FROM {self._table(table)})"
                    found |= {str(row[0]) for row in connection.execute(query).fetchall()}
        return found

    def at_least(self, number: int, columns: Iterable[tuple[str, str, str]]) -> set[str]:
        """Return the groups with so many different members in one of the tables: (table, group, member)."""
        found: set[str] = set()
        with connected() as connection:
            for table, group, member in columns:
                if self._has(table, group) and self._has(table, member):
                    query = (
                        f"SELECT {quoted(group)} FROM {self._table(table)} GROUP BY 1 "
                        f"HAVING count(DISTINCT {quoted(member)}) >= {number}"
                    )
                    found |= {str(row[0]) for row in connection.execute(query).fetchall()}
        return found

    def _table(self, table: str) -> str:
        return f"read_parquet({literal(str(self._columns[table][0]))})"

    def _has(self, table: str, column: str) -> bool:
        return table in self._columns and column in self._columns[table][1]


def _parts(name: str) -> set[str]:
    """Return a name as a whole and every run of up to five of its words."""
    words = [m.span() for m in WORD.finditer(name)]
    runs = {
        name[words[i][0] : words[j][1]] for i in range(len(words)) for j in range(i, min(i + MOST_WORDS, len(words)))
    }
    return {part.strip().lower() for part in (*runs, name)}
