"""Every number on the page remembers its place in `audit.json`, so that anyone can check it there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ESCAPES = (("%", "%25"), (".", "%2E"), ("?", "%3F"), ("*", "%2A"))


class TracedInt(int):
    """A whole number that knows where it stands."""

    path: str


class TracedFloat(float):
    """A number that knows where it stands."""

    path: str


class TracedText(str):
    """A text that knows where it stands."""

    path: str


class TracedList(list[Any]):
    """A list that knows where it stands, so that its length can be checked too."""

    path: str


def trace(value: Any, path: str = "") -> Any:
    """Return the parsed document with each number, text and list knowing its path, such as `metrics.3.value`."""
    traced: Any
    if isinstance(value, Mapping):
        return {str(k): trace(v, join(path, str(k))) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        traced = TracedList(trace(v, join(path, str(i))) for i, v in enumerate(value))
    elif isinstance(value, bool) or value is None:
        return value
    elif isinstance(value, int):
        traced = TracedInt(value)
    elif isinstance(value, float):
        traced = TracedFloat(value)
    else:
        traced = TracedText(value)
    traced.path = path
    return traced


def join(path: str, key: str) -> str:
    """Return the path of a key below `path`; points in a key are written `%2E`."""
    for letter, code in ESCAPES:
        key = key.replace(letter, code)
    return f"{path}.{key}" if path else key


def path_of(value: Any) -> str:
    """Return where a traced value stands, empty for what was computed on the way."""
    return str(getattr(value, "path", ""))


def resolve(document: Any, path: str) -> Any:
    """Return what stands at a path of the parsed document.

    A `*` goes through every element of a list and adds up what it finds, nothing where nothing is known; a list itself
    counts as its length, and `audits?status=conforming` counts the elements that say so.

    Raises
    ------
    LookupError
        If nothing stands there.
    """
    steps, _, condition = path.partition("?")
    found = _walk(document, steps.split("."))
    if condition:
        key, _, wanted = condition.partition("=")
        return sum(1 for one in found if str(one.get(key, "")) == wanted)
    return len(found) if isinstance(found, list) else found


def _walk(value: Any, steps: list[str]) -> Any:
    for position, step in enumerate(steps):
        if step == "*":
            return sum(_walk(one, steps[position + 1 :]) or 0 for one in value)
        if isinstance(value, (list, tuple)):
            value = value[int(step)]
        elif isinstance(value, Mapping):
            value = value[_unescaped(step)]
        else:
            raise LookupError(f"nothing stands at {'.'.join(steps)}")
    return value


def _unescaped(step: str) -> str:
    for letter, code in reversed(ESCAPES):
        step = step.replace(code, letter)
    return step
