"""Reads every byte of a file once: its fingerprint, its first part, and whether its text must be rewritten as UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rapport.core.errors import InputError
from rapport.store.folder import SourceFile

CHUNK = 1 << 20
HEAD = 1 << 18


@dataclass(frozen=True, slots=True)
class Examined:
    """What the bytes of a file say: `head` is its first part; `sample` adds the first bytes that are not UTF-8.

    `nuls` are counted as far as it is UTF-8: where it is not, it is written again and they are counted there.
    """

    sha256: str
    size: int
    head: bytes
    sample: bytes
    nuls: int
    utf8: bool


def examine(file: SourceFile) -> Examined:
    """Read a file once from end to end."""
    hashed = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    head, sample, nuls, size, utf8 = b"", b"", 0, 0, True
    try:
        with file.path.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                hashed.update(chunk)
                size += len(chunk)
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                if utf8:
                    nuls += chunk.count(0)
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError as problem:
                        utf8 = False
                        sample = chunk[max(0, problem.start - HEAD // 2) : problem.start + HEAD // 2]
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else str(problem)
        todo = "check the file and its permissions"
        raise InputError(f"cannot be read: {reason}", where=file.name, todo=todo) from problem
    return Examined(hashed.hexdigest(), size, head, head if utf8 else head + sample, nuls, utf8)


@dataclass(frozen=True, slots=True)
class Text:
    """A text file as UTF-8 without NUL: the file itself or a rewritten copy, and what there is to say about it."""

    path: Path
    notes: tuple[str, ...]


def as_utf8(file: SourceFile, examined: Examined, encoding: str, temporary: Path) -> Text:
    """Return the file as UTF-8, rewritten into `temporary` where it is not."""
    codec = codecs.lookup(encoding).name
    bom = examined.head.startswith(codecs.BOM_UTF8)
    wide = codec.startswith(("utf-16", "utf-32"))
    if codec in {"utf-8", "utf-8-sig", "ascii"} and examined.utf8 and not examined.nuls and not bom:
        return Text(file.path, ())
    target = temporary / f"{examined.sha256[:16]}-{codec}.txt"
    codec = "utf-8-sig" if codec in {"utf-8", "ascii"} else codec
    damaged, nuls = _rewrite(file.path, target, codec)
    notes = []
    if not codec.startswith("utf-8") and not wide:
        notes.append(f"read as {codec}")
    if damaged:
        notes.append(f"{damaged:,} characters are not valid {codec} and were replaced by \ufffd")
    if nuls:
        notes.append(f"{nuls:,} NUL characters were replaced by \ufffd")
    return Text(target, tuple(notes))


def _rewrite(source: Path, target: Path, codec: str) -> tuple[int, int]:
    """Write a file again as UTF-8; returns how many characters were damaged and how many were NUL."""
    damaged = nuls = 0
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    with source.open("rb") as opened, target.open("wb") as out:
        while True:
            chunk = opened.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            damaged += text.count("\ufffd")
            nuls += text.count("\0")
            out.write(text.replace("\0", "\ufffd").encode("utf-8", errors="replace"))
            if not chunk:
                return damaged, nuls


def even_lines(path: Path, temporary: Path) -> Path:
    """Return a copy in which every line ends alike: the engine refuses a file that mixes two kinds of line end."""
    handle, name = tempfile.mkstemp(suffix=".txt", dir=temporary)
    os.close(handle)
    target = Path(name)
    held = b""
    with path.open("rb") as opened, target.open("wb") as out:
        while chunk := opened.read(CHUNK):
            chunk = held + chunk
            held = b"\r" if chunk.endswith(b"\r") else b""
            out.write(chunk[: len(chunk) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b" "))
        out.write(held.replace(b"\r", b"\n"))
    return target
