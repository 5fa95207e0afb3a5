"""A simulated company is audited like any other: from its files alone, whatever is written in them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rapport.app.audit import audit
from rapport.worlds import WORLDS, build, write

CUSTOMERS = 160


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_texts_that_read_like_instructions_stay_data(name: str, tmp_path: Path) -> None:
    plants = {"first-reply": 12.0, "reopens": 0.6}
    write(build(name, CUSTOMERS, seed=6, plants=plants, twin="instructions"), tmp_path / "company")
    done = audit(tmp_path / "company", tmp_path / "out", force=True)
    assert "error" not in {a["status"] for a in done.run["audits"]}
    assert {f["audit"] for f in done.run["findings"] if f["status"] == "nonconforming"} >= set(plants)
    assert done.run["reliability"]["opinion"] == "unqualified"
    page = done.report.read_text(encoding="utf-8")
    for markup in ("<script>document.title='owned'", "<img src=x", "<assistant>"):
        assert markup not in page
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not any(cell.startswith(("=", "@", "+", "\t", "\r")) for cell in cells)
    assert not any("truth" in i["source"] for i in done.run["inputs"])


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_small_company_is_told_little_and_nothing_wrong(name: str, tmp_path: Path) -> None:
    write(build(name, seed=6, twin="small"), tmp_path / "company")
    done = audit(tmp_path / "company", tmp_path / "out")
    assert not [f["id"] for f in done.run["findings"] if f["status"] == "nonconforming"]
    assert "error" not in {a["status"] for a in done.run["audits"]}
