"""Brings a company's files into the record: look at them, decide how they are read, import, keep what was rejected."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from rapport.app.looking import Opened, open_all
from rapport.core.declarations import Declarations
from rapport.core.errors import InputError, MappingError
from rapport.core.source import FileProfile, Reading, TableMapping
from rapport.core.words import listed
from rapport.record import TABLES
from rapport.sources.canonical import identity_mapping, table_named
from rapport.sources.choosing import choose, reading_as
from rapport.sources.mapping_check import check_expressions
from rapport.sources.propose import Proposal, propose
from rapport.sources.reading_sql import sql_for
from rapport.store.asking import asker
from rapport.store.connection import connected
from rapport.store.ingest import Rules, Source, import_record
from rapport.store.kept import Kept
from rapport.store.manifest import Manifest
from rapport.store.typing import as_sql, bare_column

Progress = Callable[[str, float], None]
Readings = dict[str, dict[str, Reading]]


@dataclass(frozen=True, slots=True)
class Imported:
    """A record that was imported: what there is to say, the mappings used, and whether they were proposed."""

    manifest: Manifest
    notes: tuple[str, ...]
    mappings: tuple[TableMapping, ...]
    proposed: bool


def ingest(
    source: Path,
    out: Path,
    *,
    declared: Declarations | None = None,
    mappings: Sequence[TableMapping] = (),
    progress: Progress | None = None,
    threads: int | None = None,
) -> Imported:
    """Import a folder, a file or a zip into `OUT/record` and write `OUT/rejects.parquet`.

    Files that `mappings` name are read so; files that look like the record need none; where there are no mappings at
    all, one is proposed for the other files and said.
    """
    company = (declared or Declarations()).company
    said = progress or (lambda _what, _share: None)
    with tempfile.TemporaryDirectory(prefix="rapport-") as folder, connected(threads, Path(folder)) as connection:
        kept = Kept(connection, sql_for)
        opened, notes = open_all(connection, source, Path(folder), said, {m.file for m in mappings})
        readings = {o.name: choose(o.profile) for o in opened}
        if mappings:
            chosen = _declared(opened, readings, mappings)
            proposed, more = False, _not_used([o.name for o in _left(opened, chosen)])
        else:
            zone = company.timezone
            proposal = _proposal(opened, readings, asker(connection, [o.raw for o in opened], readings, kept, zone))
            chosen = list(proposal.mappings)
            proposed, more = _said(opened, proposal)
        _check(opened, chosen)
        if not chosen:
            raise _unknown(opened, source)
        notes = (*notes, *(f"{o.name}: {n}" for o in opened for n in o.raw.notes if _used(o, chosen)))
        sources = [Source(o.raw, readings[o.name], tuple(m for m in chosen if m.file == o.name)) for o in opened]
        rules = Rules(company.timezone, company.currency)
        notes = (*notes, *more)
        manifest = import_record(connection, sources, rules, kept, out, notes, said)
    return Imported(manifest, manifest.notes, tuple(chosen), proposed)


def look(
    source: Path, *, timezone: str = "UTC", progress: Progress | None = None
) -> tuple[tuple[FileProfile, ...], Proposal, tuple[str, ...]]:
    """Return what the files of a source hold, how they would feed the record, and what cannot be used."""
    said = progress or (lambda _what, _share: None)
    with tempfile.TemporaryDirectory(prefix="rapport-") as folder, connected(spill=Path(folder)) as connection:
        opened, notes = open_all(connection, source, Path(folder), said)
        readings = {o.name: choose(o.profile) for o in opened}
        ask = asker(connection, [o.raw for o in opened], readings, Kept(connection, sql_for), timezone)
        proposal = _proposal(opened, readings, ask)
        if not proposal.mappings:
            raise _unknown(opened, source)
        unused = [file for file, column, _ in proposal.unused if not column]
        return tuple(o.profile for o in opened), proposal, (*notes, *_not_used(unused))


def _proposal(
    opened: Sequence[Opened], readings: Readings, ask: Callable[[str, str], list[tuple[object, ...]]]
) -> Proposal:
    """Return the proposal; a sheet that is named after a table counts as a file of that name."""
    known = {o.known_as: o.name for o in opened}
    profiles = [replace(o.profile, name=o.known_as) for o in opened]
    read = {o.known_as: readings[o.name] for o in opened}
    proposal = propose(profiles, read, lambda file, sql: ask(known.get(file, file), sql))
    found = tuple(replace(m, file=known.get(m.file, m.file)) for m in proposal.mappings)
    unused = tuple((known.get(file, file), column, why) for file, column, why in proposal.unused)
    return replace(proposal, mappings=found, unused=unused)


def _declared(opened: Sequence[Opened], readings: Readings, mappings: Sequence[TableMapping]) -> list[TableMapping]:
    """Return the declared mappings with the readings they leave open, and those of files that look like the record."""
    by_name = {o.name: o for o in opened}
    found: list[TableMapping] = []
    for mapping in mappings:
        if mapping.file not in by_name:
            near = get_close_matches(mapping.file, list(by_name), n=1, cutoff=0.4)
            todo = f"did you mean {near[0]}?" if near else f"there are {', '.join(by_name)}"
            raise MappingError(f"there is no file {mapping.file!r}", where="rapport.toml, mapping", todo=todo)
        _refuse_incomplete(mapping)
        found.append(_completed(mapping, by_name[mapping.file], readings[mapping.file]))
    left = _left(opened, found)
    found += _proposal_of_records(left, readings)
    return found


def _refuse_incomplete(mapping: TableMapping) -> None:
    """Refuse a mapping that leaves out what every row must have; only an id is made where it is missing."""
    table = TABLES[mapping.table]
    lacking = [name for name in table.required if name not in mapping.columns and (name,) != table.key]
    if lacking:
        where = f"rapport.toml, mapping of {mapping.file} to {table.name}"
        raise MappingError(f"{listed(lacking)} must be there", where=where, todo="add it under [mapping.columns]")


def _proposal_of_records(left: Sequence[Opened], readings: Readings) -> list[TableMapping]:
    made = ((o, identity_mapping(replace(o.profile, name=o.known_as), readings[o.name])) for o in left)
    return [replace(m, file=o.name) for o, m in made if m is not None]


def _completed(mapping: TableMapping, opened: Opened, readings: Mapping[str, Reading]) -> TableMapping:
    """Return a mapping in which a column that feeds a time, a number … is read as one, whatever its cells look like."""
    profiles = {c.name.lower(): c for c in opened.profile.columns}
    for column in mapping.readings:
        if column.lower() not in profiles:
            near = get_close_matches(column, [c.name for c in opened.profile.columns], n=1)
            todo = f"did you mean {near[0]}?" if near else "name a column of the file"
            where = f"rapport.toml, mapping of {mapping.file}, formats"
            raise MappingError(f"the file has no column {column!r}", where=where, todo=todo)
    read = {
        profiles[name.lower()].name: replace(r, column=profiles[name.lower()].name)
        for name, r in mapping.readings.items()
    }
    columns = {name: as_sql(sql, opened.raw.columns) for name, sql in mapping.columns.items()}
    for name, sql in columns.items():
        bare = bare_column(sql, opened.raw.columns)
        if bare is not None and bare not in read:
            wanted = TABLES[mapping.table].column(name).type
            read[bare] = reading_as(profiles[bare.lower()], wanted, readings.values())
    group = tuple(as_sql(g, opened.raw.columns) for g in mapping.group)
    return replace(mapping, columns=columns, group=group, readings=read)


def _left(opened: Sequence[Opened], chosen: Sequence[TableMapping]) -> list[Opened]:
    named = {m.file for m in chosen}
    return [o for o in opened if o.name not in named]


def _said(opened: Sequence[Opened], proposal: Proposal) -> tuple[bool, list[str]]:
    """Return whether anything had to be proposed beyond files that look like the record, and what to say about it."""
    named = {m.file for m in proposal.mappings if not _is_record(m, opened)}
    notes = [f"{file}: not in a form that is known; how it feeds the record was proposed" for file in sorted(named)]
    notes += [f"{m.file} → {m.table}: {reason}" for m in proposal.mappings if m.file in named for reason in m.reasons]
    notes += [f"to check: {doubt}" for doubt in proposal.doubts]
    notes += _not_used([o.name for o in _left(opened, proposal.mappings)])
    return bool(named), notes


def _not_used(names: Sequence[str]) -> list[str]:
    """Return one line on all the files that feed no table."""
    files = "1 file" if len(names) == 1 else f"{len(names)} files"
    return [f"not used, for no table takes it: {files} ({listed(names)})"] if names else []


def _used(opened: Opened, mappings: Sequence[TableMapping]) -> bool:
    return any(m.file == opened.name for m in mappings)


def _is_record(mapping: TableMapping, opened: Sequence[Opened]) -> bool:
    known = next(o.known_as for o in opened if o.name == mapping.file)
    table = table_named(known)
    return table is not None and table.name == mapping.table and not mapping.group


def _check(opened: Sequence[Opened], mappings: Sequence[TableMapping]) -> None:
    columns = {o.name: [c.name for c in o.raw.columns] for o in opened}
    for mapping in mappings:
        check_expressions(mapping, columns[mapping.file], "rapport.toml")


def _unknown(opened: Sequence[Opened], source: Path) -> InputError:
    """Return the error of a source of which nothing can be used, with what the file that comes nearest lacks."""
    for one in opened:
        table = table_named(one.known_as)
        if table is not None:
            here = {c.name.lower() for c in one.raw.columns}
            lacking = listed([name for name in table.required if name not in here])
            seen = listed([c.name for c in one.raw.columns])
            todo = f"its first line must name the columns (it has {seen}), or map them in rapport.toml"
            return InputError(f"{table.name} need the column {lacking}", where=one.name, todo=todo)
    names = listed([o.name for o in opened])
    todo = "name the file after a table (orders.csv), or write a [[mapping]] into rapport.toml"
    return InputError(f"no file looks like something the record holds ({names})", where=str(source), todo=todo)
