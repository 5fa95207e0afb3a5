"""What is said of customers leaves the house only where it is about many of them."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from typing import Any

import pytest

from rapport.app.sharing.customers import customers_shared, hidden_parts
from rapport.report.html import render
from rapport.report.recheck import disagreements
from tests.report.sample import document
from tests.report.sample_customers import CUSTOMERS, HEALTH, MODELS, SEGMENTS


def run(**changes: Any) -> dict[str, Any]:
    whole = {"health": HEALTH, "segments": SEGMENTS, "models": MODELS, "customers": CUSTOMERS}
    return copy.deepcopy({**whole, **changes})


@pytest.mark.parametrize(
    ("counts", "least", "hidden"),
    [
        ([500, 40, 30], 10, set()),
        ([500, 40, 9, 4], 10, {2, 3}),
        ([500, 40, 9], 10, {1, 2}),
        ([500, 0, 9], 10, {0, 2}),
        ([500, 90, 60], 100, {1, 2}),
        ([], 10, set()),
    ],
)
def test_what_is_left_of_a_whole_is_no_few_either(counts: list[int], least: int, hidden: set[int]) -> None:
    found = hidden_parts(counts, least)
    assert found == hidden
    assert sum(counts[i] for i in found) >= least or not found


def test_no_customer_and_no_list_is_taken_over() -> None:
    listed = [{**one, "customer_id": f"somebody-{i}"} for i, one in enumerate(CUSTOMERS["leaving"])]
    shared = customers_shared(run(customers={**CUSTOMERS, "leaving": listed, "silent": listed, "other": listed}))
    assert set(shared) == {"health", "segments", "models", "customers"}
    kept = {"tiers", "migration", "in_common", "actions", "next_products", "silence"}
    assert set(shared["customers"]) == kept
    assert "somebody" not in json.dumps(shared)


def test_every_count_of_customers_that_is_shown_is_of_ten_or_none() -> None:
    shared = customers_shared(run())
    counts = [b["customers"] for b in shared["health"]["distribution"]]
    counts += [g["customers"] for g in (*shared["segments"], *shared["customers"]["tiers"])]
    counts += [m["customers"] for m in shared["customers"]["migration"]["moves"]]
    for one in shared["customers"]["actions"]["actions"]:
        counts += [n for n in (one["customers"], one["now"], one["held_back"]) if n is not None]
    for kind in shared["health"]["backtest"]["kinds"]:
        counts += [kind["customers"], kind["leavers"], *(b["observed"]["n"] for b in kind["calibration"]["bins"])]
    for model in shared["models"]:
        counts += [r["customers"] for r in model["holdout"].get("calibration", ())]
        counts += [n for n in (model.get("bands") or {}).values() if n is not None]
    assert len(counts) > 60
    assert [n for n in counts if 0 < n < 10] == []


def test_amounts_are_of_a_hundred_customers() -> None:
    shared = customers_shared(run())
    priced = [g for g in shared["segments"] if g["value"] is not None]
    assert priced
    assert min(g["customers"] for g in priced) >= 100
    assert all(a["value"] is None for a in shared["customers"]["actions"]["actions"] if 0 < a["customers"] < 100)


def test_a_mean_or_an_amount_of_a_few_is_not_shown_though_the_group_is_large() -> None:
    segments = copy.deepcopy(SEGMENTS)
    segments[0] |= {"risk_of": 9, "health_of": 9}
    segments[1] |= {"risk_of": 99, "health_of": 10}
    few, some, all_ = customers_shared(run(segments=segments))["segments"][:3]
    assert [few[key] for key in ("risk", "risk_of", "health", "health_of", "value_at_risk")] == [None] * 5
    assert (some["risk"], some["health"], some["value_at_risk"]) == (0.27, 53.6, None)
    assert all_["value_at_risk"] == SEGMENTS[2]["value_at_risk"]
    assert few["value"] == SEGMENTS[0]["value"]


def test_scores_of_a_few_are_joined_to_their_neighbours_and_none_is_lost() -> None:
    before, after = HEALTH["distribution"], customers_shared(run())["health"]["distribution"]
    assert any(0 < b["customers"] < 10 for b in before)
    assert sum(b["customers"] for b in before) == sum(b["customers"] for b in after)
    assert (after[0]["from"], after[-1]["to"]) == (0.0, 100.0)
    assert all(one["to"] == other["from"] for one, other in pairwise(after))


def test_a_column_of_moves_never_hides_a_few() -> None:
    shared = customers_shared(run())
    now = {s["name"]: s["customers"] for s in shared["segments"]}
    shown: dict[str, int] = {}
    for move in shared["customers"]["migration"]["moves"]:
        shown[move["after"]] = shown.get(move["after"], 0) + move["customers"]
    assert shown
    for name, moved in shown.items():
        assert now[name] - moved == 0 or now[name] - moved >= 10, name


def test_few_leavers_have_no_test_and_plans_name_no_parameter() -> None:
    health = copy.deepcopy(HEALTH)
    health["backtest"]["kinds"][0]["leavers"] = 9
    kinds = customers_shared(run(health=health))["health"]["backtest"]["kinds"]
    assert [k["kind"] for k in kinds] == ["contract"]
    names = {name for m in customers_shared(run())["models"] for name in m["parameters"]}
    assert names == {"r", "alpha", "a", "b"}


def test_the_page_of_what_is_left_says_the_same_and_names_no_file_that_is_not_there() -> None:
    whole = {**document(), **customers_shared(run()), "shared": True}
    page = render(whole)
    assert disagreements(page, whole) == []
    assert 'id="leaving"' in page
    assert "most-at-risk" not in page
    assert "customers.parquet" not in page
    assert "actions.csv" not in page


def test_nothing_said_of_customers_stays_nothing() -> None:
    nothing = customers_shared(run(health={}, segments=[], models=[], customers={}))
    assert nothing == {"health": {}, "segments": [], "models": [], "customers": {}}
