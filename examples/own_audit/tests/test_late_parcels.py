"""A region that waits is found, equal ones are left in peace, and without arrivals nothing is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rapport


def audited(folder: Path, late: dict[str, int], arrives: bool = True) -> dict[str, Any]:
    """Return how the audit ends where so many of the 150 parcels to each region come a day after the promised one."""
    shop = folder / "shop"
    shop.mkdir()
    lines = ["order_id,customer_id,ordered_at,amount,region,promised_at,delivered_at"]
    for region, days_late in late.items():
        for i in range(150):
            day = 1 + i % 20
            arrival = f"2025-03-{day + (4 if i < days_late else 2):02d} 10:00" if arrives else ""
            lines.append(
                f"{region}{i},{region}{i},2025-03-{day:02d} 09:00,10,{region},2025-03-{day + 3:02d} 23:59,{arrival}"
            )
    (shop / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = rapport.audit(shop, folder / "out").run
    return next(a for a in run["audits"] if a["id"] == "late-parcels")


def test_a_region_that_waits_is_found(tmp_path: Path) -> None:
    found = audited(tmp_path, {"east": 8, "west": 8, "north": 80})
    assert found["status"] == "nonconforming"
    assert found["findings"] == ["late-parcels/region=north"]


def test_equal_regions_are_left_in_peace(tmp_path: Path) -> None:
    assert audited(tmp_path, {"east": 8, "west": 8, "north": 8})["status"] == "conforming"


def test_without_arrivals_nothing_is_claimed(tmp_path: Path) -> None:
    ended = audited(tmp_path, {"east": 8, "west": 8}, arrives=False)
    assert ended["status"] == "not_assessable"
    assert "orders.delivered_at" in ended["reason"]
