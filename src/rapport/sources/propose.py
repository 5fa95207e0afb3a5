"""What each file seems to be and how it would feed the record: a proposal for a person to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.core.source import FileProfile, Reading, TableMapping
from rapport.sources.canonical import identity_mapping
from rapport.sources.view import Ask


@dataclass(frozen=True, slots=True)
class Proposal:
    """Mappings with what they leave out: `unused` are (file, column, why); `doubts` are what a person should check."""

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
    found = [identity_mapping(profile, readings[profile.name]) for profile in profiles]
    return Proposal(tuple(mapping for mapping in found if mapping is not None))
