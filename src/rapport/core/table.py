"""What a table of the customer record is made of, and what each column may reveal about the past."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """The kinds of value a column can hold."""

    TEXT = "text"
    TIME = "time"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"
    BOOL = "bool"
    MAP = "map"


class Role(StrEnum):
    """What an as-of view does with a column (see `docs/explanation/record.md`)."""

    KEY = "key"
    EVENT = "event"
    OUTCOME = "outcome"
    PLAN = "plan"
    FIXED = "fixed"
    STATE = "state"


class Privacy(StrEnum):
    """How carefully a column must be handled."""

    OPEN = "open"
    IDENTIFIER = "identifier"
    PERSONAL = "personal"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    `of` names the time that dates an outcome; a time column with role outcome and no `of` dates itself.
    `choices` lists the only values allowed, where the list is closed.
    """

    name: str
    type: Type
    meaning: str
    role: Role = Role.FIXED
    required: bool = False
    privacy: Privacy = Privacy.OPEN
    of: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: what a row is, its columns and its key."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def event(self) -> str | None:
        """The name of the time from which a row exists, if the table has one of its own."""
        return next((c.name for c in self.columns if c.role is Role.EVENT), None)

    @property
    def customer(self) -> str | None:
        """The name of the column that says whose a row is, if the table has one; of a recommendation, who made it."""
        return next((c.name for c in self.columns if c.name in ("customer_id", "referrer_id")), None)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns without which a row is rejected."""
        return tuple(c.name for c in self.columns if c.required)


def key(name: str, meaning: str, *, required: bool = True, privacy: Privacy = Privacy.IDENTIFIER) -> Column:
    """Return a column that identifies a row, in this table or in another one."""
    return Column(name, Type.TEXT, meaning, Role.KEY, required=required, privacy=privacy)


def event(name: str, meaning: str, type: Type = Type.TIME, *, required: bool = True) -> Column:
    """Return the time from which a row exists."""
    return Column(name, type, meaning, Role.EVENT, required=required)


def outcome(
    name: str,
    type: Type,
    meaning: str,
    *,
    of: str | None = None,
    choices: tuple[str, ...] = (),
    privacy: Privacy = Privacy.OPEN,
) -> Column:
    """Return a column that becomes known later: at its own time, or at the time named by `of`."""
    return Column(name, type, meaning, Role.OUTCOME, of=of, choices=choices, privacy=privacy)


def plan(name: str, meaning: str, *, required: bool = False) -> Column:
    """Return a time that is known beforehand and kept although it lies in the future."""
    return Column(name, Type.TIME, meaning, Role.PLAN, required=required)


def fixed(
    name: str,
    type: Type,
    meaning: str,
    *,
    required: bool = False,
    choices: tuple[str, ...] = (),
    privacy: Privacy = Privacy.OPEN,
) -> Column:
    """Return a column that never changes once the row exists."""
    return Column(name, type, meaning, Role.FIXED, required=required, choices=choices, privacy=privacy)


def state(
    name: str, type: Type, meaning: str, *, choices: tuple[str, ...] = (), privacy: Privacy = Privacy.OPEN
) -> Column:
    """Return a column that the source overwrites without saying when: null in every past view."""
    return Column(name, type, meaning, Role.STATE, choices=choices, privacy=privacy)
