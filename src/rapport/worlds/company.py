"""What a simulated company is, and what one gets when it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from rapport.worlds.rules import Levers, Plant, Tables
from rapport.worlds.streams import Streams

END = date(2026, 5, 1)
"""The day of the export: the record ends with the midnight before it."""


@dataclass(frozen=True, slots=True)
class World:
    """A company's record, what it declares, and the truth that no record shows.

    `truth` becomes `truth.json`; `customers` has one row per customer: how content they are at the end, and when those
    who left without a word did so.
    """

    tables: Tables
    declarations_toml: str
    truth: dict[str, Any]
    customers: pa.Table


@dataclass(frozen=True, slots=True)
class Company:
    """A company that can be simulated.

    Attributes
    ----------
    id, name, says : how it is asked for, what it calls itself, what it is in one line.
    workdays : how many days of the week, Monday first, its desk is staffed.
    plants : the defects that can be planted into it.
    simulate : its life as the tables of the record, with what is still to come after the end, and its customers' truth.
    declare : its `rapport.toml`, given the end, the years of the record and the totals counted elsewhere.
    count : these totals, counted before anything happens to the record.
    """

    id: str
    name: str
    says: str
    workdays: int
    plants: Mapping[str, Plant]
    simulate: Callable[[Streams, Levers, int, list[date]], tuple[Tables, pa.Table]]
    declare: Callable[[date, range, Mapping[str, str]], str]
    count: Callable[[Tables], dict[str, str]]
