"""Runs the steps of a tutorial as a reader would, in the order of its page; writes what they print, or compares it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "docs" / "tutorials" / name for name in ("first-audit.md", "your-own-audit.md")]
STEP = re.compile(r'--8<-- "(examples/[a-z_]+/steps/[a-z-]+)\.sh"')


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its commands, what the page says they print, and what they printed."""

    name: str
    expected: Path
    printed: str


def steps(page: Path) -> list[Path]:
    """Return the steps in the order in which the page shows them, without their endings."""
    return [ROOT / found for found in STEP.findall(page.read_text(encoding="utf-8"))]


def walk(page: Path) -> Iterator[Step]:
    """Run every step of a page in one empty folder that holds nothing but `rapport`, the source; yield what it printed.

    What is shown on the way (progress goes to standard error) is not part of it.

    Raises
    ------
    RuntimeError
        If a step fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rapport").symlink_to(ROOT)
        for step in steps(page):
            commands = step.with_suffix(".sh").read_text(encoding="utf-8")
            done = subprocess.run(
                ["bash", "-e", "-c", commands],
                cwd=folder,
                env={**os.environ, **_surroundings(Path(folder))},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{step.name}: {commands.strip()} ended with {done.returncode}: {done.stderr}")
            printed = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
            yield Step(step.name, step.with_suffix(".txt"), printed + "\n" if printed else "")


def _surroundings(folder: Path) -> dict[str, str]:
    """Return what makes commands find Rapport, and what they install stay in the folder."""
    installed = str(folder / "installed")
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": installed,
        "PIP_TARGET": installed,
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
    }


def main(words: list[str]) -> int:
    """Write what each step prints, or with --check name the steps that print something else."""
    wrong = []
    for step in (step for page in PAGES for step in walk(page)):
        before = step.expected.read_text(encoding="utf-8") if step.expected.is_file() else ""
        if before == step.printed:
            continue
        wrong.append(step.name)
        if "--check" not in words:
            step.expected.write_text(step.printed, encoding="utf-8")
    if wrong and "--check" in words:
        print(f"these steps print something else than the page says: {', '.join(wrong)}; run make tutorial")
        return 1
    print(f"written: {', '.join(wrong)}" if wrong else "the tutorial prints what its page says")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
