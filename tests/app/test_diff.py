"""A company mends something and audits again: what was fixed, what is worse, new, gone or as before is told apart."""

from __future__ import annotations

import copy
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rapport.app.audit import audit
from rapport.app.diff import compare, diff, read
from rapport.core.errors import ComparisonError, InputError
from rapport.core.follow_up import Fate, Followed, FollowUp
from rapport.record import TABLES
from rapport.worlds import World, build, write

MENDED = datetime(2025, 10, 31, 23, tzinfo=UTC)
FIRST = {"since": "2025-05-01", "as_of": "2025-11-01"}
SECOND = {"since": "2025-11-01", "as_of": "2026-05-01"}
BEFORE = {"first-reply": 6.0, "consent": 400.0, "reopens": 0.20}
AFTER = {"reopens": 0.20, "unanswered": 0.06}


def joined(before: World, after: World) -> World:
    """Return the company that lived as `before` until it mended things, and as `after` since."""
    tables = {}
    for name, old in before.tables.items():
        new, moment = after.tables[name], TABLES[name].event
        if moment not in old.column_names or name == "customers":
            tables[name] = new
            continue
        cut = pa.scalar(MENDED).cast(old.schema.field(moment).type)
        earlier = old.filter(pc.less(old[moment], cut))
        tables[name] = pa.concat_tables([earlier, new.filter(pc.greater_equal(new[moment], cut))])
    lines = tables["order_lines"]
    known = tables["orders"]["order_id"].combine_chunks()
    tables["order_lines"] = lines.filter(pc.is_in(lines["order_id"], value_set=known))
    return World(tables, after.declarations_toml, after.truth, after.customers)


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the audits of month 18 and of month 24, half a year each."""
    root = tmp_path_factory.mktemp("twice")
    ill, well = (build("shop", customers=3000, seed=5, plants=plants) for plants in (BEFORE, AFTER))
    write(ill, root / "first")
    write(joined(ill, well), root / "second")
    for name, words in (("first", FIRST), ("second", SECOND)):
        audit(root / name, root / f"{name}-out", **words)
    return root / "first-out", root / "second-out"


@pytest.fixture(scope="module")
def found(audits: tuple[Path, Path]) -> FollowUp:
    return diff(*audits)


@pytest.fixture
def runs(audits: tuple[Path, Path]) -> tuple[dict[str, Any], dict[str, Any]]:
    return read(audits[0]), read(audits[1])


def by_id(found: FollowUp) -> dict[str, Followed]:
    return {f.id: f for f in found.findings}


def fates(found: FollowUp, audit: str) -> set[Fate]:
    return {f.fate for f in found.findings if f.audit == audit}


def test_what_was_mended_is_fixed(found: FollowUp) -> None:
    assert fates(found, "first-reply") == {Fate.FIXED}
    assert fates(found, "consent") == {Fate.FIXED}


def test_what_nobody_touched_is_unchanged(found: FollowUp) -> None:
    shop = by_id(found)["reopens/team=Shop"]
    assert shop.fate is Fate.UNCHANGED
    assert shop.low is not None
    assert shop.high is not None
    assert shop.low < 0 < shop.high


def test_a_new_defect_is_new(found: FollowUp) -> None:
    assert by_id(found)["unanswered/channel=chat"].fate is Fate.NEW


def test_everything_found_in_either_audit_is_followed_once(found: FollowUp, runs: tuple[Any, Any]) -> None:
    bad = {f["id"] for run in runs for f in run["findings"] if f["status"] != "good_practice"}
    assert sorted(f.id for f in found.findings) == sorted(bad)
    assert found.failed


def test_the_difference_and_its_interval_are_those_of_the_two_audits(found: FollowUp, runs: tuple[Any, Any]) -> None:
    shop = by_id(found)["reopens/team=Shop"]
    old, new = (next(f for f in run["findings"] if f["id"] == shop.id)["condition"] for run in runs)
    assert shop.change == pytest.approx(new["effect"] - old["effect"], abs=1e-8)
    half = sum((c["effect_high"] - c["effect_low"]) ** 2 for c in (old, new)) ** 0.5 / 2
    # both intervals are symmetric, where Newcombe's interval is the root of the squares, but for nine printed digits
    assert shop.high - shop.low == pytest.approx(2 * half, rel=1e-6)


def test_worse_by_more_than_the_least_effect_is_regressed(runs: tuple[Any, Any]) -> None:
    before, after = runs
    for run in (before, after):
        run["findings"] = [f for f in run["findings"] if f["id"] == "reopens/team=Shop"]
    least = after["findings"][0]["criteria"]["least_effect"]
    _moved(after["findings"][0], 4 * least)
    assert [f.fate for f in compare(before, after).findings] == [Fate.REGRESSED]
    _moved(after["findings"][0], -3.7 * least)
    assert [f.fate for f in compare(before, after).findings] == [Fate.UNCHANGED]
    _moved(before["findings"][0], 4 * least)
    assert [f.fate for f in compare(before, after).findings] == [Fate.IMPROVED]


def test_further_from_others_who_became_better_is_not_regressed(runs: tuple[Any, Any]) -> None:
    before, after = runs
    for run in (before, after):
        run["findings"] = [f for f in run["findings"] if f["id"] == "reopens/team=Shop"]
    least = after["findings"][0]["criteria"]["least_effect"]
    for key in ("effect", "effect_low", "effect_high"):
        after["findings"][0]["condition"][key] += 4 * least
    (told,) = compare(before, after).findings
    assert told.fate is Fate.UNCHANGED
    assert "the others became better" in told.reason


def _moved(finding: dict[str, Any], by: float) -> None:
    for key in ("value", "low", "high", "effect", "effect_low", "effect_high"):
        finding["condition"][key] += by


def _place(run: dict[str, Any], id_: str) -> list[dict[str, Any]]:
    return [t for a in run["audits"] for t in a["tested"] if t["id"] == id_]


def test_not_found_again_for_want_of_rows_is_neither_fixed_nor_forgotten(runs: tuple[Any, Any]) -> None:
    before, after = runs
    id_ = "reopens/team=Shop"
    after["findings"] = [f for f in after["findings"] if f["id"] != id_]
    (place,) = _place(after, id_)
    place.update(found=False, within=False)
    told = by_id(compare(before, after))[id_]
    assert told.fate is Fate.UNCHANGED
    assert "too few to call it mended" in told.reason
    for one in after["audits"]:
        one["tested"] = [t for t in one["tested"] if t["id"] != id_]
    assert by_id(compare(before, after))[id_].fate is Fate.GONE


def test_closer_to_others_who_became_worse_is_not_fixed(runs: tuple[Any, Any]) -> None:
    before, after = runs
    id_ = "reopens/team=Shop"
    after["findings"] = [f for f in after["findings"] if f["id"] != id_]
    (place,) = _place(after, id_)
    place.update(found=False, within=True, effect=0.0, effect_low=-0.01, effect_high=0.01)
    place["value"] = _place(before, id_)[0]["value"] + 0.01
    told = by_id(compare(before, after))[id_]
    assert told.fate is Fate.UNCHANGED
    assert "others became worse" in told.reason


def test_an_audit_that_was_not_run_says_nothing(runs: tuple[Any, Any]) -> None:
    before, after = runs
    after["audits"] = [a for a in after["audits"] if a["id"] != "first-reply"]
    told = [f for f in compare(before, after).findings if f.audit == "first-reply"]
    assert told
    assert {f.fate for f in told} == {Fate.GONE}


def _fall(run: dict[str, Any], **words: Any) -> dict[str, Any]:
    """Return a finding that the whole company fell, made of another finding of the run."""
    finding = copy.deepcopy(next(f for f in run["findings"] if f["audit"] == "reopens"))
    finding.update(id="reopens/all/change", incident="reopens/all/change", scope={})
    finding["criteria"]["least_effect"] = 0.03
    finding["condition"].update(onset="2025-07-01", **words)
    return finding


def test_a_fall_that_lies_before_the_second_period_is_not_fixed_by_being_out_of_sight(runs: tuple[Any, Any]) -> None:
    before, after = runs
    level = {"value": 0.25, "low": 0.24, "high": 0.26, "baseline": 0.1}
    before["findings"].append(_fall(before, **level, effect=0.15, effect_low=0.13, effect_high=0.17))
    quiet = {
        "id": "reopens/all/change",
        "found": False,
        "within": True,
        "onset": "2026-01-01",
        "n": 900,
        "customers": 9,
    }
    step = {"effect": 0.0, "effect_low": -0.01, "effect_high": 0.01}
    tested = next(a for a in after["audits"] if a["id"] == "reopens")["tested"]
    tested[:] = [t for t in tested if t["id"] != quiet["id"]]
    tested.append({**quiet, **step, **level})
    assert by_id(compare(before, after))[quiet["id"]].fate is Fate.UNCHANGED
    tested[-1].update(value=0.1, low=0.09, high=0.11)
    assert by_id(compare(before, after))[quiet["id"]].fate is Fate.FIXED
    tested[-1].update(value=0.16, low=0.15, high=0.17)
    assert by_id(compare(before, after))[quiet["id"]].fate is Fate.IMPROVED


@pytest.fixture(scope="module")
def otherwise(audits: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> FollowUp:
    """Return the comparison with a second audit to which another promise was declared, and without the contacts."""
    root = tmp_path_factory.mktemp("otherwise")
    shutil.copytree(audits[1].parent / "second", root / "in", ignore=shutil.ignore_patterns("touches*"))
    declared = root / "in" / "rapport.toml"
    declared.write_text(declared.read_text(encoding="utf-8").replace("target = 9\n", "target = 4\n"), encoding="utf-8")
    audit(root / "in", root / "out", **SECOND)
    return diff(audits[0], root / "out")


def test_what_can_no_longer_be_seen_is_gone_and_not_fixed(otherwise: FollowUp) -> None:
    assert fates(otherwise, "consent") == {Fate.GONE}
    assert all("no touches" in f.reason for f in otherwise.findings if f.audit == "consent")
    assert any("first audit only: The record has no touches" in note for note in otherwise.notes)
    assert any("touches.parquet" in note for note in otherwise.notes)


def test_a_changed_declaration_is_not_comparable_and_says_which(otherwise: FollowUp) -> None:
    told = otherwise
    late = [f for f in told.findings if f.audit == "first-reply"]
    assert {f.fate for f in late} == {Fate.NOT_COMPARABLE}
    assert all("32400 → 14400" in f.reason for f in late)
    assert by_id(told)["reopens/team=Shop"].fate is Fate.UNCHANGED
    kept = {m.segment: m.reason for m in told.metrics if m.id == "promise_kept_share"}
    assert "target 9 → 4" in kept["promise=answer-one-day"]
    assert not kept["promise=delivery-5-days"]
    assert next(m for m in told.metrics if m.id == "average_order_value").change is not None


def test_a_changed_definition_is_not_comparable(runs: tuple[Any, Any]) -> None:
    before, after = runs
    for one in after["definitions"]:
        if one["id"] == "return_rate":
            one["version"] += 1
    told = {m.id: m for m in compare(before, after).metrics}
    assert "version 1 to 2" in told["return_rate"].reason
    assert told["return_rate"].change is None
    assert told["average_order_value"].change is not None


def test_a_changed_criterion_takes_its_score_along(runs: tuple[Any, Any]) -> None:
    before, after = runs
    one = next(a for a in after["audits"] if a["id"] == "reopens")
    one.update(least_effect=0.5, frozen_hash="0" * 64)
    told = compare(before, after)
    assert by_id(told)["reopens/team=Shop"].fate is Fate.NOT_COMPARABLE
    assert "least effect" in by_id(told)["reopens/team=Shop"].reason
    score = next(s for s in told.scores if s.id == "communication")
    assert "reopens" in score.reason
    assert score.change is None


def test_another_window_is_refused_with_the_date_that_would_do(runs: tuple[Any, Any]) -> None:
    before, after = runs
    after["period"]["start"] = "2025-04-30T22:00:00"
    with pytest.raises(ComparisonError, match=r"184 days.*365 days.*--since 2025-11-01"):
        compare(before, after)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"company": "Another"}, "different companies"),
        ({"currency": "USD"}, "different currencies"),
        ({"method": {"timezone": "Asia/Tokyo"}}, "different time zones"),
        ({"schema": "rapport.audit/2"}, "another form"),
        ({"shared": True}, "shared report"),
    ],
)
def test_what_cannot_be_compared_at_all_is_refused(change: Any, said: str, runs: tuple[Any, Any]) -> None:
    before, after = runs
    with pytest.raises(ComparisonError, match=said):
        compare(before, {**after, **change})


def test_the_older_audit_comes_first(runs: tuple[Any, Any]) -> None:
    with pytest.raises(ComparisonError, match="name the older first"):
        compare(runs[1], runs[0])


def test_an_audit_compared_with_itself_changed_nothing(runs: tuple[Any, Any]) -> None:
    told = compare(runs[0], runs[0])
    assert {f.fate for f in told.findings} == {Fate.UNCHANGED}
    assert not any(m.moved for m in told.metrics)
    assert not told.failed
    assert "the same" in told.notes[0]


def test_overlapping_periods_and_other_seasons_are_said(found: FollowUp, runs: tuple[Any, Any]) -> None:
    assert any("seasons" in note for note in found.notes)
    before, after = runs
    after["period"] = {"start": "2025-08-01T22:00:00", "end": "2026-01-30T23:00:00"}
    assert any("in common" in note for note in compare(before, after).notes)


def test_what_is_no_audit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit.json").write_text(json.dumps({"schema": "x"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"no audit\.json"):
        read(tmp_path)
    with pytest.raises(InputError, match="no such audit"):
        read(tmp_path / "nowhere.json")
