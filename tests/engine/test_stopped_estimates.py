"""An estimate that crashes stops nothing else: the audit ends, says so, and what does not rest on it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import rapport.app.audit as auditing
import rapport.app.opening as opening
import rapport.engine.conduct as conducting
from rapport.app.audit import audit
from rapport.app.customer import customer
from rapport.cli.main import main
from rapport.core.inputs import Input
from rapport.core.outcome import Errored
from rapport.engine.registry import Registry, registry
from rapport.engine.relationships import SHORT_LISTS, relationships
from rapport.engine.running import all_metrics, run_audit
from rapport.measures.catalogue import measures
from rapport.measures.estimate import CannotTell, Estimate, Known, Made
from rapport.measures.query import in_order
from rapport.worlds import build, write
from tests.stage import Stage

ESTIMATES = {name: one for name, one in measures().items() if isinstance(one, Estimate)}
ELSEWHERE = {"contracts_foretold"}
"""What nobody asks for in a shop."""


def rests(name: str, on: str = "") -> bool:
    """Tell whether a measure reads an estimate, through whatever it reads; `on` this one, else any."""
    found = {*in_order(frozenset({name}), measures())}
    return on in found if on else bool(found & ESTIMATES.keys())


def reading(inputs: Mapping[str, Input], on: str = "") -> bool:
    return any(rests(asked.measure, on) for asked in inputs.values())


def looks(one: Estimate) -> Estimate:
    """Return an estimate that looks at the estimates it reads and cannot tell anything: a model takes its time."""

    def run(known: Known) -> Made | CannotTell:
        for key, asked in one.asks.items():
            if rests(asked.measure):
                known.now()[key]
        return CannotTell("It was not asked.")

    return replace(one, run=run)


def falls(one: Estimate, runs: list[str]) -> Estimate:
    def run(known: Known) -> Made | CannotTell:
        runs.append(one.name)
        raise ZeroDivisionError("by nothing")

    return replace(one, run=run)


@cache
def few() -> Registry:
    """Return the audits and metrics that read an estimate, and one of each that reads none."""
    known = registry()
    audits = {n: a for n, a in known.audits.items() if n == "record-gaps" or reading(a.inputs)}
    metrics = {n: m for n, m in known.metrics.items() if n == "customers" or reading(m.inputs)}
    return Registry(audits, metrics)


@pytest.fixture(scope="module")
def tables() -> Mapping[str, Mapping[str, pa.Table]]:
    return {world: build(world, customers=120, months=14, seed=3).tables for world in ("shop", "subscription")}


@pytest.mark.parametrize("name", sorted(ESTIMATES))
def test_it_is_named_by_whatever_rests_on_it_and_by_nothing_else(
    name: str, tables: Mapping[str, Mapping[str, pa.Table]]
) -> None:
    runs: list[str] = []
    others = {**{n: looks(one) for n, one in ESTIMATES.items()}, name: falls(ESTIMATES[name], runs)}
    one = Stage(tables["subscription" if name in ELSEWHERE else "shop"], also=others)
    outcomes = {n: run_audit(a, one.asker, one.facts) for n, a in few().audits.items() if reading(a.inputs)}
    metrics = {m.id: m for m in all_metrics(few(), one.asker, one.facts)}
    found = relationships(one.asker)

    assert runs == [name]
    reason = f"The estimate “{name}” stopped with ZeroDivisionError: by nothing"
    assert found.problems[name] == reason
    assert {*found.problems.values()} == {reason}
    assert all(rests(n, name) for n in found.problems)
    lists = {asked.measure for asked in SHORT_LISTS.values()}
    assert {n for n in lists if rests(n, name)} <= found.problems.keys()
    broken = {n: o for n, o in outcomes.items() if isinstance(o, Errored)}
    assert {o.reason for o in broken.values()} <= {reason}
    # who asks for two may have ended at the other, of which nothing can be told here
    assert {n for n in outcomes if reading(few().audits[n].inputs, name)} >= broken.keys()
    first = {n for n, a in few().audits.items() if rests(next(iter(a.inputs.values())).measure, name)}
    assert first <= broken.keys()
    assert all((metrics[n].reason == reason) == reading(m.inputs, name) for n, m in few().metrics.items())
    assert metrics["customers"].value
    listed = duckdb.read_parquet(str(one.database._root / "customers.parquet"))
    assert listed.count("*").fetchall() == [(len(one.rows("known_customers")),)]


def test_the_audit_ends_with_a_report_the_lists_and_every_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(build("shop", customers=120, months=14, seed=3), tmp_path / "shop")
    fallen = {n: falls(one, []) if n == "prospects" else looks(one) for n, one in ESTIMATES.items() if n != "health"}
    for module in (opening, conducting):
        monkeypatch.setattr(module, "measures", lambda: {**measures(), **fallen})
    monkeypatch.setattr(auditing, "registry", few)
    done = audit(tmp_path / "shop", tmp_path / "out")
    reason = "The estimate “prospects” stopped with ZeroDivisionError: by nothing"

    assert done.run["method"]["problems"] == dict.fromkeys(
        ("actions", "prospects", "segments", "value_at_risk"), reason
    )
    page = done.report.read_text(encoding="utf-8")
    assert page.count("Models and comparisons that failed to run") == 1
    assert reason in page
    assert not (done.out / "actions.csv").exists()  # an empty one would say that there is nothing to do
    query = f"SELECT customer_id, health, value FROM '{done.out}/customers.parquet' WHERE active ORDER BY 1 LIMIT 1"
    who, health, value = duckdb.sql(query).fetchall()[0]
    assert health is not None
    assert value is None
    assert main(["customer", who, "--audit", str(done.out)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Health {health:.0f}" in shown
    assert f"Not all could be computed. {reason}" in shown
    assert customer(who, done.out).problems == [reason]
