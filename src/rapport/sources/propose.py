"""What each file seems to be and how it would feed the record: a proposal for a person to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapport.core.source import FileProfile, Reading, TableMapping
from rapport.record import TABLES
from rapport.sources import event_log, invoice_lines, one_row, order_export, purchases, survey, threads
from rapport.sources.canonical import identity_mapping
from rapport.sources.formats import GUESS
from rapport.sources.mapping_check import columns_of
from rapport.sources.terms import nouns_of, rank, tables_of
from rapport.sources.view import Ask, Found, View

RECOGNISERS: Final[tuple[Callable[[View], Found | None], ...]] = (
    event_log.recognise,
    order_export.recognise,
    invoice_lines.recognise,
    threads.recognise,
    survey.recognise,
    purchases.recognise,
    one_row.recognise,
)
"""What a file may be, the most particular first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Mappings with what they leave out: `unused` are (file, column, why); `doubts` are what a person should check.

    The column of an unused file as a whole is empty.
    """

    mappings: tuple[TableMapping, ...]
    unused: tuple[tuple[str, str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def propose(
    profiles: Sequence[FileProfile], readings: Mapping[str, Mapping[str, Reading]], ask: Ask | None = None
) -> Proposal:
    """Return how the files would feed the record.

    `readings` are by file, then by column. `ask(file, sql)` runs a SELECT over the typed file, whose table is called
    `file`, and returns its rows; without it, what the profile leaves open becomes a doubt.
    """
    found = {profile.name: _recognise(profile, readings.get(profile.name, {}), ask) for profile in profiles}
    mappings = _once(_plainest([mapping for one in found.values() if one for mapping in one.mappings]))
    fed = {mapping.table for mapping in mappings}
    for one in found.values():
        for mapping in one.instead if one else ():
            if mapping.table not in fed:
                mappings.append(mapping)
    order = list(TABLES)
    mappings.sort(key=lambda mapping: order.index(mapping.table))
    feeding = {mapping.file for mapping in mappings}
    found = {name: one for name, one in found.items() if name in feeding}
    unused = [line for profile in profiles for line in _unused(profile, mappings)]
    reasons = [f"{name}: {why}" for name, one in found.items() if one for why in one.reasons]
    doubts = [f"{name}: {why}" for name, one in found.items() if one for why in one.doubts]
    return Proposal(tuple(mappings), tuple(unused), tuple(reasons), (*doubts, *_guesses(mappings)))


def _recognise(profile: FileProfile, readings: Mapping[str, Reading], ask: Ask | None) -> Found | None:
    """Return what a file is: the table that it is named after, or the first thing that it looks like."""
    same = identity_mapping(profile, readings)
    if same is not None:
        return Found((same,), same.reasons)
    view = View(profile, readings, ask)
    for recognise in RECOGNISERS:
        found = recognise(view)
        if found is not None:
            return found
    return None


def _plainest(mappings: list[TableMapping]) -> list[TableMapping]:
    """Keep, of several files of customers, those whose names say it most plainly: `customers` before `accounts`.

    Their ids would not agree; mappings of files that hold other things too are kept.
    """
    alone = Counter(mapping.file for mapping in mappings)
    ranks = {m.file: rank(m.file, m.table) for m in mappings if m.table == "customers" and alone[m.file] == 1}
    best = min(ranks.values(), default=0)
    return [m for m in mappings if m.table != "customers" or ranks.get(m.file, best) == best]


def _once(mappings: list[TableMapping]) -> list[TableMapping]:
    """Leave out the intents to pay where the charges are there too: the same money under two ids would count twice."""
    paid = {mapping.file for mapping in mappings if mapping.table == "payments"}
    if not any("charge" in nouns_of(file) for file in paid):
        return mappings
    return [m for m in mappings if m.table != "payments" or "payment intent" not in nouns_of(m.file)]


def _unused(profile: FileProfile, mappings: Sequence[TableMapping]) -> list[tuple[str, str, str]]:
    """Return the columns of a file that feed nothing, and why; the whole file, where it feeds nothing."""
    own = [mapping for mapping in mappings if mapping.file == profile.name]
    if not own:
        named = tables_of(profile.name)
        needed = f"{named[0]} come from elsewhere, or the columns they need were not found" if named else ""
        why = needed or "it looks like none of the tables"
        return [(profile.name, "", why)]
    used = {name.lower() for mapping in own for name in columns_of(mapping)}
    kept = any(not mapping.group for mapping in own)
    return [
        (profile.name, column.name, _why(column.filled, kept))
        for column in profile.columns
        if column.name.lower() not in used
    ]


def _why(filled: int, kept: bool) -> str:
    """Say why a column feeds nothing."""
    if not filled:
        return "empty"
    return "no table has it: kept in attributes" if kept else "no table has it"


def _guesses(mappings: Sequence[TableMapping]) -> tuple[str, ...]:
    """Return the readings of used columns that are guesses."""
    guesses: dict[str, None] = {}
    for mapping in mappings:
        for name in columns_of(mapping):
            reading = next((r for column, r in mapping.readings.items() if column.lower() == name.lower()), None)
            if reading is not None and reading.reason.startswith(GUESS):
                guesses[f"{mapping.file}, {reading.column}: {reading.reason}"] = None
    return tuple(guesses)
