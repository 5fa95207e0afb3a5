"""Anybody can publish an audit: one file and one line of metadata, nothing of Rapport is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

AUDIT = '''"""Do customers on the telephone get an answer in time?"""

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, Outcome, Score
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest
from rapport.measures.yardstick import Yardstick
from rapport.models.clustered import mean


@audit(
    question="Is each channel answered in time?",
    criteria="Each channel is answered about as fast as the others.",
    source="the company's own other channels",
    least_effect=0.1,
    unit="share",
    category="communication",
    inputs={"in_time": Breakdown("replies", "in_time", by=(("team",),))},
    needs=("tickets.first_reply_at",),
    defect="one channel is slow",
    owner="Support",
)
def channel_speed(in_time: Cells, facts: Facts) -> Outcome:
    """Ask whether one channel is slower than the others.

    What it asks
        Whether a channel is slow.

    Why it matters
        Customers choose the channel.

    How it is measured
        The share answered in time, by channel.

    How it is scored
        The share answered in time.

    What to do
        Look at the slow channel.

    When it is wrong
        Where channels mean other things.

    References
        None.
    """
    yardstick = Yardstick("in_time", 0.1, "higher", "share", lambda d: (f"{d.scope['team']} is slow", "slow"))
    share = mean(in_time.total)
    score = Score(100 * share.value, 100 * (share.low or 0), 100 * (share.high or 1))
    return Looked("By channel.", against_rest(in_time, yardstick).tests, score)
'''

TELL = """
import json
from rapport.engine.registry import registry
print(json.dumps([a.category for a in registry().audits.values() if a.id == "channel-speed"]))
"""


def published(folder: Path, code: str = AUDIT) -> dict[str, str]:
    """Write the package into `folder` as an installer would, and return the environment that sees it."""
    (folder / "their_audits.py").write_text(code, encoding="utf-8")
    metadata = folder / "their_audits-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: their-audits\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[rapport.audits]\nchannel-speed = their_audits:channel_speed\n", encoding="utf-8"
    )
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}


def run(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)


def test_a_published_audit_is_registered_and_runs(tmp_path):
    env = published(tmp_path)
    told = run(["-c", TELL], env)
    assert json.loads(told.stdout) == ["communication"], told.stderr
    company = tmp_path / "company"
    company.mkdir()
    lines = ["ticket_id,customer_id,opened_at,first_reply_at,channel,team"]
    for i in range(400):
        hour, team = (20, "Night") if i % 4 == 0 else (10, "Day")
        lines.append(
            f"t{i},c{i},2025-01-{1 + i % 28:02d} 09:00,2025-01-{1 + i % 28:02d} {hour}:{i % 60:02d},email,{team}"
        )
    (company / "tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    words = ["audit", str(company), "--out", str(out)]
    done = run(["-c", f"from rapport.cli.main import main; raise SystemExit(main({words!r}))"], env)
    assert done.returncode == 0, done.stderr
    found = [f["id"] for f in json.loads((out / "audit.json").read_text(encoding="utf-8"))["findings"]]
    assert "channel-speed/team=Night" in found
    assert "channel-speed" in (out / "report.html").read_text(encoding="utf-8")


def test_a_malformed_audit_is_refused_before_any_runs(tmp_path):
    env = published(tmp_path, AUDIT.replace("    When it is wrong\n", "    Anything else\n"))
    told = run(["-c", TELL], env)
    assert told.returncode != 0
    assert "lacks When it is wrong" in told.stderr
