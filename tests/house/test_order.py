"""The house is in order: floors, circles, locks, names, generated pages."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    """Load a script of tools/ as a module, with its neighbours within reach as when it is run."""
    if str(ROOT / "tools") not in sys.path:
        sys.path.append(str(ROOT / "tools"))
    return importlib.import_module(name)


def test_the_contracts_between_floors_are_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_needs_itself_in_a_circle() -> None:
    assert tool("cycles").main() == 0


def test_a_circle_through_a_function_is_found(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "till.py").write_text("from shop import door\n")
    (tmp_path / "shop" / "door.py").write_text("def open():\n    from shop.till import drawer\n")
    assert tool("cycles").main(tmp_path) == 1


def test_an_import_for_types_alone_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "till.py").write_text("import door\n")
    (tmp_path / "door.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import till\n")
    assert tool("cycles").main(tmp_path) == 0


def test_nothing_is_tracked_that_must_not_be() -> None:
    assert tool("tracked").main() == 0


def test_locks_have_hashes_and_no_addresses() -> None:
    assert tool("tracked").unlocked() == []


def _pinned(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].rstrip(" \\").split("==") for line in lines if "==" in line and line[0].isalnum()]
    return {pin[0]: pin[1].strip() for pin in pins}


@pytest.mark.parametrize("other", ["dev.txt", "engines.txt", "build.txt"])
def test_the_locks_agree(other: str) -> None:
    run, also = _pinned("run.txt"), _pinned(other)
    assert {name: also[name] for name in run.keys() & also.keys()} == {n: run[n] for n in run.keys() & also.keys()}
    assert other == "build.txt" or run.keys() <= also.keys()


def test_everything_that_is_declared_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=\[]", word)[0].strip().lower() for word in declared}
    assert names <= _pinned("run.txt").keys()


def test_the_reference_pages_are_up_to_date() -> None:
    assert tool("reference").main(["--check"]) == 0


def test_a_new_audit_is_two_files_that_can_be_declared(tmp_path: Path) -> None:
    written = tool("new_audit").scaffold("call-backs", "communication", tmp_path)
    assert [path.name for path in written] == ["call_backs.py", "test_call_backs.py"]
    spec = importlib.util.spec_from_file_location("rapport.audits.communication.call_backs", written[0])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.call_backs.id == "call-backs"
    assert module.call_backs.category == "communication"
    compile(written[1].read_text(encoding="utf-8"), "test", "exec")


@pytest.mark.parametrize(("id_", "category"), [("Call Backs", "communication"), ("call-backs", "music"), ("", "")])
def test_a_malformed_new_audit_is_refused(id_: str, category: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ID is|CATEGORY is"):
        tool("new_audit").scaffold(id_, category, tmp_path)
