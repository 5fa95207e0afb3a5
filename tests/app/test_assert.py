"""Limits are held against an audit: kept, broken, or not to be told, which fails unless it may be missing."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from rapport.app.asserting import Checked, Verdict, broken, check
from rapport.app.budgets import Budgets, line_of, read_budgets
from rapport.core.errors import ConfigError, InputError

KEPT, BROKEN, UNKNOWN = Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN


def metric(id_: str, value: float | None, low: float | None, high: float | None, segment: str = "") -> dict[str, Any]:
    reason = "" if value is not None else "There are fewer than 30 cases."
    return {
        "id": id_,
        "value": value,
        "low": low,
        "high": high,
        "n": 200,
        "unit": "points",
        "segment": segment,
        "reason": reason,
    }


def finding(id_: str, severity: str, status: str = "nonconforming") -> dict[str, Any]:
    return {"id": id_, "audit": id_.partition("/")[0], "severity": severity, "status": status}


def audited(id_: str, status: str, score: float | None = None) -> dict[str, Any]:
    half = None if score is None else 5.0
    bounds = {"score_low": score and score - half, "score_high": score and score + half} if half else {}
    return {"id": id_, "status": status, "score": score, "score_low": None, "score_high": None, "reason": "", **bounds}


def run(**changed: Any) -> dict[str, Any]:
    """Return the parts of an audit that budgets are about."""
    return {
        "schema": "rapport.audit/1",
        "engine": {"version": "0.1.0"},
        "snapshot": {},
        "settings": {"only": []},
        "metrics": [
            metric("nps", 18.0, 12.0, 24.0),
            metric("csat", None, None, None),
            metric("resolution_hours_median", 30.0, 20.0, None),
            metric("promise_kept_share", 0.97, 0.96, 0.98, "promise=delivery"),
            metric("promise_kept_share", 0.80, 0.70, 0.88, "promise=answer"),
        ],
        "opinion": {"score": 70.0, "low": 60.0, "high": 80.0},
        "categories": [
            {"id": "sentiment", "score": None, "low": None, "high": None},
            {"id": "communication", "score": 61.0, "low": 55.0, "high": 67.0},
        ],
        "audits": [
            audited("first-reply", "nonconforming", 40.0),
            audited("nps", "conforming", 90.0),
            audited("csat", "not_assessable"),
            audited("churn", "conforming", 80.0),
        ],
        "findings": [
            finding("first-reply/team=Billing", "critical"),
            finding("first-reply/team=Shop", "medium"),
            finding("churn/plan=Basic", "low", "good_practice"),
        ],
        "reliability": {"opinion": "qualified", "reasons": ["20 % of the orders have no region."]},
        **changed,
    }


def held(tmp_path: Path, budgets: str, **changed: Any) -> tuple[Checked, ...]:
    """Hold an audit against budgets written inline."""
    (tmp_path / "audit.json").write_text(json.dumps(run(**changed)), encoding="utf-8")
    (tmp_path / "budgets.toml").write_text(budgets, encoding="utf-8")
    return check(tmp_path, tmp_path / "budgets.toml")


@pytest.mark.parametrize(
    ("budget", "verdict"),
    [
        ('id = "nps"\nmin = 18', KEPT),
        ('id = "nps"\nmin = 18.001', BROKEN),
        ('id = "nps"\nmin = 24\non = "high"', KEPT),
        ('id = "nps"\nmin = 24.5\non = "high"', BROKEN),
        ('id = "nps"\nmin = 13\non = "low"', BROKEN),
        ('id = "nps"\nmax = 17', BROKEN),
        ('id = "nps"\nmax = 17\non = "low"', KEPT),
        ('id = "nps"\nmin = 10\nmax = 20', KEPT),
        ('id = "nps"\nmin = 10\nmax = 20\non = "high"', BROKEN),
        ('id = "csat"\nmin = 0', UNKNOWN),
        ('id = "mrr"\nmin = 0', UNKNOWN),
        ('id = "resolution_hours_median"\nmax = 48\non = "high"', UNKNOWN),
        ('id = "resolution_hours_median"\nmax = 25\non = "low"', KEPT),
        ('id = "promise_kept_share"\nmin = 0.9\nsegment = "promise=delivery"', KEPT),
        ('id = "promise_kept_share"\nmin = 0.9\nsegment = "promise=nothing"', UNKNOWN),
    ],
)
def test_a_limit_on_a_metric(tmp_path: Path, budget: str, verdict: Verdict) -> None:
    (one,) = held(tmp_path, f"[[metric]]\n{budget}\n")
    assert one.verdict is verdict
    assert one.fails == (verdict is not KEPT)
    assert one.line == 1


def test_without_a_segment_every_value_is_meant(tmp_path: Path) -> None:
    both = held(tmp_path, '[[metric]]\nid = "promise_kept_share"\nmin = 0.9\n')
    assert [(c.budget, c.verdict) for c in both] == [
        ("metric promise_kept_share [promise=delivery]", KEPT),
        ("metric promise_kept_share [promise=answer]", BROKEN),
    ]


@pytest.mark.parametrize(
    ("budget", "verdict"),
    [
        ('id = "opinion"\nmin = 70', KEPT),
        ('id = "opinion"\nmin = 71', BROKEN),
        ('id = "communication"\nmin = 67\non = "high"', KEPT),
        ('id = "first-reply"\nmin = 45\non = "high"', KEPT),
        ('id = "first-reply"\nmin = 46\non = "high"', BROKEN),
        ('id = "sentiment"\nmin = 1', UNKNOWN),
        ('id = "value"\nmin = 1', UNKNOWN),
        ('id = "csat"\nmin = 1', UNKNOWN),
        ('id = "reopens"\nmin = 1', UNKNOWN),
    ],
)
def test_a_limit_on_a_score(tmp_path: Path, budget: str, verdict: Verdict) -> None:
    (one,) = held(tmp_path, f"[[score]]\n{budget}\n")
    assert one.verdict is verdict


@pytest.mark.parametrize(
    ("budget", "measured", "verdict"),
    [
        ("max = 2", 2, KEPT),
        ("max = 1", 2, BROKEN),
        ('severity = "critical"', 1, BROKEN),
        ('severity = "high"\nmax = 1', 1, KEPT),
        ('severity = "low"\nmax = 1', 2, BROKEN),
        ('audit = "first-reply"\nmax = 1', 2, BROKEN),
        ('audit = "nps"', 0, KEPT),
        ('audit = "csat"', 0, UNKNOWN),
        ('audit = "reopens"', 0, UNKNOWN),
        ('id = "first-reply/team=Billing"', 1, BROKEN),
        ('id = "first-reply/team=Returns"', 0, KEPT),
        ('id = "csat/team=Returns"', 0, UNKNOWN),
        ('status = "opportunity"', 0, KEPT),
    ],
)
def test_a_limit_on_findings(tmp_path: Path, budget: str, measured: int, verdict: Verdict) -> None:
    (one,) = held(tmp_path, f"[[findings]]\n{budget}\n")
    assert (one.measured, one.verdict) == (measured, verdict)


def test_findings_that_could_not_have_been_seen_are_not_none(tmp_path: Path) -> None:
    crashed = [*run()["audits"], audited("reopens", "error")]
    (one,) = held(tmp_path, "[[findings]]\nmax = 9\n", audits=crashed)
    assert (one.verdict, one.said) == (UNKNOWN, "reopens crashed")
    (one,) = held(tmp_path, "[[findings]]\nmax = 9\n", settings={"only": ["nps"]})
    assert (one.verdict, one.said) == (UNKNOWN, "only nps was asked for")
    (one,) = held(tmp_path, "[[findings]]\nmax = 1\n", settings={"only": ["nps"]})
    assert one.verdict is BROKEN


@pytest.mark.parametrize(("least", "verdict"), [("unqualified", BROKEN), ("qualified", KEPT), ("adverse", KEPT)])
def test_a_limit_on_the_record(tmp_path: Path, least: str, verdict: Verdict) -> None:
    (one,) = held(tmp_path, f'[[reliability]]\nat_least = "{least}"\n')
    assert one.verdict is verdict
    assert one.said == ("20 % of the orders have no region." if verdict is BROKEN else "")


def test_a_warning_breaks_nothing_and_what_may_be_missing_may(tmp_path: Path) -> None:
    warned, spared, failed = held(
        tmp_path,
        '[[metric]]\nid = "nps"\nmin = 90\nlevel = "warn"\nwhy = "ask them"\n'
        '[[metric]]\nid = "csat"\nmin = 1\nrequired = false\n[[metric]]\nid = "csat"\nmin = 1\n',
    )
    assert (warned.verdict, warned.warns, warned.fails, warned.said) == (BROKEN, True, False, "below 90 — ask them")
    assert (spared.verdict, spared.warns, spared.fails) == (UNKNOWN, False, False)
    assert (failed.verdict, failed.fails, failed.said) == (UNKNOWN, True, "There are fewer than 30 cases.")
    assert not broken((warned, spared))
    assert broken((warned, spared, failed))
    (one,) = held(tmp_path, '[[metric]]\nid = "nps"\nmin = 90\nrequired = false\n')
    assert one.fails


@pytest.mark.parametrize(
    ("budgets", "said"),
    [
        ('[[metric]]\n\nid = "npss"\nmin = 1\n', "line 3: there is no metric “npss” — did you mean nps"),
        ('[[score]]\nid = "opinions"\nmin = 1\n', "line 2: there is no score “opinions” — did you mean opinion"),
        (
            '[[findings]]\n[[findings]]\naudit = "first-repli"\n',
            "line 3: there is no audit “first-repli” — did you",
        ),
        ('[[findings]]\nid = "first-repli/team=A"\n', "line 2: there is no audit “first-repli”"),
        ('[[metric]]\nid = "nps"\nmim = 1\n', "line 3: unknown key mim — did you mean min?"),
        ('[[metrics]]\nid = "nps"\n', "line 1: unknown key metrics — did you mean metric?"),
        ("[[metric]]\nmin = 1\n", "line 1: id is missing"),
        ('[[metric]]\nid = "nps"\n', "line 1: has neither min nor max"),
        ('[[metric]]\nid = "nps"\nmin = 2\nmax = 1\n', "line 1: has a min above its max"),
        ('[[metric]]\nid = "nps"\nmin = nan\n', "line 3: min: input should be a finite number"),
        ('[[metric]]\nid = "nps"\nmin = 1\n[[metric]]\nid = "nps"\nmin = 1\non = "middle"\n', "line 7: on: "),
        ("[[findings]]\nmax = -1\n", "line 2: max: "),
        ('[[reliability]]\nat_least = "good"\n', "line 2: at_least: "),
        ("metric = 3\n", "line 1: metric is not a list of budgets"),
        ('[metric]\nid = "nps"\n', "line 1: metric is not a list of budgets"),
        ("", "declares no budget"),
        ("[[", "is not TOML"),
    ],
)
def test_what_is_malformed_or_unknown_is_said_with_its_line(tmp_path: Path, budgets: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        held(tmp_path, budgets)
    assert said in str(raised.value)
    assert raised.value.exit_status == 2


def test_an_audit_that_is_none_or_of_another_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has the schema rapport\.audit/2"):
        held(tmp_path, "[[findings]]\n", schema="rapport.audit/2")
    with pytest.raises(InputError, match="is damaged"):
        held(tmp_path, "[[findings]]\n", findings=None)
    (tmp_path / "audit.json").unlink()
    with pytest.raises(InputError, match="no such file"):
        check(tmp_path, tmp_path / "budgets.toml")
    with pytest.raises(ConfigError, match="no such file"):
        check(tmp_path, tmp_path / "nothing.toml")


def test_the_line_of_a_key_is_that_of_its_own_section() -> None:
    text = '[[metric]]\nid = "a"\n\n[[score]]\nid = "b"\n[[metric]]\n# a remark\n  id = "c"\n'
    assert tomllib.loads(text)["metric"][1]["id"] == "c"
    assert line_of(text, ("metric", 1, "id")) == 8
    assert line_of(text, ("metric", 0, "id")) == 2
    assert line_of(text, ("score", 0, "id")) == 5
    assert line_of(text, ("score", 0, "min")) == 4
    assert line_of(text, ("score", 3, "id")) == 4
    assert line_of("metric = [{}]\n", ("metric", 0, "id")) == 1
    assert line_of("", ("metric",)) is None


def test_the_budgets_in_the_documentation_can_be_read_and_every_key_is_there(tmp_path: Path) -> None:
    page = Path("docs/how-to/run-in-ci.md").read_text(encoding="utf-8")
    (tmp_path / "budgets.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert len(read_budgets(tmp_path / "budgets.toml")) == 4
    for section, one in Budgets.model_fields.items():
        assert f"`[[{section}]]`" in page
        for key in get_args(one.annotation)[0].model_fields:
            assert f"`{key}`" in page or f"`{key} = " in page, (section, key)
