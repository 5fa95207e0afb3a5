"""Ctrl-C while the engine works: it must stop the command, and never count as a query that failed."""

from __future__ import annotations

import subprocess
import sys

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
