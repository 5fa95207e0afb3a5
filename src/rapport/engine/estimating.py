"""Lets a model look at what it declared, now and as it was known before, and keeps the table it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from rapport.core.declarations import Facts
from rapport.core.errors import RegistryError
from rapport.measures.estimate import CannotTell, Estimate, Made, Whole


class Source(Protocol):
    """What answers for one moment (`engine.asking`)."""

    def columns(self, asked: Whole) -> pa.Table | None:
        """Return whole columns; None where the record cannot give them."""
        ...


@dataclass(frozen=True, slots=True)
class Looking:
    """What one estimate sees: exactly what it asks for.

    Parameters
    ----------
    estimate : whose questions are answered.
    facts : the view of the audit.
    present : answers as of `facts.as_of`.
    earlier : gives what answers as of an earlier moment, of a part of the customers or (None) of all.
    """

    estimate: Estimate
    facts: Facts
    present: Source
    earlier: Callable[[datetime, str | None], Source]

    def now(self) -> Mapping[str, pa.Table | None]:
        """Return what was asked for as it is known now."""
        return self._from(self.present)

    def at(self, moment: datetime, part: str | None = None) -> Mapping[str, pa.Table | None]:
        """Return what was asked for as it was known at an earlier moment, of a part of the customers or of all."""
        if moment >= self.facts.as_of:
            raise ValueError(f"{moment} is not before {self.facts.as_of}")
        return self._from(self.earlier(moment, part))

    def _from(self, source: Source) -> Mapping[str, pa.Table | None]:
        return Answers(self.estimate.asks, source)


@dataclass(frozen=True, slots=True)
class Answers(Mapping[str, "pa.Table | None"]):
    """What was asked for, by name, each computed when it is looked at: of a past moment often one thing is enough."""

    asks: Mapping[str, Whole]
    source: Source

    def __getitem__(self, name: str) -> pa.Table | None:
        """Return one answer."""
        return self.source.columns(self.asks[name])

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self.asks)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.asks)


class StoppedError(Exception):
    """An estimate crashed, so nothing can be said of what rests on it; the crash itself is the cause."""


def estimated(looking: Looking) -> Made | CannotTell:
    """Return what an estimate gives; its table must be the one it declared. Raises StoppedError where it crashes."""
    try:
        return _made(looking)
    except StoppedError:
        raise
    except Exception as problem:
        what = f"The estimate “{looking.estimate.name}” stopped with {type(problem).__name__}: {problem}"
        raise StoppedError(what) from problem


def _made(looking: Looking) -> Made | CannotTell:
    found = looking.estimate.run(looking)
    if isinstance(found, Made) and found.table.schema != looking.estimate.schema:
        raise RegistryError(
            f"it gives {found.table.schema.to_string()} and declares {looking.estimate.schema.to_string()}",
            where=f"estimate {looking.estimate.name}",
            todo="make the table the declared one",
        )
    return found
