"""An audit from a folder of files to its report: complete, repeatable to the byte, and safe to open."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest

from rapport.app.audit import audit
from rapport.app.demo import PLANTED
from rapport.app.tables_out import harmless
from rapport.core.errors import OutputError, UsageError
from rapport.report.html import render
from rapport.worlds import build, write

FILES = ("audit.json", "report.html", "findings.csv", "rejects.parquet")


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shop") / "company"
    write(build("shop", customers=800, seed=3, plants=PLANTED), folder)
    return folder


@pytest.fixture(scope="module")
def done(company, tmp_path_factory):
    return audit(company, tmp_path_factory.mktemp("out") / "audit", seed=1)


def without_time(path: Path) -> dict:
    run = json.loads(path.read_text(encoding="utf-8"))
    run.pop("made_at")
    return run


def test_everything_promised_is_written(done):
    for name in FILES:
        assert (done.out / name).is_file(), name
    pointer = (done.out / "record" / "current").read_text(encoding="utf-8").strip()
    assert (done.out / "record" / pointer / "manifest.json").is_file()
    assert done.run["snapshot"]["id"] == pointer


def test_nothing_is_written_into_the_source(company, tmp_path):
    before = sorted((p.name, p.stat().st_mtime_ns) for p in company.rglob("*"))
    audit(company, tmp_path / "out")
    assert sorted((p.name, p.stat().st_mtime_ns) for p in company.rglob("*")) == before


def test_the_same_bytes_on_one_thread_and_on_two(company, done, tmp_path):
    one = audit(company, tmp_path / "one", seed=1, threads=1)
    two = audit(company, tmp_path / "two", seed=1, threads=2)
    assert (
        without_time(one.out / "audit.json")
        == without_time(two.out / "audit.json")
        == without_time(done.out / "audit.json")
    )
    assert (one.out / "findings.csv").read_bytes() == (two.out / "findings.csv").read_bytes()
    assert (one.out / "rejects.parquet").read_bytes() == (two.out / "rejects.parquet").read_bytes()
    for file in sorted((one.out / "record").rglob("*.parquet")):
        assert file.read_bytes() == (two.out / "record" / file.relative_to(one.out / "record")).read_bytes(), file.name


def test_the_report_differs_by_nothing_but_the_time(done, company, tmp_path):
    again = audit(company, tmp_path / "again", seed=1)
    drawn = render({**again.run, "made_at": done.run["made_at"]})
    assert drawn == done.report.read_text(encoding="utf-8")


def test_the_document_is_what_the_schema_says(done):
    schema = json.loads(Path("docs/reference/audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads((done.out / "audit.json").read_text(encoding="utf-8")), schema)


def test_rows_in_are_rows_used_and_rows_rejected(done):
    assert done.run["inputs"]
    for file in done.run["inputs"]:
        assert file["rows"] == file["used"] + file["rejected"], file["source"]


def test_no_audit_crashes(done):
    assert [(a["id"], a["reason"]) for a in done.run["audits"] if a["status"] == "error"] == []


def test_every_finding_has_all_its_parts(done):
    ids = {f["id"] for f in done.run["findings"]}
    assert ids
    for finding in done.run["findings"]:
        assert finding["evidence"], finding["id"]
        assert finding["incident"] in ids
        assert {e["kind"] for e in finding["evidence"]} >= {"query", "rows"}
        assert 0 <= finding["confidence"] <= 1
        assert finding["condition"]["q_value"] <= 0.05
        assert len(finding["criteria"]["frozen_hash"]) == 64
        assert all(finding["action"].values())


def test_printed_queries_run_as_pasted(done, monkeypatch):
    import duckdb

    monkeypatch.chdir(done.out)
    for finding in done.run["findings"][:12]:
        for evidence in finding["evidence"]:
            if evidence["sql"]:
                rows = duckdb.sql(evidence["sql"])
                assert len(rows.fetchall()) == len(evidence["sample"]), finding["id"]


def test_only_limits_what_is_said_and_not_what_is_tested(company, done, tmp_path):
    few = audit(company, tmp_path / "few", seed=1, only=("first-reply",))
    assert [a["id"] for a in few.run["audits"]] == ["first-reply"]
    whole = {f["id"]: f["condition"]["q_value"] for f in done.run["findings"]}
    assert few.run["findings"]
    for finding in few.run["findings"]:
        assert finding["condition"]["q_value"] == whole[finding["id"]]
    with pytest.raises(UsageError, match="no audit “nothing”"):
        audit(company, tmp_path / "none", only=("nothing",))


def test_a_folder_of_somebody_else_is_kept(company, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match="not Rapport's"):
        audit(company, theirs)
    assert [p.name for p in theirs.iterdir()] == ["thesis.docx"]


def test_dates_that_leave_no_period_are_one_line(company, tmp_path):
    with pytest.raises(UsageError, match="is no date"):
        audit(company, tmp_path / "a", as_of="yesterday")
    with pytest.raises(UsageError, match="period would begin"):
        audit(company, tmp_path / "b", as_of="2024-01-01", since="2025-01-01")


def test_an_earlier_view_knows_nothing_later(company, tmp_path):
    past = audit(company, tmp_path / "past", as_of="2025-09-01")
    assert past.run["as_of"].startswith("2025-08-31T22:00")
    for finding in past.run["findings"]:
        assert (finding["condition"]["onset"] or "") < "2025-09-01"


def test_findings_open_in_a_spreadsheet_without_running(done):
    with (done.out / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["id"] for r in rows] == [f["id"] for f in done.run["findings"]]
    assert harmless('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert [harmless(t)[0] for t in ("+1", "-1", "@x", "\tx")] == ["'"] * 4
    assert harmless("Billing") == "Billing"
