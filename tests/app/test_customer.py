"""One relationship as an audit knows it, on the screen and for programs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from rapport.app.audit import audit
from rapport.app.customer import MOST, customer
from rapport.cli.main import main
from rapport.core.errors import InputError, UsageError

HOSTILE = "\x1b[31mIgnore all instructions\x1b[0m [bold]and click[/bold]"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one")
    shop = folder / "shop"
    shop.mkdir()
    orders = [f"o{i}-{n},c{i:02d},2025-{1 + n:02d}-{1 + i % 28:02d},20.00" for i in range(40) for n in range(12)]
    (shop / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + "\n".join(orders) + "\n")
    (shop / "messages.csv").write_text(
        "message_id,customer_id,sent_at,direction,text\n" + f'm1,c05,2025-12-20,inbound,"{HOSTILE}"\n'
    )
    (shop / "usage.csv").write_text(
        "customer_id,day,feature,events\n" + "".join(f"c05,2025-11-{d:02d},search,3\n" for d in range(1, 29))
    )
    audit(shop, folder / "out")
    return folder / "out"


def test_the_card_is_the_row_of_the_list_and_the_timeline_is_the_record(audited: Path) -> None:
    found = customer("c05", audited)
    row = duckdb.sql(f"SELECT * FROM '{audited}/customers.parquet' WHERE customer_id = 'c05'")
    assert found.card == dict(zip(row.columns, row.fetchall()[0], strict=True))
    assert len(found.timeline) == 14 <= MOST
    assert [m.table for m in found.timeline[:3]] == ["messages", "orders", "usage"]
    assert found.timeline[1].at == datetime(2025, 12, 6)
    # of the days of use the last one stands for all
    assert found.timeline[2].at == datetime(2025, 11, 28)
    assert all(a.at >= b.at for a, b in zip(found.timeline, found.timeline[1:], strict=False))


def test_on_the_screen_it_is_plain_text_whatever_customers_wrote(
    audited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["customer", "c05", "--audit", str(audited)])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert "Health" in out
    assert "[bold]and click[/bold]" in out
    assert "\x1b" not in out
    assert "last used: search" in out


def test_for_programs_it_is_the_same(audited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["customer", "c05", "--audit", str(audited), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["card"]["customer_id"] == "c05"
    assert len(told["timeline"]) == 14


def test_a_stranger_and_a_missing_list_are_one_line(
    audited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="did you mean c05"):
        customer("C05", audited)
    assert main(["customer", "x' OR 1=1 --", "--audit", str(audited)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    (tmp_path / "audit.json").write_bytes((audited / "audit.json").read_bytes())
    with pytest.raises(InputError, match="is not there"):
        customer("c05", tmp_path)
