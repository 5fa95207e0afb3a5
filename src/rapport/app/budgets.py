"""Reads budgets: the limits that an audit must keep, declared in a TOML file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from rapport.app.config import read_toml
from rapport.core.audit import CATEGORIES
from rapport.core.errors import ConfigError
from rapport.engine.opinion import SEVERITIES
from rapport.engine.registry import registry

OPINION = "opinion"
Bound = Literal["value", "low", "high"]


class Budget(BaseModel):
    """What every budget may say: `level = "warn"` is said and breaks nothing; `required = false` lets it be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["error", "warn"] = "error"
    required: bool = True
    why: str = ""


class Limited(Budget):
    """A limit on a number: on its value, or on a bound of its interval, so that noise does not break it."""

    id: str
    min: FiniteFloat | None = None
    max: FiniteFloat | None = None
    on: Bound = "value"

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("has neither min nor max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("has a min above its max")
        return self


class MetricBudget(Limited):
    """`[[metric]]`: a limit on a metric, in its unit (a share is 0 to 1); without `segment`, on each of its values."""

    segment: str | None = None


class ScoreBudget(Limited):
    """`[[score]]`: a limit on the score of the opinion, of a category or of an audit, 0 to 100."""


class FindingsBudget(Budget):
    """`[[findings]]`: how many findings there may be of a status, of a severity or worse, of an audit, of one id."""

    max: int = Field(default=0, ge=0)
    status: Literal["nonconforming", "opportunity"] = "nonconforming"
    severity: Literal["critical", "high", "medium", "low"] | None = None
    audit: str | None = None
    id: str | None = None


class ReliabilityBudget(Budget):
    """`[[reliability]]`: how far the record must be trusted at least."""

    at_least: Literal["unqualified", "qualified", "adverse"]


class Budgets(BaseModel):
    """A file of budgets, section by section."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: tuple[MetricBudget, ...] = ()
    score: tuple[ScoreBudget, ...] = ()
    findings: tuple[FindingsBudget, ...] = ()
    reliability: tuple[ReliabilityBudget, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """One budget with the line at which it begins (None where the file has no such line)."""

    budget: Budget
    line: int | None


def read_budgets(file: Path) -> tuple[Declared, ...]:
    """Return the budgets of a file in the order of its sections.

    Raises
    ------
    ConfigError
        For the first thing that is wrong, with its line and, for an unknown name, the nearest one.
    """
    read = read_toml(file)
    text = file.read_text(encoding="utf-8-sig")
    try:
        budgets = Budgets.model_validate(read)
    except ValidationError as problem:
        raise _explained(problem, text, file) from problem
    found: list[Declared] = []
    for section in Budgets.model_fields:
        for number, budget in enumerate(getattr(budgets, section)):
            for key, name, names in _named(budget):
                if name not in names:
                    where = f"{file}{_at(line_of(text, (section, number, key)))}"
                    raise _unknown("audit" if section == "findings" else section, name, names, where)
            found.append(Declared(budget, line_of(text, (section, number))))
    if not found:
        raise ConfigError("declares no budget", where=str(file), todo="add a [[metric]], [[score]] or [[findings]]")
    return tuple(found)


def _named(budget: Budget) -> Iterator[tuple[str, str, Collection[str]]]:
    """Yield what a budget names, each with its key and the names there are."""
    known = registry()
    if isinstance(budget, MetricBudget):
        yield "id", budget.id, known.metrics.keys()
    elif isinstance(budget, ScoreBudget):
        yield "id", budget.id, [OPINION, *CATEGORIES, *known.audits]
    elif isinstance(budget, FindingsBudget):
        if budget.audit is not None:
            yield "audit", budget.audit, known.audits.keys()
        if budget.id is not None:
            yield "id", budget.id.partition("/")[0], known.audits.keys()


def _unknown(what: str, name: str, names: Collection[str], where: str) -> ConfigError:
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    todo = f"did you mean {' or '.join(near)}?" if near else "see `rapport audits` and docs/reference"
    return ConfigError(f"there is no {what} “{name}”", where=where, todo=todo)


def _explained(problem: ValidationError, text: str, file: Path) -> ConfigError:
    first = problem.errors(include_url=False)[0]
    loc = first["loc"]
    where = f"{file}{_at(line_of(text, loc))}"
    name = str(loc[-1]) if loc else ""
    if first["type"] == "extra_forbidden":
        known = _keys(loc[:-1])
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        todo = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"
        return ConfigError(f"unknown key {name}", where=where, todo=todo)
    if first["type"] == "missing":
        return ConfigError(f"{name} is missing", where=where, todo="add it")
    if len(loc) == 1:
        return ConfigError(f"{name} is not a list of budgets", where=where, todo=f"write [[{name}]] above each")
    said = first["msg"].removeprefix("Value error, ")
    place = f"{name}: " if isinstance(loc[-1], str) else ""
    return ConfigError(f"{place}{said[:1].lower()}{said[1:]}", where=where, todo="correct the value")


def _keys(loc: Sequence[int | str]) -> list[str]:
    """Return the keys that may stand at a place of the file."""
    if not loc:
        return [*Budgets.model_fields]
    kinds: Mapping[str, type[Budget]] = {
        "metric": MetricBudget,
        "score": ScoreBudget,
        "findings": FindingsBudget,
        "reliability": ReliabilityBudget,
    }
    return [*kinds[str(loc[0])].model_fields]


def line_of(text: str, loc: Sequence[Any]) -> int | None:
    """Return the line of a key such as `("metric", 1, "id")`, else of its section; None where neither is a line."""
    lines = text.splitlines()
    section, number, key = (*loc, *[None] * 3)[:3]
    heads = _lines(lines, rf"\[+\s*{re.escape(str(section))}\s*\]")
    if not heads or not isinstance(number, int) or number >= len(heads):
        return next(iter(heads or _lines(lines, rf"{re.escape(str(section))}\s*=")), None)
    start = heads[number]
    end = next((n for n in _lines(lines, r"\[") if n > start), len(lines) + 1)
    keys = _lines(lines, rf"{re.escape(str(key))}\s*=") if key is not None else []
    return next((n for n in keys if start < n < end), start)


def _lines(lines: Sequence[str], pattern: str) -> list[int]:
    """Return the numbers of the lines that begin like a pattern, from 1."""
    return [n for n, line in enumerate(lines, start=1) if re.match(rf"\s*{pattern}", line)]


def _at(line: int | None) -> str:
    return f", line {line}" if line else ""


def worse_or_as_bad(severity: str) -> frozenset[str]:
    """Return the severities from the worst to the one given."""
    return frozenset(SEVERITIES[: SEVERITIES.index(severity) + 1])
