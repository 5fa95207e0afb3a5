"""Refuses what must never be in the repository: paths of a machine, addresses of a registry, locks without hashes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Written in pieces, so that this file does not refuse itself.
REFUSED = {
    "a path of one machine": r"/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|op" + r"t|Us" + r"ers)/[a-zA-Z_.]",
    "an address of a package registry": r"py"
    + r"pi\.org|pythonho"
    + r"sted|npm"
    + r"js\.org|(?<!emit-)index-u"
    + r"rl",
    "an author that is a program": r"(?i)co-auth" + r"ored-by|clau" + r"de|anthro" + r"pic|chat" + r"gpt|cop" + r"ilot",
    "a key": r"-----BEGIN [A-Z ]*PRIV" + r"ATE KEY-----|AK" + r"IA[0-9A-Z]{16}",
}
EMPTY_WORDS = {"ut" + "ils", "hel" + "pers", "com" + "mon", "ba" + "se", "man" + "ager", "leg" + "acy"}
MOST_LINES = 250
PLAIN_BYTES = 2_000_000


def tracked() -> list[Path]:
    """Return the files that git tracks, and those it would."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def refused(path: Path) -> list[str]:
    """Return what is wrong with one file."""
    name = path.relative_to(ROOT).as_posix()
    wrong = []
    if path.stat().st_size > PLAIN_BYTES:
        wrong.append(f"{name}: larger than {PLAIN_BYTES:,} bytes")
        return wrong
    if EMPTY_WORDS & {part.lower() for part in (*path.relative_to(ROOT).parent.parts, path.stem)}:
        wrong.append(f"{name}: a name that says nothing")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return wrong
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in REFUSED.items():
            if re.search(pattern, line):
                wrong.append(f"{name}:{number}: {what}")
    if name.startswith("src/") and name.endswith(".py"):
        lines = text.count("\n")
        if lines > MOST_LINES:
            wrong.append(f"{name}: {lines} lines; a module has at most {MOST_LINES}")
        if text and not text.startswith('"""'):
            wrong.append(f"{name}: its first line is not a sentence about it")
    return wrong


def unlocked() -> list[str]:
    """Return what is wrong with the lock files."""
    wrong = []
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        if re.search(r"https?:|file:|^-", text, re.MULTILINE):
            wrong.append(f"{lock.name}: an address or an option")
        for block in re.split(r"\n(?=\S)", text):
            if "==" in block.split("\n")[0] and "--hash=sha256:" not in block:
                wrong.append(f"{lock.name}: {block.split()[0]} has no hash")
    return wrong


def main() -> int:
    """Print everything that must not be there; 0 where there is nothing."""
    files = tracked()
    wrong = [line for path in files for line in refused(path)] + unlocked()
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{len(files)} files, nothing that must not be there")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
