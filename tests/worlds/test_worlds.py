"""Every simulated company is a lawful record, the same every time; a plant changes what it causes and nothing else."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from rapport.core.errors import UsageError
from rapport.core.table import Role, Type
from rapport.record import TABLES
from rapport.worlds import PLANTS, SCHEMA, WORLDS, World, build, write
from rapport.worlds.clock import to_utc
from rapport.worlds.company import END

CUSTOMERS = 400
EVERY_PLANT = [(company.id, id_) for company in WORLDS.values() for id_ in company.plants]
RECORD_ONLY = {
    ("shop", "lost-scores"): {"feedback"},
    ("shop", "survey-happy-endings"): {"feedback"},
    ("shop", "missed-opportunities"): {"touches"},
    ("shop", "consent"): {"touches"},
    ("shop", "csat"): {"feedback"},
    ("shop", "ces"): {"feedback"},
    ("shop", "nps"): {"feedback"},
    ("shop", "clock-shift"): {"orders"},
    ("shop", "record-completeness"): {"orders"},
    ("shop", "record-gaps"): {"tickets", "messages"},
    ("shop", "control-totals"): {"orders", "order_lines"},
    ("shop", "concentration"): {"orders", "order_lines"},
    ("shop", "neglected-value"): {"touches"},
    ("shop", "recognition"): {"touches", "loyalty"},
    ("subscription", "lost-scores"): {"feedback"},
    ("subscription", "survey-happy-endings"): {"feedback"},
    ("subscription", "survey-representativeness"): {"feedback"},
    ("subscription", "consent"): {"touches"},
    ("subscription", "csat"): {"feedback"},
    ("subscription", "ces"): {"feedback"},
    ("subscription", "nps"): {"feedback"},
    ("subscription", "clock-shift"): {"events"},
    ("subscription", "record-completeness"): {"tickets"},
    ("subscription", "record-gaps"): {"tickets", "messages"},
    ("subscription", "control-totals"): {"payments"},
    ("subscription", "concentration"): {"subscriptions", "payments"},
    ("subscription", "neglected-value"): {"touches"},
    ("subscription", "recognition"): {"touches"},
}


@pytest.fixture(scope="module")
def companies() -> dict[str, World]:
    return {name: build(name, CUSTOMERS, seed=3) for name in WORLDS}


@pytest.fixture(params=sorted(WORLDS))
def healthy(request: pytest.FixtureRequest, companies: dict[str, World]) -> World:
    return companies[request.param]


def test_every_column_is_one_of_the_record(healthy: World) -> None:
    for name, table in healthy.tables.items():
        known = {c.name for c in TABLES[name].columns}
        assert set(table.column_names) <= known
        for column in TABLES[name].required:
            assert table[column].null_count == 0, (name, column)


def test_keys_are_unique_and_lead_somewhere(healthy: World) -> None:
    customers = healthy.tables["customers"]["customer_id"].combine_chunks()
    for name, table in healthy.tables.items():
        keys = table.group_by(list(TABLES[name].key)).aggregate([]).num_rows
        assert keys == table.num_rows, name
        if "customer_id" in table.column_names:
            assert pc.all(pc.is_in(table["customer_id"].drop_null(), value_set=customers)).as_py(), name


def test_closed_choices_are_kept(healthy: World) -> None:
    for name, table in healthy.tables.items():
        for column in TABLES[name].columns:
            if column.choices and column.name in table.column_names:
                assert set(pc.unique(table[column.name].drop_null()).to_pylist()) <= set(column.choices)


def test_nothing_is_known_before_it_happened(healthy: World) -> None:
    local = int(np.datetime64(END, "s").astype(np.int64))
    limit = pa.scalar(int(to_utc(np.array([local]))[0]), pa.int64()).cast(pa.timestamp("s", "UTC"))
    for name, table in healthy.tables.items():
        for column in TABLES[name].columns:
            if column.type is Type.TIME and column.role is not Role.PLAN and column.name in table.column_names:
                latest = pc.max(table[column.name])
                assert not latest.is_valid or latest.as_py() < limit.as_py(), (name, column.name)


def _bytes(world: World) -> bytes:
    out = io.BytesIO()
    for _, table in sorted(world.tables.items()):
        pyarrow.parquet.write_table(table, out)
    return out.getvalue() + world.declarations_toml.encode() + json.dumps(world.truth).encode()


def test_the_same_seed_is_the_same_company_byte_for_byte(healthy: World) -> None:
    name = healthy.truth["world"]
    assert _bytes(build(name, CUSTOMERS, seed=3)) == _bytes(healthy)
    assert _bytes(build(name, CUSTOMERS, seed=4)) != _bytes(healthy)


@pytest.mark.parametrize(("name", "id_"), EVERY_PLANT)
def test_a_plant_says_what_it_does_and_reaches_no_further(name: str, id_: str, companies: dict[str, World]) -> None:
    healthy, planted = companies[name], build(name, CUSTOMERS, seed=3, plants={id_: None})
    plant = WORLDS[name].plants[id_]
    (said,) = planted.truth["planted"]
    assert (said["id"], said["dose"], said["scope"]) == (id_, plant.dose, dict(plant.scope))
    touched = {of for of, table in healthy.tables.items() if not planted.tables[of].equals(table)}
    assert touched
    if (name, id_) in RECORD_ONLY:
        assert touched == RECORD_ONLY[name, id_]
    if said["since"] is not None:
        _same_before(healthy, planted, date.fromisoformat(said["since"]) - _ahead(name, id_))


def _ahead(name: str, id_: str) -> timedelta:
    """Return how long before its onset a plant can move anything: who leaves then has faded for up to four months."""
    return timedelta(155 if (name, id_) in {("subscription", "churn"), ("subscription", "revenue-retention")} else 1)


def _same_before(healthy: World, planted: World, day: date) -> None:
    """Check that the same things happened before a day; how they ended later may differ."""
    for of, table in healthy.tables.items():
        spec = TABLES[of]
        event = spec.event if spec.event in table.column_names else None
        if event is None:
            continue
        limit = pa.scalar(day).cast(table.schema.field(event).type)
        columns = list(dict.fromkeys((*spec.key, event)))
        was, now = (
            w.tables[of]
            .filter(pc.less(w.tables[of][event], limit))
            .select(columns)
            .sort_by([(c, "ascending") for c in columns])
            for w in (healthy, planted)
        )
        assert was.equals(now), of


def test_each_defect_is_measured_in_one_world() -> None:
    assert set(PLANTS) == {id_ for company in WORLDS.values() for id_ in company.plants}
    for id_, plant in PLANTS.items():
        homes = [c.id for c in WORLDS.values() if id_ in c.plants and c.plants[id_].measured]
        assert homes == [plant.world]


def test_several_plants_are_all_told(companies: dict[str, World]) -> None:
    world = build("shop", 100, plants={"nps": 20.0, "first-reply": None})
    assert [(p["id"], p["dose"]) for p in world.truth["planted"]] == [
        ("nps", 20.0),
        ("first-reply", WORLDS["shop"].plants["first-reply"].dose),
    ]
    assert world.truth["schema"] == SCHEMA
    assert json.loads(json.dumps(world.truth)) == world.truth


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name": "shp"}, "did you mean shop"),
        ({"name": "shop", "plants": {"dragons": 1.0}}, "dragons"),
        ({"name": "subscription", "plants": {"repeat-purchase": 1.0}}, "repeat-purchase"),
        ({"name": "shop", "twin": "clen"}, "did you mean clean"),
        ({"name": "shop", "twin": "clean", "plants": {"nps": 1.0}}, "nothing is planted"),
        ({"name": "shop", "customers": 0}, "0 customers"),
        ({"name": "shop", "months": 0}, "0 months"),
    ],
)
def test_what_cannot_be_built_is_refused_by_name(words: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        build(**{"customers": 10, **words})  # type: ignore[arg-type]


def test_a_company_of_a_handful_of_customers_can_be_built(tmp_path: Path, healthy: World) -> None:
    world = build(healthy.truth["world"], customers=8, months=3, seed=1)
    assert all(not pa.types.is_null(f.type) for table in world.tables.values() for f in table.schema)
    write(world, tmp_path)


def test_the_truth_lies_beside_the_record(healthy: World, tmp_path: Path) -> None:
    write(healthy, tmp_path)
    assert json.loads((tmp_path / "truth.json").read_text()) == healthy.truth
    truth = pyarrow.parquet.read_table(tmp_path / "truth" / "customers.parquet")
    assert truth.cast(healthy.customers.schema).equals(healthy.customers)
    written = {p.name.split(".")[0] for p in tmp_path.iterdir()}
    assert set(healthy.tables) <= written
