"""Turns opened files and their mappings into the record, and counts every line on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rapport.core.errors import InputError, OutputError
from rapport.core.run import InputFile
from rapport.core.source import Reading, TableMapping
from rapport.core.words import listed
from rapport.record import TABLES
from rapport.store.assembly import Assembled, assemble, only_latest, repeated
from rapport.store.connection import literal, one_row
from rapport.store.kept import Kept
from rapport.store.manifest import Manifest, TableEntry
from rapport.store.raw import RawFile
from rapport.store.rejects import create_rejects, why_rejected, write_rejects
from rapport.store.snapshot import commit, span_of, staging, with_loose, write_table
from rapport.store.staged import NotCountedError, Staged
from rapport.store.staging import assured, refuse_unreadable, stage
from rapport.store.tally import Tally, tally
from rapport.store.typing import used_columns

OWN = ("_source", "_line")
"""Columns that only a record of ours has; they are written anew."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file with how its columns are read and which tables it feeds."""

    raw: RawFile
    readings: Mapping[str, Reading]
    mappings: tuple[TableMapping, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all files: the zone of times and the currency of amounts without one."""

    timezone: str = "UTC"
    currency: str = ""


def import_record(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    rules: Rules,
    kept: Kept,
    out: Path,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> Manifest:
    """Evaluate all mappings, write the record and make it the current one; `sources` come in order of their names."""
    said = progress or (lambda _what, _share: None)
    create_rejects(connection)
    staged: list[Staged] = []
    tallies: dict[str, Tally] = {}
    fresh, repeated = _fresh(sources)
    for place, source in enumerate(fresh):
        if source.raw.rows:
            said(f"reading {source.raw.name}", place / len(fresh))
        mine = _stage(connection, source, rules, kept, len(staged))
        tallies[source.raw.name] = tally(connection, source.raw, mine)
        staged += mine
    with staging(out) as folder:
        try:
            assembled, entries = _all_written(connection, staged, folder, said)
        except NotCountedError:
            for place, one in enumerate(staged):
                if not one.counted:
                    staged[place] = assured(connection, one)
                    tallies[one.raw.name] = tally(connection, one.raw, [staged[place]])
            assembled, entries = _all_written(connection, staged, folder, said)
        if not assembled:
            raise _nothing(connection, fresh)
        rejected = why_rejected(connection)
        told = (*notes, *(f"{name}: {why}" for name, why in rejected.items()))
        tables = tuple(sorted(with_loose(connection, entries, folder), key=lambda t: t.name))
        told = (*told, *(_said_loose(t) for t in tables if t.loose))
        inputs = _inputs(fresh, repeated, tallies, assembled, rejected)
        manifest = commit(out, folder, tables, inputs, span_of(connection, tables, folder), told)
    write_rejects(connection, out)
    return manifest


def _fresh(sources: Sequence[Source]) -> tuple[list[Source], dict[str, tuple[Source, str]]]:
    """Separate files whose bytes were loaded before for the same tables; returns them with the name of the first."""
    first: dict[tuple[object, ...], str] = {}
    fresh: list[Source] = []
    repeated: dict[str, tuple[Source, str]] = {}
    for source in sources:
        if not source.mappings:
            continue
        same = (source.raw.sha256, source.raw.dialect.sheet, tuple(sorted(m.table for m in source.mappings)))
        if same in first:
            repeated[source.raw.name] = (source, first[same])
        else:
            first[same] = source.raw.name
            fresh.append(source)
    return fresh, repeated


def _stage(
    connection: duckdb.DuckDBPyConnection, source: Source, rules: Rules, kept: Kept, number: int
) -> list[Staged]:
    """Evaluate all mappings of one file; columns that none of them names become attributes."""
    raw = source.raw
    known = {name for mapping in source.mappings for name in used_columns(mapping, raw)}
    unknown = [c.name for c in raw.columns if c.name not in known and c.name not in OWN and not c.empty]
    again = len(source.mappings) > 1 or bool(source.mappings[0].group)
    found: list[Staged] = []
    for place, mapping in enumerate(source.mappings, start=number):
        zone = mapping.timezone or rules.timezone
        readings = {**source.readings, **mapping.readings}
        attributes = [] if mapping.group else unknown
        cells = kept.cells(raw, known, readings, zone, attributes, again=again)
        alone = len(source.mappings) == 1
        found.append(stage(connection, mapping, cells, attributes, zone, rules.currency, place, alone=alone))
    return found


def _all_written(
    connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged], folder: Path, said: Progress
) -> tuple[list[Assembled], list[TableEntry]]:
    """Put the tables together and write them."""
    made = (assemble(connection, t, [s for s in staged if s.table is t]) for t in TABLES.values())
    assembled = [one for one in made if one is not None]
    entries = []
    for place, one in enumerate(assembled):
        said(f"writing {one.table.name}", place / len(assembled))
        assembled[place], entry = _written(connection, one, folder)
        entries.append(entry)
    return assembled, entries


def _written(connection: duckdb.DuckDBPyConnection, assembled: Assembled, folder: Path) -> tuple[Assembled, TableEntry]:
    """Write a table; where a key turns out to stand twice, write it again with the last row of each."""
    try:
        entry = write_table(connection, assembled, folder)
    except OutputError as problem:
        full = isinstance(problem.__cause__, (duckdb.IOException, duckdb.OutOfMemoryException))
        if not full and not all(one.counted for one in assembled.staged):
            raise NotCountedError from problem
        for one in assembled.staged:
            refuse_unreadable(connection, one.raw)
        raise
    written = f"read_parquet({literal(str(folder / f'{assembled.table.name}.parquet'))})"
    if assembled.unsure and repeated(connection, assembled, written):
        assembled = only_latest(connection, assembled)
        entry = write_table(connection, assembled, folder)
    return assembled, entry


def _inputs(
    fresh: Sequence[Source],
    repeated: Mapping[str, tuple[Source, str]],
    tallies: Mapping[str, Tally],
    assembled: Sequence[Assembled],
    rejected: Mapping[str, str],
) -> tuple[InputFile, ...]:
    """Return what became of every file, in the order of their names."""
    found = []
    for source in fresh:
        name, counts = source.raw.name, tallies[source.raw.name]
        replaced = sum(a.replaced.get(name, 0) for a in assembled)
        notes = (*source.raw.notes, *([rejected[name]] if name in rejected else []))
        found.append(
            InputFile(name, _fed(source), counts.rows, counts.used, counts.rejected, replaced, source.raw.sha256, notes)
        )
    for name, (source, first) in repeated.items():
        said = (f"skipped: the same bytes as {first}",)
        found.append(InputFile(name, _fed(source), 0, 0, 0, 0, source.raw.sha256, said))
    return tuple(sorted(found, key=lambda i: i.source))


def _said_loose(table: TableEntry) -> str:
    what = "1 row is" if table.loose == 1 else f"{table.loose:,} rows are"
    return f"{table.name}: {what} of an order that orders does not have, and left out of every audit"


def _fed(source: Source) -> str:
    return ", ".join(sorted({m.table for m in source.mappings}))


def _nothing(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> InputError:
    """Return the error of an import that found no row it could use, with the most frequent reason."""
    row = one_row(
        connection,
        "SELECT source, line, reason FROM rejects "
        "ORDER BY count(*) OVER (PARTITION BY source, reason) DESC, source, line LIMIT 1",
    )
    if not row:
        names = listed([s.raw.name for s in sources])
        todo = "fill it in, or name another: rows below a header that names the columns"
        return InputError("there is no row below the header", where=names, todo=todo)
    where = f"{row[0]}, line {row[1]}"
    todo = "correct the file, or map its columns in rapport.toml, which rapport init writes"
    return InputError(f"no row can be used: {row[2]}", where=where, todo=todo)
