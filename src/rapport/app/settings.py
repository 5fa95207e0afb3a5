"""Reads back what an audit was told, so that the same audit can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rapport.core.canonical import plain
from rapport.core.declarations import Declarations
from rapport.core.errors import InputError
from rapport.core.settings import Settings


@cache
def _adapter() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)


def settings_of(run: Mapping[str, Any]) -> Settings:
    """Return the settings that a parsed `audit.json` holds.

    Raises
    ------
    InputError
        Where they are missing or of the wrong kind.
    """
    try:
        return _adapter().validate_python(run["settings"])
    except (KeyError, ValidationError) as problem:
        todo = "audit the source again"
        raise InputError("does not say what the audit was told (settings)", where="audit.json", todo=todo) from problem


def as_written(declared: Declarations) -> Declarations:
    """Return the declarations as `audit.json` holds them: what is used is what is written, to the last digit."""
    return _adapter().validate_python(plain(Settings(declared=declared))).declared
