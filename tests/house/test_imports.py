"""Importing Rapport costs nothing, and asking for help costs little."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"duckdb", "sqlglot", "numpy", "pandas", "pyarrow", "scipy", "altair", "pydantic", "jinja2", "fastexcel"}


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _loaded(code: str) -> set[str]:
    return set(_run(f"{code}\nimport sys\nprint(' '.join(sys.modules))").splitlines()[-1].split())


def test_import_rapport_loads_nothing_heavy() -> None:
    assert not (HEAVY | {"typer", "rich"}) & _loaded("import rapport")


def test_import_rapport_takes_less_than_a_tenth_of_a_second() -> None:
    code = "import time; t = time.perf_counter(); import rapport; print(time.perf_counter() - t)"
    assert min(float(_run(code)) for _ in range(3)) < 0.1


def test_help_loads_nothing_heavy() -> None:
    code = "from rapport.cli.main import main; main(['--help'])"
    assert not (HEAVY | {"rich", "rapport.record", "rapport.engine", "rapport.store"}) & _loaded(code)


@pytest.mark.parametrize("command", ["demo", "init", "audit", "audits", "explain", "template"])
def test_help_of_each_command_loads_nothing_heavy(command: str) -> None:
    # Typer itself loads pydantic, where it is installed, once a command has parameters.
    assert not (HEAVY - {"pydantic"}) & _loaded(f"from rapport.cli.main import main; main([{command!r}, '--help'])")


def test_every_public_name_can_be_fetched() -> None:
    import rapport

    for name in rapport.__all__:
        assert getattr(rapport, name) is not None
    assert set(rapport.__all__) <= set(dir(rapport))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import rapport

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rapport.nothing
