"""A company of several blocks of customers is one company: nothing is lost between blocks, and memory does not grow."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from rapport.app.world import world
from rapport.core.errors import UsageError
from rapport.record import TABLES
from rapport.worlds import WORLDS, blocks, build, in_blocks, write_in_blocks


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 100)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_one_block_is_the_company_as_it_is_built(name: str, tmp_path: Path) -> None:
    whole = build(name, 120, months=6, seed=3)
    truth, rows = write_in_blocks(in_blocks(name, 120, months=6, seed=3), tmp_path)
    assert (truth, rows) == (whole.truth, {of: table.num_rows for of, table in whole.tables.items()})
    assert (tmp_path / "rapport.toml").read_text(encoding="utf-8") == whole.declarations_toml
    for of, table in whole.tables.items():
        assert _written(tmp_path, of).to_pylist() == table.to_pylist(), of


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("name", sorted(WORLDS))
def test_blocks_are_one_company(name: str, tmp_path: Path) -> None:
    truth, rows = write_in_blocks(in_blocks(name, 250, months=6, seed=3), tmp_path)
    assert truth["customers"] == rows["customers"] == 250
    customers = _written(tmp_path, "customers")
    ids = customers["customer_id"].to_pylist()
    assert len({len(id_) for id_ in ids}) == 1
    assert len(set(customers["email"].drop_null().to_pylist() if "email" in customers.column_names else ids)) == 250
    for of in rows:
        table = _written(tmp_path, of)
        keys = {tuple(row.values()) for row in table.select(list(TABLES[of].key)).to_pylist()}
        assert len(keys) == table.num_rows == rows[of], of
        for column in {"customer_id", "referrer_id"} & set(table.column_names):
            assert set(table[column].drop_null().to_pylist()) <= set(ids), of
    assert _written(tmp_path, "truth/customers")["customer_id"].to_pylist() == ids


@pytest.mark.usefixtures("small_blocks")
def test_the_first_block_is_the_company_of_its_size_and_no_block_is_another(tmp_path: Path) -> None:
    small = build("shop", 100, months=6, seed=3).tables["customers"]
    write_in_blocks(in_blocks("shop", 300, months=6, seed=3), tmp_path)
    whole = _written(tmp_path, "customers")
    assert (
        whole["created_at"].slice(0, 100).cast(small["created_at"].type).to_pylist() == small["created_at"].to_pylist()
    )
    joined = [whole["created_at"].slice(start, 100).to_pylist() for start in (0, 100, 200)]
    assert joined[0] != joined[1] != joined[2] != joined[0]


@pytest.mark.usefixtures("small_blocks")
def test_the_declared_totals_are_those_of_all_blocks(tmp_path: Path) -> None:
    write_in_blocks(in_blocks("shop", 250, months=6, seed=3), tmp_path)
    orders = _written(tmp_path, "orders")
    declared = (tmp_path / "rapport.toml").read_text(encoding="utf-8")
    assert f"orders_count = {orders.num_rows}\n" in declared
    assert f"orders_amount = {pc.sum(orders['amount']).as_py().quantize(Decimal('0.01'))}\n" in declared


@pytest.mark.usefixtures("small_blocks")
def test_a_defect_is_planted_into_every_block(tmp_path: Path) -> None:
    truth, _ = write_in_blocks(in_blocks("shop", 250, seed=3, plants={"record-completeness": None}), tmp_path)
    lately = _written(tmp_path, "orders").filter(pc.field("ordered_at") >= _since(truth))
    regions = lately.filter(pc.equal(lately["channel"], "marketplace"))["region"]
    assert regions.null_count == len(regions) > 20


@pytest.mark.usefixtures("small_blocks")
def test_what_concerns_the_whole_company_is_refused() -> None:
    with pytest.raises(UsageError, match="concentration cannot be planted"):
        in_blocks("shop", 250, plants={"concentration": None})
    with pytest.raises(UsageError, match="no shuffled twin"):
        in_blocks("shop", 250, twin="shuffled")


@pytest.mark.usefixtures("small_blocks")
def test_the_command_writes_a_large_company_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.app.world.BLOCK", 100)
    done = world("shop", tmp_path / "shop", customers=150, months=3)
    assert done.rows["customers"] == _written(tmp_path / "shop", "customers").num_rows == 150
    assert (tmp_path / "shop" / "truth.json").is_file()
    with pytest.raises(UsageError, match="concentration cannot be planted"):
        world("shop", tmp_path / "shop", customers=150, months=3, plants=("concentration",))
    assert (tmp_path / "shop" / "orders").is_dir()


def test_memory_does_not_grow_with_the_company() -> None:
    """Four times the customers in blocks of the same size.

    What may grow: the truth of each customer (some tens of bytes), and what the allocator keeps of what it took apart.
    A third more is far above both, and far below the fourfold of a company held whole.
    """
    alone, four = _peak(5_000), _peak(20_000)
    assert four < 1.33 * alone


def _peak(customers: int) -> int:
    program = f"""
import resource, tempfile
from pathlib import Path
from rapport.worlds import blocks, in_blocks, write_in_blocks

blocks.BLOCK = 5_000
with tempfile.TemporaryDirectory() as folder:
    write_in_blocks(in_blocks("shop", {customers}, months=12), Path(folder))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return int(done.stdout)


def _written(folder: Path, name: str) -> pa.Table:
    files = sorted((folder / name).glob("*.parquet")) or [folder / f"{name}.parquet"]
    whole = pa.concat_tables([pyarrow.parquet.read_table(file) for file in files])
    return whole.sort_by(whole.column_names[0])


def _since(truth: dict[str, Any]) -> pa.Scalar:
    (planted,) = truth["planted"]
    return pa.scalar(f"{planted['since']}T23:00:00").cast(pa.timestamp("ms")).cast(pa.timestamp("ms", "UTC"))
