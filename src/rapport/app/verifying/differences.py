"""Compares what was printed with what was derived, leaf by leaf, and names the place of each difference."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TIME = "made_at"
CHAIN = (
    "schema",
    "engine",
    "settings",
    "snapshot",
    "inputs",
    "company",
    "currency",
    "as_of",
    "period",
    "fingerprint",
    "metrics",
    "comparisons",
    "findings",
    "audits",
    "categories",
    "reliability",
    "opinion",
    "roadmap",
)
"""The sections in the order in which one follows from another: the first difference is nearest to its cause."""

NAMES = ("id", "source", "name", "label", "month", "kind", "place", "code")
NOTHING = "nothing"
ROOM = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the audit does not say what is derived: `printed` and `derived` are texts for people.

    With `file` it is a file that is not the one that was audited: what it was and what it is.
    """

    place: str
    printed: str
    derived: str
    file: bool = False

    def __str__(self) -> str:
        """Return the line: ``place: printed A, derived B``."""
        before, after = ("was", "is") if self.file else ("printed", "derived")
        return f"{self.place}: {before} {self.printed}, {after} {self.derived}"


def compare(printed: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield every leaf that differs but the time of the audit; no tolerance: the same bytes or a difference."""
    keys = [*CHAIN, *sorted((printed.keys() | derived.keys()) - {*CHAIN, TIME})]
    for key in keys:
        if key in printed or key in derived:
            yield from _compared(printed.get(key, _Absent), derived.get(key, _Absent), key)


def leaves(value: Any) -> int:
    """Return how many numbers, texts, truths and nulls a parsed document holds."""
    if isinstance(value, Mapping):
        return sum(leaves(v) for v in value.values())
    return sum(leaves(v) for v in value) if isinstance(value, list) else 1


def named(run: Mapping[str, Any], path: str) -> str:
    """Return a path of the report (`metrics.3.value`) as it is named here: `metrics[nps].value`."""
    value: Any = run
    place = ""
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            names = _names(value)
            place += f"[{names[int(step)] if names else step}]"
            value = value[int(step)]
        else:
            place += f".{step}" if place else step
            value = value.get(step) if isinstance(value, Mapping) else None
    return place


class _Absent:
    """Stands where one of the two documents has nothing."""


def _compared(printed: Any, derived: Any, place: str) -> Iterator[Difference]:
    if isinstance(printed, Mapping) and isinstance(derived, Mapping):
        for key in sorted(printed.keys() | derived.keys()):
            yield from _compared(printed.get(key, _Absent), derived.get(key, _Absent), f"{place}.{key}")
    elif isinstance(printed, list) and isinstance(derived, list):
        for name, one, other in _pairs(printed, derived):
            yield from _compared(one, other, f"{place}[{name}]")
    elif not same(printed, derived):
        yield Difference(place, *in_words(printed, derived))


def same(printed: Any, derived: Any) -> bool:
    """Tell whether two leaves are written with the same bytes: 1 is not 1.0, and true is not 1."""
    if printed is _Absent or derived is _Absent:
        return printed is derived
    return type(printed) is type(derived) and json.dumps(printed) == json.dumps(derived)


def _pairs(printed: Sequence[Any], derived: Sequence[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the elements of two lists that belong together, each pair with its name.

    Elements of the same name belong together where names are unique, else those of the same position.
    """
    mine, theirs = _names(printed), _names(derived)
    if mine == theirs or mine is None or theirs is None:
        names = theirs or mine or [str(i) for i in range(max(len(printed), len(derived)))]
        for i, name in enumerate(names):
            one = printed[i] if i < len(printed) else _Absent
            yield name, one, derived[i] if i < len(derived) else _Absent
        return
    by_name = dict(zip(mine, printed, strict=True))
    left = [name for name in mine if name not in theirs]
    if sorted(mine) == sorted(theirs):
        yield "order", ", ".join(mine), ", ".join(theirs)
    for name, other in zip(theirs, derived, strict=True):
        renamed = len(mine) == len(theirs) and name not in by_name
        yield name, by_name[left.pop(0)] if renamed else by_name.get(name, _Absent), other
    for name in left:
        yield name, by_name[name], _Absent


def _names(items: Sequence[Any]) -> list[str] | None:
    """Return a readable name for each element of a list, None where they have none that are unique."""
    if not items or not all(isinstance(i, Mapping) for i in items):
        return None
    for key in NAMES:
        if all(isinstance(i.get(key), str) and i[key] for i in items):
            names = [i[key] + (f", {i['segment']}" if key == "id" and i.get("segment") else "") for i in items]
            if len(set(names)) == len(names):
                return names
    return None


def in_words(printed: Any, derived: Any) -> tuple[str, str]:
    """Return how two leaves are shown: of long texts the part where they part."""
    if isinstance(printed, str) and isinstance(derived, str) and max(len(printed), len(derived)) > ROOM:
        alike = next((i for i, (a, b) in enumerate(zip(printed, derived, strict=False)) if a != b), 0)
        alike = alike or (min(len(printed), len(derived)) if printed[:1] == derived[:1] else 0)
        start = max(0, alike - ROOM // 3)
        return _part(printed, start), _part(derived, start)
    return _word(printed), _word(derived)


def _part(text: str, start: int) -> str:
    end = start + ROOM
    return f"“{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}”"


def _word(value: Any) -> str:
    if value is _Absent:
        return NOTHING
    if isinstance(value, (Mapping, list)):
        return f"{'a list' if isinstance(value, list) else 'an entry'} of {len(value)}"
    if isinstance(value, str):
        return _part(value, 0)
    return json.dumps(value)
