"""Reads rapport.toml: what no table can hold, and how files feed the record."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rapport.app.config_model import Document
from rapport.core.declarations import Declarations
from rapport.core.errors import ConfigError
from rapport.core.source import TableMapping

FILE = "rapport.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """What was declared: `files` are the rapport.toml files that were read, the strongest first."""

    declared: Declarations = field(default_factory=Declarations)
    mappings: tuple[TableMapping, ...] = ()
    files: tuple[Path, ...] = ()


def read_config(source: Path, chosen: Path | None = None) -> tuple[Declarations, tuple[TableMapping, ...]]:
    """Return the declarations and the mappings of an audit; see `load_config`."""
    config = load_config(source, chosen)
    return config.declared, config.mappings


def load_config(source: Path | None = None, chosen: Path | None = None) -> Config:
    """Return what `--config` says and, below it, the rapport.toml of the source folder; defaults where neither speaks.

    A section of `--config` adds to the same section of the folder's file and wins where both have a key; lists
    (`[[promise]]`, `[[mapping]]` …) are replaced as a whole.
    """
    files = [] if chosen is None else [chosen]
    if source is not None and source.is_dir() and os.access(source / FILE, os.F_OK):
        files.append(source / FILE)
    merged: dict[str, Any] = {}
    for file in reversed(files):
        read = read_toml(file)
        _validated(read, file)
        merged = _over(merged, read)
    if not files:
        return Config()
    document = _validated(merged, files[0])
    where = str(files[0])
    return Config(document.declarations(where), document.mappings(where), tuple(files))


def read_toml(file: Path) -> dict[str, Any]:
    """Return a TOML file; raises ConfigError where it cannot be read as one."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as problem:
        raise ConfigError("there is no such file", where=str(file), todo="check the path") from problem
    except OSError as problem:
        todo = "check the file and its permissions"
        raise ConfigError(f"cannot be read: {problem.strerror}", where=str(file), todo=todo) from problem
    except UnicodeDecodeError as problem:
        raise ConfigError("is not UTF-8", where=str(file), todo="save it as UTF-8") from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"is not TOML: {problem}", where=str(file), todo="correct that place") from problem


def _validated(read: dict[str, Any], file: Path) -> Document:
    try:
        return Document.model_validate(read)
    except ValidationError as problem:
        raise _explained(problem, file) from problem


def _explained(problem: ValidationError, file: Path) -> ConfigError:
    """Return the first thing that is wrong, with its key as it is written and, for an unknown one, the nearest."""
    first = problem.errors(include_url=False)[0]
    path = _path(first["loc"])
    if first["type"] == "extra_forbidden":
        known = Document.keys_at(first["loc"][:-1])
        near = get_close_matches(str(first["loc"][-1]), known, n=1, cutoff=0.5)
        todo = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"
        return ConfigError(f"unknown key {path}", where=str(file), todo=todo)
    if first["type"] == "missing":
        return ConfigError(f"{path} is missing", where=str(file), todo="add it, or remove its section")
    said = first["msg"].removeprefix("Value error, ")
    return ConfigError(f"{path}: {said[:1].lower()}{said[1:]}", where=str(file), todo="correct the value")


def _path(loc: tuple[int | str, ...]) -> str:
    """Return a key as people count: the second promise's target is `promise[2].target`."""
    path = ""
    for part in loc:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        mine = merged.get(key)
        merged[key] = _over(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return merged
