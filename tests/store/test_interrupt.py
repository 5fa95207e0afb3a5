"""Ctrl-C while the engine works: it must stop the command, and never count as a query that failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, signal
from threading import Timer
from rapport.store.sqlcheck import empty_database

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell makes its background jobs deaf to it
database = empty_database({})
Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    database.run_text("SELECT count(*) AS n FROM range(100000000000) t(i) WHERE i * 7 % 13 = 5")
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_during_a_query_is_ctrl_c() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("stopped\n", 0)


IMPORT = """
import os, signal, sys
from threading import Timer
from rapport.cli.main import main
from rapport.store import ingest

signal.signal(signal.SIGINT, signal.default_int_handler)

def slow(connection, *_):
    Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    connection.execute("SELECT count(*) AS n FROM range(100000000000) t(i) WHERE i * 7 % 13 = 5").fetchall()

ingest.assemble = slow
sys.exit(main(["audit", sys.argv[1], "--out", sys.argv[2]]))
"""


def test_ctrl_c_during_an_import_is_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,ordered_at,amount\nO1,c,2024-01-01,1\n", encoding="utf-8"
    )
    words = [sys.executable, "-c", IMPORT, str(tmp_path / "orders.csv"), str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert "rapport: stopped; nothing was left half done" in done.stderr
    assert done.returncode == 130
