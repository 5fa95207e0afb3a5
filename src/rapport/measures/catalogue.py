"""Knows every measure: the queries in files, and the tables that models compute from them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rapport.core.errors import QueryError
from rapport.measures import estimates
from rapport.measures.estimate import Estimate
from rapport.measures.query import Measure, read


@cache
def measures() -> Mapping[str, Measure]:
    """Return every measure of the package, by name: queries first, then estimates."""
    found: dict[str, Measure] = {}
    for one in (*_queries(), *_estimates()):
        if one.name in found:
            raise QueryError("two measures have this name", where=f"{one.folder}/{one.name}", todo="rename one")
        found[one.name] = one
    return found


def _queries() -> Iterator[Measure]:
    for folder, file in _files(files("rapport.measures")):
        yield read(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"), folder)


def _files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            for file in sorted(entry.iterdir(), key=lambda e: e.name):
                if file.name.endswith(".sql"):
                    yield entry.name, file


def _estimates() -> Iterator[Estimate]:
    for module in sorted(pkgutil.iter_modules(estimates.__path__), key=lambda m: m.name):
        for value in vars(importlib.import_module(f"{estimates.__name__}.{module.name}")).values():
            if isinstance(value, Estimate):
                yield value
