"""How a value is judged: the least difference worth acting on, which way is better, how it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapport.core.outcome import Status

Scope = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell against the rest, as far as words need it: the scope, both means, the effect and the rows."""

    scope: Scope
    value: float
    baseline: float
    effect: float
    n: int


# Gives the title and the statement of what was found.
Say = Callable[[Difference], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How a value is judged: the least effect worth acting on, which way is better, how it is said.

    `binary` says that the value is 0 or 1. `worse` is the status of a cell on the wrong side. Cells with fewer than
    `min_rows` rows or `min_customers` customers are not tested.
    """

    input: str
    least: float
    better: str
    unit: str
    say: Say
    binary: bool | None = None
    worse: Status = Status.NONCONFORMING
    min_rows: int = 30
    min_customers: int = 10

    @property
    def direction(self) -> int:
        """+1 where more is worse, −1 where less is worse."""
        return 1 if self.better == "lower" else -1
