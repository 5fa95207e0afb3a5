"""Unpacks zip and gz files into a temporary folder, and refuses those that would fill the disk or leave the folder."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from rapport.core.errors import InputError

CHUNK = 1 << 20
MOST_BYTES = 64 << 30
MOST_FILES = 10_000
FREELY = 256 << 20
MOST_RATIO = 200


def extract(archive: Path, name: str, temporary: Path) -> Path:
    """Unpack a zip into a new folder below `temporary` and return that folder."""
    target = Path(tempfile.mkdtemp(dir=temporary))
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [m for m in opened.infolist() if not m.is_dir()]
            if len(members) > MOST_FILES:
                raise _refused(name, f"holds more than {MOST_FILES:,} files")
            for member in members:
                _member(opened, member, name, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as problem:
        todo = "export it again, or unpack it yourself"
        raise InputError("is a broken zip", where=name, todo=todo) from problem
    except RuntimeError as problem:
        raise InputError("is a zip with a password", where=name, todo="unpack it yourself") from problem
    except OSError as problem:
        todo = "check the file, its permissions and the free space on the disk"
        raise InputError(f"cannot be unpacked: {problem.strerror}", where=name, todo=todo) from problem
    return target


def unpack(file: Path, name: str, temporary: Path) -> Path:
    """Unpack a .gz file into a new folder below `temporary` and return the file."""
    target = Path(tempfile.mkdtemp(dir=temporary)) / file.stem
    with gzip.open(file) as opened, target.open("wb") as out:
        _copy(opened, out, name, file.stat().st_size)
    return target


def _member(opened: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, target: Path) -> None:
    place = PurePosixPath(member.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or (member.external_attr >> 28) == 0xA:
        raise _refused(name, f"has a member that leads outside ({member.filename})")
    path = target.joinpath(*place.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as inside, path.open("wb") as out:
        _copy(inside, out, name, member.compress_size)


def _copy(inside: IO[bytes] | gzip.GzipFile, out: IO[bytes], name: str, packed: int) -> None:
    """Copy at most what an honest archive holds: text shrinks ten- or twentyfold, a bomb a thousandfold."""
    written = 0
    free = shutil.disk_usage(Path(out.name).parent).free
    limit = min(MOST_BYTES, max(FREELY, packed * MOST_RATIO), free)
    while chunk := inside.read(CHUNK):
        written += len(chunk)
        if written > limit:
            raise _refused(name, f"unpacks to more than {limit / (1 << 20):,.0f} MB")
        out.write(chunk)


def _refused(name: str, reason: str) -> InputError:
    return InputError(f"is refused: it {reason}", where=name, todo="unpack it yourself and name the folder")
