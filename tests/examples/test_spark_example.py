"""The example of a measure on Spark, run as its page says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from examples.first_audit import exports

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.engines
pytest.importorskip("pyspark", reason="pyspark is not installed: `make test-engines` does that")

MAPPING = """
[[mapping]]
file = "helpdesk-tickets.csv"
table = "tickets"
[mapping.columns]
ticket_id = '"Ticket number"'
opened_at = "Created"
first_reply_at = "Answered"
team = "Desk"
[mapping.formats]
Created = "dd.mm.yyyy hh:mm"
Answered = "dd.mm.yyyy hh:mm"
"""


def test_the_wait_by_team_is_printed(tmp_path: Path) -> None:
    exports.write(tmp_path / "tea")
    (tmp_path / "tea" / "rapport.toml").write_text(MAPPING, encoding="utf-8")
    words = [sys.executable, str(ROOT / "examples" / "on_spark.py"), str(tmp_path / "tea"), str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(desk in done.stdout for desk in exports.GROUPS)
