"""What a month does to subscribers, computed by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.stage import Stage

NEW_YEAR = datetime(2026, 1, 1)


def period(subscription, begins, ends=None, mrr=10.0, reason=None, plan="pro", customer=None, **more):
    return {
        "period_id": f"{subscription}-{begins:%Y%m%d%H}",
        "subscription_id": subscription,
        "customer_id": customer or subscription,
        "plan": plan,
        "mrr": mrr,
        "valid_from": begins,
        "valid_to": ends,
        "end_reason": reason,
        **more,
    }


def months(*periods, as_of=NEW_YEAR, **more):
    rows = Stage({"subscriptions": list(periods)}, as_of=as_of, **more).rows("subscription_months", "month, row_id")
    return {(r["customer_id"], str(r["month"])[:7]): r for r in rows}


def test_a_change_of_plan_is_no_loss():
    rows = months(
        period("a", datetime(2025, 9, 15), datetime(2025, 11, 10), 10.0, "upgrade", "basic"),
        period("a", datetime(2025, 11, 10), None, 30.0, plan="pro"),
    )
    november = rows["a", "2025-11"]
    assert november["lost"] is False
    assert november["expansion_mrr"] == Decimal(20)
    assert november["plan"] == "basic"
    assert rows["a", "2025-12"]["plan"] == "pro"


def test_a_source_that_writes_the_last_day_loses_nobody():
    rows = months(
        period("a", datetime(2025, 9, 1), datetime(2025, 10, 31), plan="basic", reason="upgrade"),
        period("b", datetime(2025, 11, 1), None, plan="pro", customer="a"),
        period("z", datetime(2025, 8, 1)),
    )
    assert rows["a", "2025-10"]["lost"] is False
    assert rows["a", "2025-11"]["lost"] is False


def test_who_leaves_at_midnight_leaves_in_the_month_that_begins():
    rows = months(
        period("a", datetime(2025, 8, 3), datetime(2025, 11, 1), reason="cancelled"), period("z", datetime(2025, 8, 1))
    )
    assert rows["a", "2025-10"]["lost"] is False
    assert rows["a", "2025-11"]["lost"] is True
    assert rows["a", "2025-11"]["lost_by_choice"] is True
    assert rows["a", "2025-11"]["churned_mrr"] == Decimal(10)


def test_failed_payments_are_told_apart():
    rows = months(
        period("a", datetime(2025, 8, 3), datetime(2025, 11, 5), reason="payment_failure"),
        period("z", datetime(2025, 8, 1)),
    )
    assert rows["a", "2025-11"]["lost_by_payment"] is True
    assert rows["a", "2025-11"]["lost_by_choice"] is False


def test_who_joins_and_leaves_within_a_month_was_at_no_start():
    rows = months(period("a", datetime(2025, 11, 5), datetime(2025, 11, 20)), period("z", datetime(2025, 8, 1)))
    assert rows["a", "2025-11"]["at_start"] is False
    assert rows["a", "2025-11"]["lost"] is None
    assert rows["a", "2025-11"]["new_mrr"] == 0


def test_coming_back_is_a_reactivation():
    rows = months(
        period("a", datetime(2025, 8, 5), datetime(2025, 9, 20)),
        period("a", datetime(2025, 11, 7), None),
        period("z", datetime(2025, 8, 1)),
    )
    assert rows["a", "2025-09"]["lost"] is True
    assert rows["a", "2025-11"]["reactivated_mrr"] == Decimal(10)
    assert rows["a", "2025-11"]["new_mrr"] == 0


def test_falling_to_a_price_of_zero_is_leaving():
    rows = months(
        period("a", datetime(2025, 8, 5), datetime(2025, 10, 15), 10.0, "downgrade"),
        period("a", datetime(2025, 10, 15), None, 0.0),
        period("z", datetime(2025, 8, 1)),
    )
    assert rows["a", "2025-10"]["lost"] is True


def test_only_full_months_count_and_the_newest_is_zero_months_ago():
    rows = months(period("a", datetime(2025, 8, 5)), as_of=datetime(2025, 12, 20))
    assert max(m for _, m in rows) == "2025-11"
    assert rows["a", "2025-11"]["months_ago"] == 0


def test_the_newest_month_is_there_although_everybody_has_left():
    rows = months(period("a", datetime(2025, 8, 5), datetime(2025, 9, 20)))
    assert rows["a", "2025-09"]["months_ago"] == 3  # December is the newest full month


def test_an_end_after_the_cut_off_is_not_known_yet():
    rows = months(period("a", datetime(2025, 8, 5), datetime(2026, 3, 1)), present=False)
    assert rows["a", "2025-12"]["lost"] is False


def test_currencies_stay_apart_and_customers_count_once():
    rows = Stage(
        {
            "subscriptions": [
                period("a", datetime(2025, 8, 5), customer="x", currency="EUR"),
                period("b", datetime(2025, 8, 5), customer="x", currency="USD"),
            ]
        },
        as_of=NEW_YEAR,
    ).rows("subscription_months", "month, currency")
    december = [r for r in rows if r["month"] == date(2025, 12, 1)]
    assert [(r["currency"], r["start_mrr"], r["leads"]) for r in december] == [
        ("EUR", Decimal(10), True),
        ("USD", Decimal(10), False),
    ]
    assert [r["lost"] for r in december] == [False, None]


def test_the_year_is_that_of_the_customers_at_its_beginning():
    stage = Stage(
        {
            "subscriptions": [
                period("a", datetime(2024, 6, 1), datetime(2025, 5, 5), 20.0),
                period("b", datetime(2024, 6, 1), datetime(2025, 5, 5), 20.0, "upgrade"),
                period("b", datetime(2025, 5, 5), None, 50.0),
                period("c", datetime(2025, 2, 1), None, 20.0),
            ]
        },
        as_of=NEW_YEAR,
    )
    rows = {r["customer_id"]: r for r in stage.rows("subscription_year", "customer_id")}
    assert {c: (r["start_mrr"], r["end_mrr"], r["kept_mrr"]) for c, r in rows.items()} == {
        "a": (Decimal(20), Decimal(0), Decimal(0)),
        "b": (Decimal(20), Decimal(50), Decimal(20)),
    }
