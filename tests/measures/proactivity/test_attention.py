"""Days since the last useful contact, worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rapport.core.declarations import Declarations, Policy
from tests.stage import Stage

END = datetime(2026, 1, 1)


def ago(days: float) -> datetime:
    return END - timedelta(days=days)


def stage(customers: dict[str, float], declared: Declarations | None = None, **tables: list[dict[str, Any]]) -> Stage:
    """Return customers with what they spent lately, all created 300 days ago."""
    people = [{"customer_id": c, "created_at": ago(300)} for c in customers]
    orders = [
        {"order_id": f"o{c}", "customer_id": c, "ordered_at": ago(100), "amount": amount, "currency": "EUR"}
        for c, amount in customers.items()
    ]
    first = touch(0, "anyone", 390, "promotion")
    made = {"customers": people, "orders": orders, **tables, "touches": [first, *tables.get("touches", [])]}
    return Stage(made, as_of=END, start=ago(400), declared=declared)


def touch(number: int, who: str, days: float, purpose: str, **more: Any) -> dict[str, Any]:
    return {"touch_id": f"t{number}", "customer_id": who, "sent_at": ago(days), "purpose": purpose, **more}


def test_what_counts_as_a_useful_contact() -> None:
    touches = [
        touch(1, "word", 20, "service"),
        touch(2, "word", 50, "check_in"),
        touch(3, "advert", 3, "promotion"),
        touch(4, "welcome", 3, "onboarding"),
        touch(5, "lost", 3, "service", delivered=False),
        touch(6, "replied", 40, "promotion", replied_at=ago(39)),
        touch(7, "old", 120, "reward"),
        touch(8, "asked", 3, "survey"),
    ]
    tickets = [
        {"ticket_id": "k1", "customer_id": "answered", "opened_at": ago(31), "first_reply_at": ago(30)},
        {"ticket_id": "k2", "customer_id": "ignored", "opened_at": ago(31)},
        {"ticket_id": "k3", "customer_id": "rung", "opened_at": ago(7), "opened_by": "agent"},
    ]
    names = ["word", "advert", "welcome", "lost", "replied", "old", "asked", "answered", "ignored", "rung"]
    rows = {
        r["row_id"]: r for r in stage(dict.fromkeys(names, 10.0), touches=touches, tickets=tickets).rows("attention")
    }
    days = {name: round(float(row["days_since"]), 6) for name, row in rows.items()}
    never = dict.fromkeys(("advert", "welcome", "lost", "asked", "ignored"), 300.0)
    assert days == {"word": 20, "replied": 39, "old": 120, "answered": 30, "rung": 7, **never}
    assert {n for n, r in rows.items() if r["untouched"]} == {*never, "old"}
    assert {n for n, r in rows.items() if not r["ever"]} == set(never)
    assert {n for n, r in rows.items() if r["spoke"]} == {"replied", "answered"}
    assert {n for n, r in rows.items() if r["forgotten"] is None} == {"replied", "answered"}


def test_a_declared_limit_takes_the_place_of_ninety_days() -> None:
    declared = Declarations(policies=(Policy("word", "useful_contact_days", 15),))
    (row,) = stage({"a": 10.0}, declared, touches=[touch(1, "a", 20, "service")]).rows("attention")
    assert row["window_days"] == 15
    assert row["untouched"]


def test_who_brought_the_same_stands_in_the_same_decile_whatever_the_order_of_rows() -> None:
    worth = {f"c{i:02d}": 1000.0 - i for i in range(8)} | {f"d{i:02d}": 5.0 for i in range(12)}
    rows = {r["row_id"]: r for r in stage(worth).rows("attention")}
    assert [rows[f"c{i:02d}"]["decile"] for i in range(8)] == [1, 1, 2, 2, 3, 3, 4, 4]
    # The twelve equals fill places 9 to 20 of 20; the middle of their group is 14 of 20: the eighth decile.
    assert {rows[f"d{i:02d}"]["decile"] for i in range(12)} == {8}
    assert {r["value_tier"] for n, r in rows.items() if n < "c02"} == {"best tenth"}
    backwards = {r["row_id"]: r["decile"] for r in stage(dict(reversed(worth.items()))).rows("attention")}
    assert backwards == {n: r["decile"] for n, r in rows.items()}


@pytest.mark.parametrize("gone", ["closed", "left", "young", "silent"])
def test_only_those_who_are_customers_and_known_for_two_limits_are_there(gone: str) -> None:
    people = [{"customer_id": c, "created_at": ago(300)} for c in ("stays", "goes")]
    orders = [{"order_id": "o1", "customer_id": "stays", "ordered_at": ago(100), "amount": 10.0}]
    periods: list[dict[str, Any]] = []
    if gone == "closed":
        people[1]["closed_at"] = ago(2)
        orders.append({"order_id": "o2", "customer_id": "goes", "ordered_at": ago(100), "amount": 10.0})
    elif gone == "left":
        periods = [
            {"subscription_id": "s", "customer_id": "goes", "mrr": 9.0, "valid_from": ago(300), "valid_to": ago(30)}
        ]
    elif gone == "young":
        people[1]["created_at"] = ago(179)
        orders.append({"order_id": "o2", "customer_id": "goes", "ordered_at": ago(100), "amount": 10.0})
    else:
        orders.append({"order_id": "o2", "customer_id": "goes", "ordered_at": ago(380), "amount": 10.0})
    tables = {"customers": people, "orders": orders, "touches": [touch(0, "anyone", 390, "promotion")]}
    tables |= {"subscriptions": periods} if periods else {}
    rows = Stage(tables, as_of=END, start=ago(400)).rows("attention")
    assert [r["row_id"] for r in rows] == ["stays"]


def test_what_was_not_on_record_yet_is_no_neglect() -> None:
    """Contacts were first written down 170 days ago: who had none before, nobody knows."""
    people = [{"customer_id": "a", "created_at": ago(900)}]
    orders = [{"order_id": "o", "customer_id": "a", "ordered_at": ago(100), "amount": 9.0}]
    made: dict[str, Any] = {"customers": people, "orders": orders, "touches": [touch(0, "anyone", 170, "promotion")]}
    assert Stage(made, as_of=END, start=ago(900)).rows("attention") == []
    made["touches"] = [touch(0, "anyone", 200, "promotion")]
    (row,) = Stage(made, as_of=END, start=ago(900)).rows("attention")
    assert float(row["days_since"]) == pytest.approx(200)
