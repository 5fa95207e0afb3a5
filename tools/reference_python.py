"""Draws what the package offers to programs: its public names, and the dataclasses a result is made of."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import rapport

HEADING = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)


def python_page() -> tuple[str, list[str]]:
    """Return the lead and the parts of the page of public names."""
    lead = (
        "`import rapport` gives these names and costs nothing until one of them is used. Whoever writes audits imports "
        "what [An audit of your own](../tutorials/your-own-audit.md) imports as well; these names are kept as "
        "carefully. Everything else in the package is a private house: it may change without notice."
    )
    return lead, [
        _name(name) for name in sorted(rapport.__all__, key=lambda n: (_group(n), n.lower())) if name[0] != "_"
    ]


def _group(name: str) -> int:
    thing = getattr(rapport, name)
    return 0 if inspect.isfunction(thing) else 1 if isinstance(thing, type) else 2


def _name(name: str) -> str:
    thing = getattr(rapport, name)
    kind = ("function", "class", "constant")[_group(name)]
    head = f"## `{name}` {{ #{kind}-{name.lower().replace('_', '-')} }}"
    if kind == "constant":
        return f"{head}\n\nThe tables of [the record](tables.md), by name: {len(thing)} of them."
    signature = f"```python\n{name}{_signature(thing)}\n```"
    return "\n\n".join([head, signature, docstring(inspect.getdoc(thing) or "")])


def _signature(thing: Any) -> str:
    """Return a signature as one reads it, one parameter a line where it is long."""
    if isinstance(thing, type) and not dataclasses.is_dataclass(thing):
        return ""
    found = inspect.signature(thing)
    words = [_parameter(p) for p in found.parameters.values()]
    named = [i for i, p in enumerate(found.parameters.values()) if p.kind is p.KEYWORD_ONLY]
    if named:
        words.insert(named[0], "*")
    returned = found.return_annotation
    ends = "" if returned in (found.empty, None, "None") else f" -> {returned}"
    short = f"({', '.join(words)}){ends}"
    return short if len(short) < 90 else "(\n" + "".join(f"    {word},\n" for word in words) + f"){ends}"


def _parameter(p: inspect.Parameter) -> str:
    stars = "**" if p.kind is p.VAR_KEYWORD else "*" if p.kind is p.VAR_POSITIONAL else ""
    words = f"{stars}{p.name}: {p.annotation}"
    if p.default is p.empty:
        return words
    if dataclasses.is_dataclass(p.default):
        return f"{words} = {type(p.default).__name__}()"
    plain = p.default is None or isinstance(p.default, (str, int, float, tuple, frozenset))
    return f"{words} = {p.default!r}" if plain else f"{words} = …"


def docstring(text: str) -> str:
    """Return a numpy docstring as Markdown: headings in bold, parameters as a list."""
    parts = HEADING.split(text)
    shown = [parts[0].strip()]
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        shown.append(f"**{title}**")
        shown.append(_listed(body))
    return "\n\n".join(part for part in shown if part)


def _listed(body: str) -> str:
    lines: list[str] = []
    for line in inspect.cleandoc(body).splitlines():
        names, colon, words = line.partition(" : ")
        if not line.strip():
            lines.append("")
        elif line.startswith(" ") and lines:
            lines[-1] += (" — " if lines[-1].endswith("`") else " ") + line.strip()
        elif colon:
            lines.append(f"- `{names}`: {words}")
        elif re.fullmatch(r"[A-Za-z_]+", line):
            lines.append(f"- `{line}`")
        elif lines and lines[-1]:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return "\n".join(lines)


def reachable(root: type) -> list[type]:
    """Return a dataclass and every dataclass that its fields hold, each once, the root first."""
    found: list[type] = []
    waiting = [root]
    while waiting:
        one = waiting.pop(0)
        if one in found:
            continue
        found.append(one)
        for hint in _hints(one).values():
            waiting += [inner for inner in _dataclasses(hint) if inner not in found]
    return found


def _hints(one: type) -> dict[str, Any]:
    hints = get_type_hints(one, vars(sys.modules[one.__module__]))
    return {field.name: hints[field.name] for field in dataclasses.fields(one)}


def _dataclasses(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    for part in get_args(hint):
        yield from _dataclasses(part)


def fields_of(one: type) -> list[tuple[str, str]]:
    """Return the fields of a dataclass with what each holds, in words of JSON."""
    return [(name, _holds(hint)) for name, hint in _hints(one).items()]


def _holds(hint: Any) -> str:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    plain = {
        str: "text",
        float: "number",
        int: "whole number",
        bool: "true or false",
        Any: "anything",
        type(None): "null",
    }
    if hint in plain:
        return plain[hint]
    origin, parts = getattr(hint, "__origin__", None), [p for p in get_args(hint) if p is not Ellipsis]
    if origin is tuple:
        return "a list of " + " or ".join(dict.fromkeys(_holds(p) for p in parts))
    if origin is not None and parts and str(origin).endswith("Mapping'>"):
        return f"an object: names and {_holds(parts[-1])}"
    if origin is not None and str(origin).endswith("Sequence'>"):
        return f"a list of {_holds(parts[0])}"
    if parts:
        return " or ".join(_holds(p) for p in parts)
    return "text" if isinstance(hint, type) and issubclass(hint, str) else "anything"
