"""Every printed number can be found in `audit.json`, and a wrong one is named."""

import re
from typing import Any

import pytest

from rapport.report.recheck import disagreements, printed
from rapport.report.trace import resolve, trace
from tests.report.page import page
from tests.report.sample import document, empty


def said(page: str, run: dict[str, Any]) -> list[str]:
    return [str(one) for one in disagreements(page, run)]


def test_every_printed_number_is_the_one_in_the_document() -> None:
    assert disagreements(page(), document()) == []
    assert disagreements(page("empty"), empty()) == []


def test_the_numbers_that_matter_are_traced() -> None:
    paths = {p.path for p in printed(page())}
    run = document()
    for i, metric in enumerate(run["metrics"]):
        for key in ("value", "low", "high", "n"):
            if metric[key] is not None and metric["value"] is not None:
                counted = key in ("low", "high") and metric["low"] == metric["value"] == metric["high"]
                assert counted or f"metrics.{i}.{key}" in paths, (metric["id"], key)
    for i in range(len(run["findings"])):
        for key in ("confidence", "condition.value", "condition.baseline", "condition.q_value", "condition.n"):
            assert f"findings.{i}.{key}" in paths
        assert f"findings.{i}.evidence.0.sql" in paths
        assert f"findings.{i}.evidence.0.sample.0.hours" in paths
    assert {"opinion.score", "opinion.low", "opinion.high", "opinion.at_stake.mid", "opinion.coverage"} <= paths


def test_a_changed_number_is_named() -> None:
    run = document()
    run["metrics"][10]["value"] = 32.0
    assert said(page(), run) == ["metrics.10.value: the report says “31”, audit.json says “32”"]


def test_a_changed_cell_of_a_sample_is_named() -> None:
    run = document()
    run["findings"][0]["evidence"][0]["sample"][2]["hours"] = 1.5
    assert said(page(), run) == ["findings.0.evidence.0.sample.2.hours: the report says “66.2”, audit.json says “1.5”"]


def test_a_number_forged_in_the_page_is_named() -> None:
    forged = re.sub(r'(data-path="opinion.score" data-as="of-100">)58', r"\g<1>85", page())
    assert said(forged, document()) == ["opinion.score: the report says “85”, audit.json says “58”"]


def test_a_number_without_a_place_is_named() -> None:
    run = document()
    del run["findings"][3:]
    assert any("audit.json has nothing there" in line for line in said(page(), run))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metrics.1.value", 2),
        ("metrics.*.value", 3),
        ("metrics", 2),
        ("metrics?id=b", 1),
        ("caps.tickets%2Ecsv", 0.9),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: float) -> None:
    run = {"metrics": [{"id": "a", "value": 1}, {"id": "b", "value": 2}], "caps": {"tickets.csv": 0.9}}
    assert resolve(run, path) == value
    assert trace(run)["caps"]["tickets.csv"].path == "caps.tickets%2Ecsv"
