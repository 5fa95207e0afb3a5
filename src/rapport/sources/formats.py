"""How the cells of a file are read: every way that is tried, the SQL of each, and which one fits a column."""

from __future__ import annotations

from rapport.sources.choosing import ENOUGH, GUESS, choose, reading_as
from rapport.sources.probes import PROBES, pattern, probes_for
from rapport.sources.reading_sql import SQL_TYPES, sql_for
from rapport.sources.written import reading_of, written

__all__ = [
    "ENOUGH",
    "GUESS",
    "PROBES",
    "SQL_TYPES",
    "choose",
    "pattern",
    "probes_for",
    "reading_as",
    "reading_of",
    "sql_for",
    "written",
]
