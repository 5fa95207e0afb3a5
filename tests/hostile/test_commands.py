"""What a person types or declares at the edge of sense: each is one line and status two, and nothing is left behind."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from rapport.app.audit import claim, write
from rapport.cli.main import main
from rapport.core.errors import OutputError
from rapport.store.locks import sole

ORDERS = "order_id,customer_id,ordered_at,amount\n" + "".join(f"{i},c,2024-01-{i:02d},5\n" for i in range(1, 29))


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *words: str, command: str = "audit") -> str:
    """Run a command on a folder and return the one line that says why it did not work."""
    into = ["--out", str(folder.parent / "out")] if command == "audit" else []
    assert main([command, str(folder), *into, *words]) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("rapport: ")]
    assert len(lines) == 1
    return lines[0]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS)
    return folder


@pytest.mark.parametrize("day", ["0001-01-01", "1500-06-01", "2101-01-01", "9999-12-31"])
@pytest.mark.parametrize("option", ["--as-of", "--since"])
def test_days_that_no_record_can_hold(shop: Path, capsys: pytest.CaptureFixture[str], option: str, day: str) -> None:
    assert f"{option}: “{day}” is outside 1970–2100" in refused(capsys, shop, option, day)


def test_a_record_without_any_time_has_no_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "customers.csv").write_text("customer_id\na\nb\n")
    said = refused(capsys, tmp_path / "in")
    assert "customers.csv: no row has a time" in said
    assert "--as-of" in said


def test_an_expression_without_end(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = "(" * 2000 + "amount" + ")" * 2000
    columns = f"order_id = 'order_id'\nordered_at = 'ordered_at'\namount = '{deep}'\n"
    head = "[[mapping]]\nfile = 'orders.csv'\ntable = 'orders'\n[mapping.columns]\n"
    (shop / "rapport.toml").write_text(head + columns)
    assert "column amount: is nested too deeply" in refused(capsys, shop)


def test_a_mapping_without_what_every_row_needs(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "rapport.toml").write_text(
        "[[mapping]]\nfile = 'orders.csv'\ntable = 'orders'\n[mapping.columns]\namount = 'amount'\n"
    )
    assert "mapping of orders.csv to orders: ordered_at must be there" in refused(capsys, shop)


def test_a_place_that_cannot_be_written_leaves_nothing_behind(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(shop), "--out", str(shop / "orders.csv" / "deeper")]) == 2
    assert "orders.csv is a file" in capsys.readouterr().err
    assert main(["audit", str(shop.parent / "nowhere"), "--out", str(shop.parent / "out")]) == 2
    assert not (shop.parent / "out").exists()


def test_files_of_which_nothing_can_be_used_are_no_proposal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stuff.csv").write_text("a,b\n1,2\n3,4\n")
    assert "no file looks like something the record holds (stuff.csv)" in refused(capsys, tmp_path, command="init")
    assert not (tmp_path / "rapport.toml").exists()


def test_init_says_what_is_not_used(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "stuff.csv").write_text("a,b\n1,2\n3,4\n")
    assert main(["init", str(shop)]) == 0
    assert "not used, for no table takes it: 1 file (stuff.csv)" in capsys.readouterr().out


def test_a_second_audit_into_the_same_folder_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sole(shop.parent / "out"):
        assert "another audit is writing into it" in refused(capsys, shop)


def test_an_audit_that_came_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for out in (tmp_path / "new", tmp_path / "mine"):
        with sole(out):
            assert (out / "record").is_dir()
    assert [p.name for p in tmp_path.rglob("*")] == ["mine"]


def test_what_a_killed_audit_left_does_not_lock_the_folder(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    (tmp_path / ".rejects.parquet-0011223344556677").write_text("half")
    (tmp_path / ".audit.json-abcdefgh").write_text("{")
    claim(tmp_path, force=False)
    (tmp_path / ".netrc").write_text("mine")
    with pytest.raises(OutputError):
        claim(tmp_path, force=False)


def test_a_full_disk_is_no_mistake_of_rapport(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rapport.app.audit.ingest", full)
    assert refused(capsys, shop) == "rapport: No space left on device — free some space, then try again"


def test_results_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write(tmp_path, {"audit.json": "{}", "no/such/report.html": ""})
    assert list(tmp_path.iterdir()) == []
    write(tmp_path, {"audit.json": "{}", "report.html": "<p>"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["audit.json", "report.html"]
