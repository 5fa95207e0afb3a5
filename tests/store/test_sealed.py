"""Text that nobody vouches for can read the files it was given, and do nothing else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rapport.core.errors import QueryError
from rapport.store.sealed import Sealed

FILE = Path("record/abc/orders.parquet")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FILE).parent.mkdir(parents=True)
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / FILE)
    (tmp_path / "secret.csv").write_text("word\nopen sesame\n")
    return tmp_path


def test_a_query_runs_as_pasted(root: Path) -> None:
    rows, digest = Sealed(root, [FILE]).run(f"SELECT sum(n) AS s FROM read_parquet('{FILE}')")
    assert rows == [{"s": 6}]
    assert len(digest) == 64


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('secret.csv')",
        "SELECT * FROM 'secret.csv'",
        "SELECT * FROM glob('*')",
        "SELECT * FROM read_parquet('record/abc/../../secret.csv')",
        "SELECT * FROM read_parquet('https://example.com/a.parquet')",
        "COPY (SELECT 1) TO 'evil.csv'",
        f"COPY (SELECT 1) TO '{FILE}' (FORMAT parquet)",
        "ATTACH 'evil.db'",
        "EXPORT DATABASE 'evil'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA database_list; COPY (SELECT 1) TO 'evil.csv'",
        "CREATE TABLE t AS SELECT 1",
        "SELECT 1; SELECT 2",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'evil.csv'",
        "CALL pragma_version()",
        "",
        "SELECT",
    ],
)
def test_everything_else_is_refused(root: Path, sql: str) -> None:
    before = (root / FILE).read_bytes()
    with pytest.raises(QueryError):
        Sealed(root, [FILE]).run(sql)
    assert (root / FILE).read_bytes() == before
    assert sorted(p.name for p in root.iterdir()) == ["record", "secret.csv"]


def test_a_file_of_the_same_name_where_one_stands_is_not_read(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / FILE).parent.mkdir(parents=True)
    pq.write_table(pa.table({"n": [9]}), elsewhere / FILE)
    for folder in (elsewhere, root):
        monkeypatch.chdir(folder)
        assert Sealed(root, [FILE]).run(f"SELECT count(*) AS n FROM read_parquet('{FILE}')")[0] == [{"n": 3}]
