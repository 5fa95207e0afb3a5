"""One file as the proposal sees it: its columns, how they are read, and questions that only the file can answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[[str, str], list[tuple[Any, ...]]]
"""Runs a SELECT over a typed file: (file, sql) to rows. The table is called `file`."""
