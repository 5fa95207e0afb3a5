"""The record on disk: the same bytes, the same name, and nothing half done."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from datetime import datetime
from pathlib import Path

import pytest

from rapport.core.errors import InputError
from rapport.store.snapshot import Snapshot
from tests.importing import Brought, bring, bring_folder

ORDERS = "order_id,customer_id,ordered_at,amount,promised_at\n" + "".join(
    f"{i},c{i % 7},2024-01-{i % 28 + 1:02},{i}.25,2030-01-01\n" for i in range(1, 500)
)
TICKETS = "ticket_id,customer_id,opened_at,topic\n" + "".join(
    f"{i},c{i % 5},2023-06-0{i % 9 + 1},x\n" for i in range(50)
)
FILES = {"orders.csv": ORDERS, "tickets.csv": TICKETS}


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}


def test_the_record_is_what_the_pointer_names(tmp_path: Path) -> None:
    done = bring(tmp_path, FILES)
    manifest = Snapshot.load(done.out).manifest
    assert manifest == done.imported.manifest
    assert manifest.path == done.out / "record" / manifest.id
    assert (done.out / "record" / "current").read_text() == manifest.id + "\n"
    assert {t.name: t.rows for t in manifest.tables} == {"orders": 499, "tickets": 50}
    assert hashes(manifest.path)["orders.parquet"] == next(t.sha256 for t in manifest.tables if t.name == "orders")
    assert not Snapshot(manifest).damaged()


def test_plans_do_not_date_the_record(tmp_path: Path) -> None:
    manifest = bring(tmp_path, FILES).imported.manifest
    assert (manifest.earliest, manifest.latest) == (datetime(2023, 6, 1), datetime(2024, 1, 28))


def test_the_manifest_counts_what_is_filled(tmp_path: Path) -> None:
    table = bring(tmp_path, FILES).imported.manifest.table("orders")
    assert table is not None
    assert (table.filled["amount"], table.filled["discount"], table.filled["promised_at"]) == (499, 0, 499)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_bytes_do_not_depend_on_threads(tmp_path: Path, threads: int) -> None:
    one = bring(tmp_path / "one", FILES, threads=1).imported.manifest
    more = bring(tmp_path / "more", FILES, threads=threads).imported.manifest
    assert one.id == more.id
    assert hashes(one.path) == hashes(more.path)


def test_many_rows_give_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    lines = "".join(
        f"{(i * 7919) % 1_000_003},c{i % 1000},2024-01-0{i % 9 + 1},0.{i % 100:02}\n" for i in range(300_000)
    )
    files = {"orders.csv": "order_id,customer_id,ordered_at,amount\n" + lines}
    found = {bring(tmp_path / str(n), files, threads=n).imported.manifest.id for n in (1, 2)}
    assert len(found) == 1


def test_a_second_import_gives_the_same_record(tmp_path: Path) -> None:
    first = bring(tmp_path, FILES)
    before = hashes(first.imported.manifest.path)
    second = bring(tmp_path, {})
    assert second.imported.manifest.id == first.imported.manifest.id
    assert hashes(second.imported.manifest.path) == before


def test_another_file_gives_another_record_and_the_first_one_stays(tmp_path: Path) -> None:
    first = bring(tmp_path, FILES).imported.manifest
    before = hashes(first.path)
    second = bring(tmp_path, {"orders.csv": ORDERS + "9999,c1,2024-02-01,1,\n"}).imported.manifest
    assert second.id != first.id
    assert hashes(first.path) == before
    assert Snapshot.load(tmp_path / "out").manifest.id == second.id


def test_a_changed_table_is_noticed_and_mended_by_the_next_import(tmp_path: Path) -> None:
    manifest = bring(tmp_path, FILES).imported.manifest
    path = manifest.path / "orders.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert Snapshot.load(tmp_path / "out").damaged() == ("orders.parquet",)
    bring(tmp_path, {})
    assert Snapshot.load(tmp_path / "out").damaged() == ()


def test_a_changed_manifest_is_refused(tmp_path: Path) -> None:
    manifest = bring(tmp_path, FILES).imported.manifest
    path = manifest.path / "manifest.json"
    read = json.loads(path.read_text())
    read["tables"][0]["rows"] += 1
    path.write_text(json.dumps(read))
    with pytest.raises(InputError, match="changed after the import"):
        Snapshot.load(tmp_path / "out")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 1}', "null"])
def test_a_damaged_manifest_is_one_clear_line(tmp_path: Path, content: str) -> None:
    manifest = bring(tmp_path, FILES).imported.manifest
    (manifest.path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match="damaged"):
        Snapshot.load(tmp_path / "out")


def test_a_table_of_a_record_can_be_imported_again(tmp_path: Path) -> None:
    done = bring(tmp_path, {"orders.csv": "order_id,ordered_at,shop,note\n1,2024-01-01,A,\n2,2024-01-02,,\n"})
    again = bring(tmp_path / "again", {"orders.parquet": (done.imported.manifest.path / "orders.parquet").read_bytes()})
    names = "order_id, ordered_at, attributes"
    assert again.rows("orders", names) == done.rows("orders", names)


def test_a_folder_without_a_record_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no record"):
        Snapshot.load(tmp_path)


def test_leftovers_of_a_killed_import_are_removed(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    left = tmp_path / "out" / "record" / ".staging-left"
    left.mkdir()
    (left / "orders.parquet").write_bytes(b"half")
    bring(tmp_path, {})
    assert not list((tmp_path / "out" / "record").glob(".staging-*"))


def _again(source: Path, out: Path) -> None:
    bring_folder(source, out)


def test_imports_at_the_same_time_all_end_well(tmp_path: Path) -> None:
    first: Brought = bring(tmp_path, FILES)
    before = hashes(first.imported.manifest.path)
    fork = multiprocessing.get_context("spawn")
    for out in (tmp_path / "out", tmp_path / "fresh"):
        workers = [fork.Process(target=_again, args=(tmp_path / "in", out)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [w.exitcode for w in workers] == [0] * 4
        assert hashes(Snapshot.load(out).manifest.path) == before
        assert not list((out / "record").glob(".staging-*"))


def test_what_was_agreed_long_before_does_not_date_the_record(tmp_path: Path) -> None:
    consents = "customer_id,at,purpose,channel,granted\nc1,2010-02-03,news,email,true\n"
    people = "customer_id,created_at\nc1,2009-02-03\n"
    manifest = bring(tmp_path / "a", {**FILES, "consents.csv": consents, "customers.csv": people}).imported.manifest
    assert manifest.earliest == datetime(2023, 6, 1)
    alone = bring(tmp_path / "b", {"consents.csv": consents, "customers.csv": people}).imported.manifest
    assert alone.earliest == datetime(2009, 2, 3)
