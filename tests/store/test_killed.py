"""An import that is killed, at any moment, leaves the record before it as it was."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from rapport.store.snapshot import Snapshot
from tests.importing import bring

MOMENTS = 100
ROWS = 2000
ROOT = Path(__file__).resolve().parents[2]

SERVER = """
import os, sys, threading
from pathlib import Path
from rapport.app.ingest import ingest
source, out = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while sys.stdin.readline():
    child = os.fork()
    if child == 0:
        ingest(source, out)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""Forks before the engine has started a thread, so that a hundred imports do not load the libraries a hundred times."""


def orders(marked: int) -> str:
    lines = "".join(f"{i},c{i % 9},2024-01-0{i % 9 + 1},{i + marked}\n" for i in range(ROWS))
    return "order_id,customer_id,ordered_at,amount\n" + lines


def test_a_killed_import_leaves_the_record_before_it(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    ids: dict[str, dict[str, str]] = {}
    for marked in (1, 0):
        done = bring(tmp_path, {"orders.csv": orders(marked)}).imported.manifest
        ids[done.id] = _hashes(done.path)
    first, second = ids
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", SERVER, str(source), str(out)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True, bufsize=1
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"

        def start() -> int:
            server.stdin.write("go\n")
            return int(server.stdout.readline())

        def ended() -> int:
            server.stdin.write("wait\n")
            return int(server.stdout.readline())

        took = []
        for _ in range(3):
            begun = time.monotonic()
            start()
            assert ended() == 0
            took.append(time.monotonic() - begun)
        killed = 0
        current = second
        for moment in range(MOMENTS):
            (source / "orders.csv").write_text(orders(moment % 2))
            child = start()
            time.sleep(min(took) * 1.05 * moment / MOMENTS)
            os.kill(child, signal.SIGKILL)
            killed += ended() == signal.SIGKILL
            now = Snapshot.load(out)
            assert now.manifest.id in (current, [second, first][moment % 2])
            current = now.manifest.id
            for name, expected in ids.items():
                if (out / "record" / name).exists():
                    assert _hashes(out / "record" / name) == expected
        for marked, name in ((1, first), (0, second)):
            (source / "orders.csv").write_text(orders(marked))
            start()
            assert ended() == 0
            assert Snapshot.load(out).manifest.id == name
            assert _hashes(out / "record" / name) == ids[name]
        server.stdin.close()
    assert killed > MOMENTS / 2
    assert not list((out / "record").glob(".staging-*"))


def _hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}
