"""Builds a company that does not exist, in seconds, with or without things gone wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from rapport.core.errors import UsageError
from rapport.worlds.clock import DAY, WorkTime, month_starts, seconds, to_utc
from rapport.worlds.company import END, Company, World
from rapport.worlds.export import known_by
from rapport.worlds.oracles import foreseen
from rapport.worlds.rules import Levers, Tables
from rapport.worlds.shop import SHOP
from rapport.worlds.streams import Streams
from rapport.worlds.subscription.company import SUBSCRIPTION
from rapport.worlds.twins import TWINS, Twin

SCHEMA = "rapport.truth/1"
MOST_MONTHS = 99
T = TypeVar("T", Company, Twin)
WORLDS: dict[str, Company] = {company.id: company for company in (SHOP, SUBSCRIPTION)}
"""The companies that can be built, by the name by which they are asked for."""


def build(
    name: str,
    customers: int = 3000,
    months: int = 24,
    seed: int = 1,
    plants: Mapping[str, float | None] | None = None,
    twin: str | None = None,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> World:
    """Return a company with defects planted in it, or its twin.

    The same arguments give the same world; a plant changes what it causes and nothing else.

    Parameters
    ----------
    name : one of `WORLDS`.
    customers, months : its size; the record ends with April 2026.
    seed : another one is another company.
    plants : audit id and dose, None for the default dose; none: a healthy company.
    twin : one of `TWINS`, a company like this one on which an auditor must stay quiet.
    progress : told the name of each stage and the share of it done.

    Raises
    ------
    UsageError
        If a name is unknown, a number impossible, or a plant and a twin exclude each other.
    """
    made = blueprint(name, customers, months, seed, plants, twin)
    company = made.company
    progress(f"inventing {company.name}", 0.0)
    tables, totals, truth = made.record(made.customers)
    progress(f"inventing {company.name}", 0.8)
    for plant in made.planted:
        at_home = company.plants[plant["id"]].measured
        plant["oracle"] = foreseen(tables, plant, seconds(END)) if at_home else None
    progress(f"inventing {company.name}", 1.0)
    return World(_sorted(tables), made.declared(totals), made.told(truth), truth)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A company as it was asked for, checked and with its defects laid out, before anybody lives in it."""

    company: Company
    like: Twin
    customers: int
    months: int
    seed: int
    twin: str | None
    levers: Levers
    planted: list[dict[str, Any]]

    def record(self, customers: int, block: int = 0) -> tuple[Tables, dict[str, str], pa.Table]:
        """Return the record of so many customers, the totals counted before it was spoiled, and the customers' truth.

        `block` tells apart the parts of a company too large to be built at once.
        """
        streams = Streams(self.seed, block)
        starts = month_starts(END, self.months)
        tables, truth = self.company.simulate(streams, self.levers, customers, starts)
        desk = WorkTime.of(starts[0] - timedelta(20), END + timedelta(120), days=self.company.workdays)
        tables = self.like.record(tables, desk, streams.pack(f"twin/{self.like.id}"))
        tables = known_by(tables, int(to_utc(np.array([seconds(END)]))[0]))
        for said, deed in self.levers.deeds:
            tables = deed(tables, streams.pack(f"spoil/{said}"))
        totals = self.company.count(tables)
        for said, spoil in self.levers.spoils:
            tables = spoil(tables, streams.pack(f"spoil/{said}"))
        return tables, totals, truth

    def declared(self, totals: Mapping[str, str]) -> str:
        """Return the company's `rapport.toml`."""
        return self.company.declare(END, range(month_starts(END, self.months)[0].year, END.year + 1), totals)

    def told(self, truth: pa.Table) -> dict[str, Any]:
        """Return what stands in `truth.json`; `truth` is that of the customers."""
        start = month_starts(END, self.months)[0]
        return {
            "schema": SCHEMA,
            "world": self.company.id,
            "company": self.company.name,
            "seed": self.seed,
            "customers": self.customers,
            "months": self.months,
            "period": {"start": start.isoformat(), "end": END.isoformat()},
            "twin": self.twin,
            "planted": self.planted,
            "satisfaction": _spread(truth["satisfaction"]),
        }


def blueprint(
    name: str, customers: int, months: int, seed: int, plants: Mapping[str, float | None] | None, twin: str | None
) -> Blueprint:
    """Return what is to be built; see `build` for what is asked and refused."""
    company = _chosen(WORLDS, name, "world")
    like = _chosen(TWINS, twin, "twin") if twin is not None else TWINS["clean"]
    wanted = _doses(company, plants or {})
    if twin == "clean" and wanted:
        raise UsageError("in a clean twin nothing is planted", todo="leave out the plants or the twin")
    _possible(customers, months)
    end = seconds(END)
    levers = Levers(ago=lambda back: end - int(back * 30.4375) * DAY)
    like.lever(levers)
    planted = [_said(company, id_, dose, levers) for id_, dose in wanted.items()]
    return Blueprint(company, like, min(customers, like.most or customers), months, seed, twin, levers, planted)


def _chosen(among: Mapping[str, T], name: str, what: str) -> T:
    if name not in among:
        near = get_close_matches(name, among, 1)
        todo = f"did you mean {near[0]}?" if near else f"choose from {', '.join(among)}"
        raise UsageError(f"no {what} is called {name!r}", todo=todo)
    return among[name]


def _doses(company: Company, plants: Mapping[str, float | None]) -> dict[str, float]:
    for id_ in plants:
        if id_ not in company.plants:
            near = get_close_matches(id_, company.plants, 1)
            todo = f"did you mean {near[0]}?" if near else f"choose from {', '.join(company.plants)}"
            raise UsageError(f"nothing that can be planted into {company.id} is called {id_!r}", todo=todo)
    return {id_: company.plants[id_].dose if dose is None else dose for id_, dose in plants.items()}


def _possible(customers: int, months: int) -> None:
    if customers < 1:
        raise UsageError(f"{customers} customers are no company", where="customers", todo="choose 1 or more")
    if not 1 <= months <= MOST_MONTHS:
        raise UsageError(f"{months} months cannot be simulated", where="months", todo=f"choose 1 to {MOST_MONTHS}")


def _said(company: Company, id_: str, dose: float, levers: Levers) -> dict[str, Any]:
    plant = company.plants[id_]
    since = plant.apply(levers, plant, dose)
    return {
        "id": id_,
        "audit": plant.finder,
        "status": plant.status,
        "dose": dose,
        "unit": plant.unit,
        "says": plant.says,
        "scope": dict(plant.scope),
        "since": None if since is None else datetime.fromtimestamp(since, UTC).date().isoformat(),
    }


def _spread(satisfaction: pa.Array) -> dict[str, float]:
    """Return how content the customers are at the end, in standard deviations of where they began."""
    values = np.asarray(satisfaction)
    low, middle, high = (round(float(q), 4) for q in np.quantile(values, (0.1, 0.5, 0.9)))
    return {"mean": round(float(values.mean()), 4), "p10": low, "p50": middle, "p90": high}


def _sorted(tables: Tables) -> Tables:
    return {of: table.sort_by([(table.column_names[0], "ascending")]) for of, table in tables.items()}
