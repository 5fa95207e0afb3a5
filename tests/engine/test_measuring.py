"""The trend of a metric shows whole months, by the company's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rapport.core.declarations import Company, Declarations
from rapport.engine.measuring import measured
from rapport.engine.registry import registry
from tests.stage import Stage

START = datetime(2025, 12, 31, 23)


@pytest.mark.parametrize(
    ("timezone", "as_of", "newest"),
    [
        ("Europe/Berlin", datetime(2026, 4, 30, 22), "2026-04"),
        ("UTC", datetime(2026, 4, 30, 22), "2026-03"),
        ("UTC", datetime(2026, 5, 1), "2026-04"),
        ("America/New_York", datetime(2026, 5, 1, 4), "2026-04"),
        ("Europe/Berlin", datetime(2026, 4, 20), "2026-03"),
    ],
)
def test_a_month_is_whole_by_the_companys_clock(timezone: str, as_of: datetime, newest: str) -> None:
    orders = [
        {"order_id": f"{i}", "customer_id": f"{i % 40}", "ordered_at": START + timedelta(hours=6 * i), "amount": 10.0}
        for i in range(4 * 120)
    ]
    declared = Declarations(company=Company(timezone=timezone))
    one = Stage({"orders": orders}, as_of=as_of, start=START, declared=declared)
    (found,) = measured(registry().metrics["revenue"], one.asker, one.facts)
    assert [point.month for point in found.trend][-1] == newest
