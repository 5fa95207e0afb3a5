"""What a relationship is made of at two moments: worked out by hand, and as of the earlier moment itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rapport.worlds import build
from tests.stage import Stage

END = datetime(2026, 1, 1)


def ago(days: float) -> datetime:
    return END - timedelta(days=days)


def stage(**tables: list[dict[str, Any]]) -> Stage:
    """Return a record of two years and more, begun by a customer who is there only to begin it."""
    first = {
        "customers": [{"customer_id": "first", "created_at": ago(900)}],
        "orders": [{"order_id": "o0", "customer_id": "first", "ordered_at": ago(740), "amount": 1.0}],
        "order_lines": [{"order_line_id": "l0", "order_id": "o0", "product_id": "p", "quantity": 1.0}],
        "feedback": [{"feedback_id": "f0", "customer_id": "first", "kind": "csat", "answered_at": ago(735)}],
    }
    return Stage(
        {name: [*first.get(name, []), *tables.get(name, [])] for name in {**first, **tables}},
        as_of=END,
        start=ago(745),
    )


def order(number: int, who: str, days: float, *categories: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    lines = [
        {
            "order_line_id": f"l{number}{k}",
            "order_id": f"o{number}",
            "product_id": f"p{c}",
            "category": c,
            "quantity": 1.0,
        }
        for k, c in enumerate(categories)
    ]
    made = {"order_id": f"o{number}", "customer_id": who, "ordered_at": ago(days), "amount": 9.0, **more}
    return {"orders": [made], "order_lines": lines}


def together(*parts: dict[str, list[dict[str, Any]]], **more: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    names = dict.fromkeys(name for part in (*parts, more) for name in part)
    return {name: [row for part in (*parts, more) for row in part.get(name, [])] for name in names}


def answer(number: int, who: str, days: float) -> dict[str, Any]:
    return {"feedback_id": f"f{number}", "customer_id": who, "kind": "nps", "answered_at": ago(days)}


def test_marks_and_types_by_hand() -> None:
    people = [{"customer_id": c, "created_at": ago(600)} for c in ("deep", "shop", "mid")]
    tables = together(
        order(1, "deep", 400, "a", "b"),
        order(2, "deep", 40, "a", "b", "c"),
        order(3, "shop", 500, "a"),
        order(4, "shop", 20, "a"),
        order(5, "mid", 30, "a", "b"),
        customers=people,
        feedback=[answer(1, "deep", 500), answer(2, "deep", 10)],
    )
    rows = {r["row_id"]: r for r in stage(**tables).rows("relationship_types")}
    # A year ago there were "deep" (2 categories, 1 answer) and "shop" (1, 0): the marks ask for two and for one.
    then = rows["deep/a year ago"]
    assert (then["breadth"], then["exchanges"], then["a_year"], then["broad"], then["two_way"]) == (
        2,
        1,
        False,
        True,
        True,
    )
    assert then["type"] == "regular"
    now = rows["deep/now"]
    assert (now["breadth"], now["exchanges"], now["marks"], now["possible"], now["type"]) == (3, 1, 3, 3, "partnership")
    assert (rows["shop/now"]["marks"], rows["shop/now"]["type"]) == (1, "transactional")
    assert (rows["mid/now"]["marks"], rows["mid/now"]["type"]) == (2, "regular")
    assert "mid/a year ago" not in rows
    assert {"first/now", "first/a year ago"}.isdisjoint(rows)
    assert (rows["deep/now"]["tenure_band"], then["tenure_band"]) == ("1 to 2 years", "under 1 year")


def test_what_became_known_later_was_not_known_a_year_ago() -> None:
    people = [
        {"customer_id": "back", "created_at": ago(700)},
        {"customer_id": "shut", "created_at": ago(700), "closed_at": ago(100)},
    ]
    tables = together(
        order(1, "back", 370, "a", "b", status="returned", returned_at=ago(360)),
        order(2, "shut", 400, "a"),
        order(3, "shut", 200, "a"),
        customers=people,
        goals=[
            {"goal_id": "g1", "customer_id": "shut", "goal": "x", "set_at": ago(700), "due_at": ago(380)},
            {"goal_id": "g2", "customer_id": "back", "goal": "x", "set_at": ago(500), "due_at": ago(300)},
        ],
    )
    rows = {r["row_id"]: r for r in stage(**tables).rows("relationship_types")}
    assert rows["back/a year ago"]["breadth"] == 2  # it went back only afterwards
    assert rows["back/a year ago"]["has_goal"]  # not yet due
    assert not rows["shut/a year ago"]["has_goal"]  # missed
    assert {"back/now", "shut/now"}.isdisjoint(rows)


def test_what_the_record_cannot_know_for_both_moments_is_no_mark() -> None:
    tables = together(
        order(1, "a", 30, "a", "b"),
        customers=[{"customer_id": "a", "created_at": ago(600)}],
        goals=[{"goal_id": "g1", "customer_id": "a", "goal": "x", "set_at": ago(90)}],
        usage=[{"customer_id": "a", "day": ago(50).date(), "feature": "new", "events": 1}],
    )
    row = next(r for r in stage(**tables).rows("relationship_types") if r["row_id"] == "a/now")
    assert row["has_goal"] is None
    assert row["possible"] == 3
    assert row["breadth"] == 2  # use was not recorded a year ago: it would look like new breadth


def test_goals_written_down_for_less_than_two_years_are_no_mark() -> None:
    """Of those agreed in the year before the earlier moment only some are on record: goals would seem to rise."""

    def marked(first: float) -> dict[str, Any]:
        tables = together(
            order(1, "a", 500, "a"),
            order(2, "a", 30, "a"),
            customers=[{"customer_id": "a", "created_at": ago(600)}],
            goals=[
                {"goal_id": f"g{days}", "customer_id": "a", "goal": "x", "set_at": ago(days)} for days in (first, 90)
            ],
        )
        return {r["row_id"]: (r["has_goal"], r["possible"]) for r in stage(**tables).rows("relationship_types")}

    assert marked(500) == {"a/a year ago": (None, 3), "a/now": (None, 3)}
    assert marked(710) == {"a/a year ago": (True, 4), "a/now": (True, 4)}


def test_without_two_years_or_a_known_beginning_there_are_no_rows() -> None:
    tables = together(order(1, "a", 30, "a"), customers=[{"customer_id": "a"}])
    assert [r for r in stage(**tables).rows("relationship_types") if r["customer_id"] == "a"] == []
    young = Stage(
        order(1, "a", 30, "a") | {"customers": [{"customer_id": "a", "created_at": ago(600)}]}, start=ago(700)
    )
    assert young.rows("relationship_types") == []


@pytest.mark.parametrize("world", ["shop", "subscription"])
def test_a_year_ago_is_what_an_audit_of_that_day_would_have_seen(world: str) -> None:
    """The second way: the whole record as of that day, through the engine's own as-of view."""
    tables = build(world, 250, 36, seed=4).tables
    end = datetime(2026, 5, 1)
    columns = ("breadth", "exchanges", "has_goal", "tenure_days", "a_year", "region")

    def seen(as_of: datetime, moment: str) -> dict[str, tuple[Any, ...]]:
        view = Stage(tables, as_of=as_of, start=datetime(2023, 5, 1), present=as_of == end)
        rows = view.rows("relationship_types")
        return {r["customer_id"]: tuple(r[c] for c in columns) for r in rows if r["moment"] == moment}

    before = seen(end, "a year ago")
    assert len(before) > 80
    assert before == seen(end - timedelta(days=365), "now")
