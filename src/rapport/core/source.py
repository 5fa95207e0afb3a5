"""How a file of the outside world looks, and how it feeds the record."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from enum import StrEnum

from rapport.core.table import Type


class Kind(StrEnum):
    """The file formats that can be read."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the bytes of a text file become cells.

    `encoding` is a Python codec name; `quote` may be empty; `skip` counts lines before the header (a title, `sep=;`);
    `escape` stands before a quotation mark inside a text, where such a mark is not simply doubled; `unnamed` says that
    rows end with an empty cell for which the header has no name.
    """

    kind: Kind
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    sheet: str | None = None
    skip: int = 0
    escape: str = ""
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """One way to read text as a type, tried on a whole column.

    `format` is a strptime format for times and days (None: ISO 8601), or the decimal mark (`.` or `,`) for numbers.
    """

    type: Type
    format: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a whole column of a file holds, counted by the engine: `parsed` says how many values each probe can read.

    `native` is the type the file itself declares (Parquet, typed cells of a workbook), None for text. `examples` are
    distinct values, the most frequent first. `filled` leaves out empty cells and the usual words for nothing
    (`NA`, `null`, `?`, `-`).
    """

    name: str
    filled: int
    distinct: int
    examples: tuple[str, ...]
    native: Type | None = None
    parsed: MappingType[Probe, int] = field(default_factory=dict)
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True)
class FileProfile:
    """One file, profiled: its name relative to the source folder, its dialect, rows and columns."""

    name: str
    dialect: Dialect
    rows: int
    columns: tuple[ColumnProfile, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column of a file is read: its type and, for text, the probe's format. `reason` is for people."""

    column: str
    type: Type
    format: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one file feeds one table (a `[[mapping]]` of `rapport.toml`).

    `columns` maps canonical names to SQL expressions over the file's columns, as `readings` types them. With `group`,
    the file's rows are grouped and the expressions are aggregates. `reasons` says, for people, why it was proposed.
    """

    file: str
    table: str
    columns: MappingType[str, str]
    where: str = ""
    group: tuple[str, ...] = ()
    readings: MappingType[str, Reading] = field(default_factory=dict)
    timezone: str | None = None
    reasons: tuple[str, ...] = ()
