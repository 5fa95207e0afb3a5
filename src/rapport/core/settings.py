"""How an audit was made: the program that made it, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapport.core.declarations import Declarations


@dataclass(frozen=True, slots=True)
class Engine:
    """Which program made this."""

    name: str
    version: str
    backend: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the audit was told: all that is needed, beside the record, to derive it again.

    `as_of` and `since` are the dates given with the command (None: not given), `declared` is what `rapport.toml` said.
    """

    seed: int = 1
    only: tuple[str, ...] = ()
    as_of: str | None = None
    since: str | None = None
    declared: Declarations = field(default_factory=Declarations)
