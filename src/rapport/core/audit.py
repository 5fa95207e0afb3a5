"""How an audit and a metric are declared: everything they need is said beforehand, and they receive nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.core.errors import RegistryError
from rapport.core.inputs import Input
from rapport.core.interval import Interval
from rapport.core.outcome import Outcome

CATEGORIES = (
    "foundations",
    "engagement",
    "communication",
    "sentiment",
    "journey",
    "proactivity",
    "commitment",
    "promise",
    "value",
    "alignment",
)

SECTIONS = (
    "What it asks",
    "Why it matters",
    "How it is measured",
    "How it is scored",
    "What to do",
    "When it is wrong",
    "References",
)


@dataclass(frozen=True, slots=True)
class Audit:
    """One question about a company's customer relationships, and the pure function that answers it.

    `least_effect` is the smallest effect worth acting on, in `unit`; `criteria` says what should be, in words.
    `defect` is what the planted-defect benchmark does to a healthy company. `needs` names columns of the record
    without which it cannot look (`tickets.first_reply_at`; alternatives are joined by `|`).
    """

    id: str
    category: str
    question: str
    version: int
    criteria: str
    source: str
    least_effect: float
    unit: str
    inputs: Mapping[str, Input]
    defect: str
    owner: str
    run: Callable[..., Outcome] = field(repr=False)
    page: str = field(repr=False, default="")
    weight: float = 1.0
    optional: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()


def audit(
    *,
    question: str,
    criteria: str,
    source: str,
    least_effect: float,
    unit: str,
    inputs: Mapping[str, Input],
    defect: str,
    owner: str,
    version: int = 1,
    weight: float = 1.0,
    optional: frozenset[str] | set[str] = frozenset(),
    needs: tuple[str, ...] = (),
    category: str | None = None,
) -> Callable[[Callable[..., Outcome]], Audit]:
    """Turn a function into an audit; its parameters are the names in `inputs` and `facts`, nothing else.

    The id is the module's name with hyphens, the category its package, unless `category` says otherwise (for audits
    published by others). Inputs named in `optional` may be None where the data does not allow them.

    Raises
    ------
    RegistryError
        If the parameters are not the declared inputs, or the docstring lacks one of its sections.
    """

    def declare(run: Callable[..., Outcome]) -> Audit:
        parts = run.__module__.split(".")
        id_ = run.__name__.replace("_", "-")
        expected = {*inputs, "facts"}
        asked = set(inspect.signature(run).parameters)
        if asked != expected:
            raise RegistryError(
                f"it takes {sorted(asked)} and declares {sorted(expected)}",
                where=f"audit {id_}",
                todo="make the parameters the declared inputs and `facts`",
            )
        page = inspect.cleandoc(run.__doc__ or "")
        lacking = [s for s in SECTIONS if s not in page]
        if lacking:
            raise RegistryError(
                f"its docstring lacks {', '.join(lacking)}", where=f"audit {id_}", todo="write the section"
            )
        return Audit(
            id=id_,
            category=category or parts[-2],
            question=question,
            version=version,
            criteria=criteria,
            source=source,
            least_effect=least_effect,
            unit=unit,
            inputs=dict(inputs),
            defect=defect,
            owner=owner,
            run=run,
            page=page,
            weight=weight,
            optional=frozenset(optional),
            needs=needs,
        )

    return declare


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric that people quote: what it is, by which formula, who is counted, and how sure one can be."""

    id: str
    version: int
    name: str
    unit: str
    formula: str
    inclusion: str
    missing: str
    least_n: int
    interval: str
    source: str
    inputs: Mapping[str, Input]
    compute: Callable[..., Interval | Mapping[str, Interval] | None] = field(repr=False)
    higher_is_better: bool | None = None
    needs: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    trend_input: str | None = None

    @property
    def label(self) -> str:
        """The definition as printed beside a number, such as `nps@1`."""
        return f"{self.id}@{self.version}"


def metric(**words: Any) -> Callable[[Callable[..., Interval | Mapping[str, Interval] | None]], Definition]:
    """Turn a function of declared inputs into a metric definition; the words are the fields of `Definition`.

    A function that returns a mapping gives one value per segment (`promise=delivery-48h`).
    """

    def declare(compute: Callable[..., Interval | Mapping[str, Interval] | None]) -> Definition:
        definition = Definition(compute=compute, **words)
        asked = set(inspect.signature(compute).parameters)
        if asked != {*definition.inputs, "facts"}:
            raise RegistryError(
                f"it takes {sorted(asked)} and declares {sorted(definition.inputs)}",
                where=f"metric {definition.id}",
                todo="make the parameters the declared inputs and `facts`",
            )
        return definition

    return declare
