"""Opens an imported record for an audit: the moment to look from, the period, the calendar and the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rapport.core.canonical import digest
from rapport.core.declarations import Declarations, Facts
from rapport.core.errors import InputError, UsageError
from rapport.core.run import Snapshot, SnapshotTable
from rapport.core.words import listed
from rapport.engine.record import Record
from rapport.measures.asof import View
from rapport.measures.catalogue import measures
from rapport.measures.parameters import parameters
from rapport.record import TABLES
from rapport.record.calendar import CALENDAR
from rapport.store.calendar import calendar_table, write_calendar, zone_of
from rapport.store.connection import connect
from rapport.store.database import Database
from rapport.store.lookup import commonest
from rapport.store.manifest import Manifest

FIRST_YEAR, LAST_YEAR = 1970, 2100
MONEY_TABLES = ("orders", "subscriptions", "payments", "deals", "spend")


def moment(text: str, zone: ZoneInfo, option: str) -> datetime:
    """Return a day or a time given by a person as naive UTC; a day is its midnight in the company's zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"“{text}” is no date", where=option, todo="write it as 2026-01-31") from problem
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        todo = "the record holds no other times"
        raise UsageError(f"“{text}” is outside {FIRST_YEAR}–{LAST_YEAR}", where=option, todo=todo)
    return _naive(read if read.tzinfo else read.replace(tzinfo=zone))


def _naive(aware: datetime) -> datetime:
    return aware.astimezone(UTC).replace(tzinfo=None)


def midnight_after(latest: datetime, zone: ZoneInfo) -> datetime:
    """Return the first midnight in the company's zone after a naive UTC time, as naive UTC."""
    local = latest.replace(tzinfo=UTC).astimezone(zone)
    return _naive(datetime.combine(local.date() + timedelta(days=1), time(), zone))


def _midnight_before(earliest: datetime, zone: ZoneInfo) -> datetime:
    local = earliest.replace(tzinfo=UTC).astimezone(zone)
    return _naive(datetime.combine(local.date(), time(), zone))


def facts_of(manifest: Manifest, declared: Declarations, as_of: str | None, since: str | None) -> Facts:
    """Return the view of an audit: `--as-of`, else the declared one, else the midnight after the latest event.

    Raises UsageError where the dates are no dates or leave no period.
    """
    zone = zone_of(declared.company.timezone)
    latest = manifest.latest or datetime(1970, 1, 2)
    earliest = manifest.earliest or datetime(1970, 1, 1)
    given = as_of or declared.company.as_of
    cut = moment(given, zone, "--as-of" if as_of else "rapport.toml, company.as_of") if given else None
    if cut is None and manifest.latest is None:
        todo = "add a column that says when it happened, such as created_at, or name a day with --as-of"
        raise InputError("no row has a time, so that there is no period to audit", where=_files(manifest), todo=todo)
    end = cut or midnight_after(latest, zone)
    begin = _midnight_before(earliest, zone)
    start = moment(since, zone, "--since") if since else begin
    if start >= end:
        raise UsageError(
            f"the period would begin on {start:%Y-%m-%d} and end on {end:%Y-%m-%d}",
            where="--since" if since else "--as-of",
            todo="choose dates with rows of the record between them",
        )
    return Facts(as_of=end, start=start, record_start=begin, declared=declared)


def _files(manifest: Manifest) -> str:
    return listed([i.source for i in manifest.inputs])


def open_record(
    manifest: Manifest,
    declared: Declarations,
    out: Path,
    *,
    as_of: str | None = None,
    since: str | None = None,
    threads: int | None = None,
) -> Record:
    """Return the record ready to be audited; the calendar is written beside the snapshots, named by its content."""
    facts = facts_of(manifest, declared, as_of, since)
    files = manifest.files()
    columns = {t.name: frozenset(c for c, n in t.filled.items() if n) for t in manifest.tables}
    files[CALENDAR.name] = _calendar(facts, manifest, out)
    columns[CALENDAR.name] = frozenset(c.name for c in CALENDAR.columns)
    present = manifest.latest is None or facts.as_of > manifest.latest
    connection = connect(threads)
    dated = frozenset(t.name for t in manifest.tables if t.filled.get(TABLES[t.name].event or "") == t.rows)
    # all that ever happened lies before the cut-off: then so does each row that has a date, or is of an order that has
    whole = frozenset(t.name for t in manifest.tables if present and (t.name in dated or t.loose == 0))
    view = View(facts.as_of, present, columns, whole, dated)
    database = Database(connection, files, view, measures(), parameters(facts), out)
    facts = replace(facts, currency=declared.company.currency or _currency(manifest))
    path = manifest.path.relative_to(out).as_posix()
    return Record(
        database=database,
        filled={t.name: t.filled for t in manifest.tables if t.rows},
        snapshot=Snapshot(manifest.id, path, tuple(SnapshotTable(t.name, t.rows, t.sha256) for t in manifest.tables)),
        inputs=manifest.inputs,
        facts=facts,
        backend=f"duckdb {database.version()}",
        notes=manifest.notes,
        given_as_of=as_of,
        given_since=since,
    )


def _calendar(facts: Facts, manifest: Manifest, out: Path) -> Path:
    """Write the calendar of the audited time and return its file."""
    begin = min(facts.start, manifest.earliest or facts.start).date() - timedelta(days=2)
    end = max(facts.as_of, manifest.latest or facts.as_of).date() + timedelta(days=2)
    declared = facts.declared.calendar
    name = digest({"calendar": declared, "begin": begin, "end": end})
    path = out / "record" / f"calendar-{name[:16]}.parquet"
    if not path.exists():
        write_calendar(calendar_table(declared, max(begin, date(1969, 12, 30)), end), path)
    return path


def _currency(manifest: Manifest) -> str:
    """Return the one currency that the record's amounts are in; empty where none is given."""
    for name in MONEY_TABLES:
        table = manifest.table(name)
        if table is not None and table.filled.get("currency"):
            found = commonest(manifest.files()[name], "currency")
            if found:
                return found
    return ""
