"""What `rapport init` proposes is what an audit without it would do: the file it writes can be used as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.cli.main import main

DATA = Path("../shared/data")
FILES = ("online_retail/online_retail.parquet", "incidents/incident_event_log.parquet", "nps_saas/nps_saas.parquet")


def tables(source: Path, out: Path) -> dict[str, str]:
    declared, mappings = read_config(source, None)
    manifest = ingest(source, out, declared=declared, mappings=mappings).manifest
    return {t.name: t.sha256 for t in manifest.tables}


@pytest.mark.data
@pytest.mark.parametrize("name", FILES)
def test_real_files_need_no_edit(name, tmp_path):
    if not (DATA / name).is_file():
        pytest.skip(f"{DATA / name} is not here")
    folder = tmp_path / "exports"
    folder.mkdir()
    shutil.copy(DATA / name, folder)
    without = tables(folder, tmp_path / "without")
    assert main(["init", str(folder)]) == 0
    assert tables(folder, tmp_path / "with") == without


def test_a_german_export_needs_no_edit(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    lines = ["Rechnungsnr;Kundennr;Rechnungsdatum;Artikelnr;Menge;Einzelpreis"]
    lines += [
        f"R{i // 3};K{i % 17};{1 + i % 28:02d}.0{1 + i % 9}.2025 10:15;A{i % 7};2;1.2{i % 10},50" for i in range(300)
    ]
    (folder / "rechnungen.csv").write_text("\n".join(lines), encoding="cp1252")
    without = tables(folder, tmp_path / "without")
    assert main(["init", str(folder)]) == 0
    assert tables(folder, tmp_path / "with") == without


def test_what_is_there_already_is_kept(tmp_path, capsys):
    (tmp_path / "rapport.toml").write_text("[company]\nname = 'Mine'\n")
    (tmp_path / "orders.csv").write_text("order_id,ordered_at\n1,2025-01-01\n")
    assert main(["init", str(tmp_path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert "Mine" in (tmp_path / "rapport.toml").read_text()
