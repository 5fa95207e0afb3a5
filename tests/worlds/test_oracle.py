"""The oracle sees what was planted and nothing else, with a standard error that another way gives too."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rapport.engine.registry import registry
from rapport.worlds import PLANTS, World, build
from rapport.worlds.clock import seconds
from rapport.worlds.company import END
from rapport.worlds.oracle import SURE, Scene, Sight, Z, contrast
from rapport.worlds.oracles import ORACLES

CUSTOMERS, MONTHS = 5000, 24
COMPANIES = {"nps": 8, "churn": 8, "resolution-time": 8, "unanswered": 8}
"""Companies over which the power is averaged: where that of any of the first eight was below 0.998, all of those."""
RECORD_ITSELF = {"record-gaps": 0.0, "clock-shift": 0.5, "consent": 0.0}
"""Where anything missing, the middle between two whole hours, and a single breach are the least worth seeing."""


def test_power_is_that_of_a_one_sided_test_among_twenty() -> None:
    assert Sight(0.05, 0.05, 0.01, 100).power == pytest.approx(0.05 / 20)
    assert Sight(-0.05 - (Z + 2.326348) * 0.01, -0.05, 0.01, 100).power == pytest.approx(0.99)
    assert Sight(0.3, -0.05, 0.01, 100).power == pytest.approx(0.0)
    assert Sight(0.001, 0.0, 0.0, 40).power == 1.0


def test_a_customers_rows_are_one_draw() -> None:
    chance = np.random.default_rng(1)
    y = (chance.random(400) < 0.3).astype(np.float64)
    who, there = np.arange(400), np.arange(400) < 150
    once = contrast(y, who, ((1.0, there), (-1.0, ~there)), 0.1)
    thrice = contrast(np.tile(y, 3), np.tile(who, 3), ((1.0, np.tile(there, 3)), (-1.0, np.tile(~there, 3))), 0.1)
    assert thrice.standard_error == pytest.approx(once.standard_error)
    own = [y[part].var() / part.sum() for part in (there, ~there)]
    assert once.standard_error == pytest.approx(np.sqrt(sum(own)))


def test_a_share_of_all_has_an_error_all_the_same() -> None:
    none = contrast(np.ones(98), np.arange(98), ((1.0, np.ones(98, dtype=np.bool_)),), 0.1)
    assert none.standard_error == pytest.approx(np.sqrt(0.99 * 0.01 / 100))


@pytest.mark.parametrize("id_", sorted(ORACLES))
def test_the_oracle_asks_for_the_effect_that_the_audit_calls_least(id_: str) -> None:
    nothing = Sight(0.0, 0.0, np.inf, 0)
    least = RECORD_ITSELF.get(id_, registry().audits[PLANTS[id_].finder].least_effect)
    tables = {name: table.slice(0, 0) for name, table in _tiny().tables.items()}
    seen = ORACLES[id_](Scene(tables, PLANTS[id_].scope, seconds(END) - 100 * 86400, seconds(END)))
    assert (seen.power, abs(seen.least)) == (pytest.approx(nothing.power), least)


def _tiny() -> World:
    return _WORLDS.setdefault("tiny", _both())


def _both() -> World:
    """Return a world with the tables of both companies."""
    shop, subscription = build("shop", 30, 6), build("subscription", 30, 6)
    shop.tables.update({name: t for name, t in subscription.tables.items() if name not in shop.tables})
    return shop


_WORLDS: dict[str, World] = {}


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_where_nothing_was_planted_the_oracle_sees_nothing(world: str) -> None:
    clean = build(world, CUSTOMERS, MONTHS, seed=2)
    for id_, plant in PLANTS.items():
        if plant.world == world:
            planted = build(world, 30, MONTHS, 2, {id_: None}).truth["planted"][0]
            since = 0 if planted["since"] is None else seconds(date.fromisoformat(planted["since"]))
            seen = ORACLES[id_](Scene(clean.tables, planted["scope"], since, seconds(END)))
            assert seen.power < 0.05, (id_, seen)


@pytest.mark.parametrize("id_", sorted(PLANTS))
def test_who_knows_where_to_look_sees_every_default_dose(id_: str) -> None:
    worlds = (build(PLANTS[id_].world, CUSTOMERS, MONTHS, 1 + i, {id_: None}) for i in range(COMPANIES.get(id_, 1)))
    seen = [world.truth["planted"][0]["oracle"]["power"] for world in worlds]
    assert np.mean(seen) >= SURE, seen
