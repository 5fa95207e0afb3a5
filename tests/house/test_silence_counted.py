"""Who is counted as having left without a word, and as flagged: those of the simulation's truth, and of the record."""

from __future__ import annotations

import pyarrow as pa

from rapport.worlds import build
from tests.house.test_order import tool


def test_shares_are_those_of_the_ones_who_went() -> None:
    rows = {
        "who": ["1/a", "1/a", "1/b", "1/c", "2/a"],
        "gone": [True, True, True, False, True],
        "flagged": [True, True, False, True, False],
        "three_gaps": [True, False, False, False, False],
        "recency": [False, True, True, False, True],
    }
    found = dict(tool("silence").shares(pa.table(rows), "gone"))
    assert [(what, share.value, share.n) for what, share in found.items()] == [
        ("flagged", 0.5, 4),
        ("more than by three gaps", 0.25, 4),
        ("more than by recency", -0.25, 4),
    ]
    assert all(share.low < share.value < share.high for share in found.values())


def test_left_is_who_had_left_by_then_in_truth() -> None:
    rows = tool("silence").company("shop", 3, 1000).to_pylist()
    truth = {row["customer_id"]: row["left_at"] for row in build("shop", customers=1000, seed=3).customers.to_pylist()}
    assert {row["left"] for row in rows} == {True, False}
    for row in rows:
        left_at = truth[row["customer_id"]]
        assert row["left"] == (left_at is not None and left_at.date() <= row["origin"])
        assert row["who"] == f"3/{row['customer_id']}"
