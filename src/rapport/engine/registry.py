"""Knows every audit and every metric: the package's own and those that others publish as entry points."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from rapport.core.audit import CATEGORIES, Audit, Definition
from rapport.core.errors import RegistryError
from rapport.measures.catalogue import measures

GROUP = "rapport.audits"


@dataclass(frozen=True, slots=True)
class Registry:
    """The audits in the order of their categories, and the metrics, by id."""

    audits: Mapping[str, Audit]
    metrics: Mapping[str, Definition]


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    for found in sorted(pkgutil.walk_packages(root.__path__, f"{package}."), key=lambda m: m.name):
        yield importlib.import_module(found.name)


def _check(one: Audit, seen: Mapping[str, Audit]) -> None:
    """Refuse an audit that is malformed, before any runs."""
    where = f"audit {one.id}"
    if one.id in seen:
        raise RegistryError("two audits have this id", where=where, todo="rename one")
    if one.category not in CATEGORIES:
        raise RegistryError(
            f"its category “{one.category}” is not one of {', '.join(CATEGORIES)}",
            where=where,
            todo="put the file into one of these folders, or name the category",
        )
    if not one.question.endswith("?"):
        raise RegistryError("its question does not end in a question mark", where=where, todo="ask a question")
    if not one.defect:
        raise RegistryError("it names no planted defect", where=where, todo="say what the benchmark should plant")
    if one.least_effect < 0:
        raise RegistryError("its least effect is negative", where=where, todo="state the least effect worth acting on")
    unknown = sorted({asked.measure for asked in one.inputs.values()} - measures().keys())
    if unknown:
        raise RegistryError(f"it reads {', '.join(unknown)}, which no measure is called", where=where, todo="see docs")


@cache
def registry() -> Registry:
    """Return everything registered; raises RegistryError for the first thing that is malformed."""
    audits: dict[str, Audit] = {}
    found = [v for m in _modules("rapport.audits") for v in vars(m).values() if isinstance(v, Audit)]
    found += [e.load() for e in sorted(entry_points(group=GROUP), key=lambda e: e.name)]
    for one in sorted(found, key=lambda a: (CATEGORIES.index(a.category) if a.category in CATEGORIES else 99, a.id)):
        _check(one, audits)
        audits[one.id] = one
    metrics: dict[str, Definition] = {}
    for module in _modules("rapport.measures"):
        for value in vars(module).values():
            if isinstance(value, Definition) and value.id not in metrics:
                metrics[value.id] = value
    return Registry(audits, metrics)
