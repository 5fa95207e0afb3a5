"""How the same thing counted under several definitions is declared: one picture, a value for each definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.core.declarations import Facts
from rapport.core.inputs import Input


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same cases under several definitions, side by side.

    `compute` receives the answers to the declared inputs by name (those in `optional` may be None) and the facts. It
    returns what stands in the run's `comparisons` (None for too few cases): `id`, `name`, `unit`, `text`, `values`
    (each with `id`, `name`, `value`, `low`, `high`, `n`, `rule`) and `differences` (each with `why`, `n` and `text`:
    the cases that one definition counts otherwise).
    """

    id: str
    name: str
    inputs: Mapping[str, Input]
    compute: Callable[[Mapping[str, Any], Facts], Mapping[str, Any] | None] = field(repr=False)
    needs: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
