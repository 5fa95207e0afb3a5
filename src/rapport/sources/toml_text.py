"""The lines of rapport.toml that say how each file feeds the record, with the reasons beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from rapport.core.source import TableMapping
from rapport.sources.written import written


def to_toml(mappings: Sequence[TableMapping], reasons: Iterable[str] = ()) -> str:
    """Return the `[[mapping]]` sections of `rapport.toml`, each with its reasons as comments; `reasons` come first."""
    parts = [_comments(reasons)] if reasons else []
    parts += [_section(mapping) for mapping in mappings]
    return "\n".join(part for part in parts if part)


def _section(mapping: TableMapping) -> str:
    """Return one mapping as TOML."""
    lines = [
        _comments(mapping.reasons) + "[[mapping]]",
        f"file = {_text(mapping.file)}",
        f"table = {_text(mapping.table)}",
    ]
    if mapping.where:
        lines.append(f"where = {_text(mapping.where)}")
    if mapping.group:
        lines.append(f"group = [{', '.join(_text(name) for name in mapping.group)}]")
    if mapping.timezone:
        lines.append(f"timezone = {_text(mapping.timezone)}")
    lines += ["[mapping.columns]", *(f"{_key(name)} = {_text(sql)}" for name, sql in mapping.columns.items())]
    formats = {column: written(reading) for column, reading in mapping.readings.items()}
    told = {column: form for column, form in formats.items() if form}
    if told:
        lines.append("[mapping.formats]")
        for column, form in told.items():
            reason = _one_line(mapping.readings[column].reason)
            lines.append(f"{_key(column)} = {_text(form)}" + (f"  # {reason}" if reason else ""))
    return "\n".join(lines) + "\n"


def _comments(reasons: Iterable[str]) -> str:
    """Return the reasons as comment lines."""
    return "".join(f"# {_one_line(reason)}\n" for reason in reasons)


def _one_line(text: str) -> str:
    """Return the text on one line without control characters, which TOML comments may not hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _key(name: str) -> str:
    """Return a key as TOML writes it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(text: str) -> str:
    """Return a TOML string: literal quotes where the text holds double quotes only, else a basic string."""
    if '"' in text and "'" not in text and re.search(r"[\x00-\x1f\x7f]", text) is None:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
