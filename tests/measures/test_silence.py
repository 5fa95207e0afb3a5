"""Signs of life and their rhythm by hand; and whether those who go are caught sooner than plain rules would."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rapport.core.declarations import Declarations, Economics
from rapport.models.rhythm.signs_of_life import gaps_of
from rapport.models.rhythm.silence import fit_rhythm
from rapport.worlds import build
from tests.stage import Stage

NOW = datetime(2026, 1, 1)
END, START = datetime(2026, 5, 1), datetime(2024, 5, 1)
Row = dict[str, Any]


def at(day: float) -> datetime:
    return datetime(2025, 10, 1) + timedelta(days=day)


def test_what_a_customer_does_is_a_sign_of_life_and_what_befalls_them_is_none() -> None:
    tables: Mapping[str, list[Row]] = {
        "orders": [{"order_id": "1", "customer_id": "a", "ordered_at": at(1.4)}],
        "usage": [],
        "events": [
            {"event_id": "1", "customer_id": "a", "at": at(2), "name": "login"},
            {"event_id": "2", "customer_id": "a", "at": at(3), "name": "outage"},
            {"event_id": "3", "customer_id": "a", "at": at(4), "name": "subscription cancelled"},
        ],
        "touches": [
            {"touch_id": "1", "customer_id": "a", "sent_at": at(5), "opened_at": at(5)},
            {"touch_id": "2", "customer_id": "a", "sent_at": at(5), "opened_at": at(6), "clicked_at": at(6)},
            {"touch_id": "3", "customer_id": "a", "sent_at": at(5), "replied_at": at(7)},
            {
                "touch_id": "4",
                "customer_id": "a",
                "sent_at": at(5),
                "clicked_at": at(8),
                "unsubscribed_at": at(8),
            },
        ],
        "tickets": [
            {"ticket_id": "1", "customer_id": "a", "opened_at": at(9), "topic": "delivery"},
            {"ticket_id": "2", "customer_id": "a", "opened_at": at(10), "topic": "Cancellation"},
            {"ticket_id": "3", "customer_id": "a", "opened_at": at(11), "topic": "delivery", "opened_by": "agent"},
        ],
        "messages": [
            {"message_id": "1", "customer_id": "a", "sent_at": at(12), "direction": "inbound"},
            {"message_id": "2", "customer_id": "a", "sent_at": at(13), "direction": "outbound"},
        ],
        "feedback": [
            {"feedback_id": "1", "customer_id": "a", "kind": "csat", "asked_at": at(14)},
            {"feedback_id": "2", "customer_id": "a", "kind": "csat", "asked_at": at(14), "answered_at": at(15)},
        ],
        "referrals": [{"referral_id": "1", "referrer_id": "a", "at": at(16)}],
    }
    stage = Stage({name: rows for name, rows in tables.items() if rows}, as_of=NOW)
    days = [(r["day"] - at(0).date()).days for r in stage.rows("life_days", "day")]
    assert days == [1, 2, 6, 7, 9, 12, 15, 16]


def test_a_complaint_is_what_is_not_solved_or_scored_low() -> None:
    tickets = [
        {"ticket_id": "1", "customer_id": "open", "opened_at": at(50)},
        {"ticket_id": "2", "customer_id": "solved", "opened_at": at(50), "resolved_at": at(51)},
        {"ticket_id": "3", "customer_id": "leaves", "opened_at": at(5), "topic": "cancel", "resolved_at": at(6)},
        {"ticket_id": "6", "customer_id": "zegt op", "opened_at": at(5), "topic": "Opzegging", "resolved_at": at(6)},
        {"ticket_id": "4", "customer_id": "old", "opened_at": at(-200)},
    ]
    feedback = [
        {"feedback_id": "1", "customer_id": "low", "kind": "nps", "score": 6, "asked_at": at(4), "answered_at": at(5)},
        {"feedback_id": "2", "customer_id": "0", "kind": "nps", "score": 0, "asked_at": at(4), "answered_at": at(5)},
        {"feedback_id": "3", "customer_id": "fine", "kind": "nps", "score": 7, "asked_at": at(4), "answered_at": at(5)},
        {"feedback_id": "4", "customer_id": "two", "kind": "csat", "score": 2, "asked_at": at(4), "answered_at": at(5)},
        {"feedback_id": "5", "customer_id": "so", "kind": "csat", "score": 3, "asked_at": at(4), "answered_at": at(5)},
    ]
    stage = Stage({"tickets": tickets, "feedback": feedback}, as_of=NOW)
    assert {r["customer_id"] for r in stage.rows("complaints")} == {"open", "leaves", "zegt op", "low", "0", "two"}


def clients(seed: int, n: int = 300) -> list[Row]:
    """Customers who order at a gap of their own, some regular and some not, until a tenth stops on day 200 of 300."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for c in range(n):
        gap, wild = float(rng.uniform(12, 40)), c % 2
        now, stops = float(rng.uniform(0, gap)), 200 if c % 10 == 0 else 300
        while now < stops:
            when = datetime(2025, 3, 7) + timedelta(days=math.floor(now), hours=12)
            rows.append({"order_id": f"{c}-{len(rows)}", "customer_id": f"c{c:03d}", "ordered_at": when, "amount": 9.0})
            now += gap * (float(rng.exponential()) if wild else float(rng.uniform(0.85, 1.15)))
    return rows


def test_a_rhythm_is_that_of_the_raw_rows() -> None:
    orders = clients(1)
    stage = Stage({"orders": orders}, as_of=NOW)
    days: dict[str, list[int]] = defaultdict(list)
    for r in orders:
        days[r["customer_id"]].append((r["ordered_at"].date() - datetime(2025, 1, 1).date()).days)
    end = (NOW - datetime(2025, 1, 1)).days
    for row in stage.rows("rhythms"):
        own = sorted(set(days[row["customer_id"]]))
        gaps = [b - a for a, b in pairwise(own) if b - a > 10]
        assert (row["gaps"], row["total"]) == (len(gaps), sum(gaps))
        assert row["silent_days"] == end - own[-1] - 1
        assert row["days_28"] == sum(end - d <= 28 for d in own)
        if gaps:
            logs = np.log(gaps)
            assert row["mean_log"] == pytest.approx(logs.mean())
            assert row["square_log"] == pytest.approx(((logs - logs.mean()) ** 2).sum(), abs=1e-9)


def test_the_regular_one_is_missed_sooner_than_the_moody_one() -> None:
    stage = Stage({"orders": clients(2)}, as_of=NOW)
    rows = {r["customer_id"]: r for r in stage.rows("silence")}
    ordered = [r for r in rows.values() if r["own_gap_days"] is not None]
    stopped = [r["left_p"] for r in ordered if int(r["customer_id"][1:]) % 10 == 0]
    others = [r["left_p"] for r in ordered if int(r["customer_id"][1:]) % 10]
    assert np.median(stopped) > 2 * np.median(others)
    late = [r for r in ordered if 2 < r["silent_days"] / r["own_gap_days"] < 4]
    regular, moody = ([r["silence_p"] for r in late if int(r["customer_id"][1:]) % 2 == k] for k in (0, 1))
    assert np.median(regular) < np.median(moody)


def test_the_chance_of_a_silence_is_that_of_the_model_on_the_same_gaps() -> None:
    orders = clients(3)
    stage = Stage({"orders": orders}, as_of=NOW)
    ids = sorted({r["customer_id"] for r in orders})
    who = [ids.index(r["customer_id"]) for r in orders]
    day = [(r["ordered_at"].date() - datetime(2025, 1, 1).date()).days for r in orders]
    gaps, _ = gaps_of(who, day, (NOW - datetime(2025, 1, 1)).days - 1)
    same = {r["customer_id"]: r for r in stage.rows("rhythms")}
    whole = [k for k, i in enumerate(ids) if same[i]["gaps"] == gaps.count[k]]
    if len(whole) == len(ids):  # no two orders within ten days of one another
        assert {r["customer_id"]: r["silence_p"] for r in stage.rows("silence")} == pytest.approx(
            dict(zip(ids, fit_rhythm(gaps).silence_p(gaps).tolist(), strict=True)), rel=1e-6
        )
    kept = {r["customer_id"]: r["silence_p"] for r in stage.rows("silence")}
    assert all(0 <= p <= 1 for p in kept.values())


def fade(tables: dict[str, pa.Table], until: datetime) -> dict[str, pa.Table]:
    """Return the tables as nobody could have known more of them at a moment."""
    own = {"usage": "day", "events": "at", "tickets": "opened_at", "touches": "sent_at", "messages": "sent_at"}
    cut = dict(tables)
    for name, column in own.items():
        if name in cut:
            times = cut[name][column].to_pylist()
            kept = [
                (t.replace(tzinfo=None) if isinstance(t, datetime) else datetime(t.year, t.month, t.day)) < until
                for t in times
            ]
            cut[name] = cut[name].filter(pa.array(kept))
    return cut


def test_the_future_changes_nothing() -> None:
    tables = build("subscription", 250, 24, seed=4).tables
    then = datetime(2026, 1, 1)
    whole = Stage(tables, as_of=then, start=START, present=False)
    known = Stage(fade(tables, then), as_of=then, start=START, present=False)
    assert whole.rows("silence") == known.rows("silence")


def shares(rows: list[Row], name: str) -> float:
    return float(np.mean([r[name] for r in rows if r["judged"] and r["gone"]]))


def test_in_a_company_more_are_caught_than_by_three_gaps_or_recency_at_the_same_number() -> None:
    """A healthy company of contracts: who decides to leave often fades before."""
    declared = Declarations(economics=Economics(accounts_per_month=40))
    world = build("subscription", 2500, 24, seed=11)
    stage = Stage(world.tables, as_of=END, start=START, declared=declared)
    rows = stage.rows("silence_backtest")
    said = stage.asker.said["silence_backtest"]["backtest"]
    assert said["recall"]["value"] == pytest.approx(shares(rows, "flagged"))
    for name in ("three_gaps", "recency"):
        assert said[name]["recall"]["value"] == pytest.approx(shares(rows, name))
        difference = said[name]["difference"]
        assert difference["value"] == pytest.approx(shares(rows, "flagged") - shares(rows, name))
        assert difference["low"] > 0
    for origin in {r["origin"] for r in rows}:
        own = [r for r in rows if r["origin"] == origin]
        assert [sum(r[n] for r in own) for n in ("flagged", "three_gaps", "recency")] == [40, 40, 40]
    hits = [r for r in rows if r["judged"] and r["gone"] and r["flagged"]]
    assert said["lead_days_median"] == pytest.approx(np.median([r["lead_days"] for r in hits]))
    assert said["lead_gaps_median"] == pytest.approx(np.median([r["lead_gaps"] for r in hits]))
    assert said["lead_days_median"] > 28
    # and the company's own truth, which no record shows: who was flagged had more often decided to leave by then
    decided = dict(zip(*(world.customers[n].to_pylist() for n in ("customer_id", "decided_at")), strict=True))
    on_their_way = [
        (decided[r["customer_id"]] is not None and decided[r["customer_id"]].date() <= r["origin"], r["flagged"])
        for r in rows
        if r["judged"]
    ]
    flagged = np.mean([d for d, f in on_their_way if f])
    assert flagged > 3 * np.mean([d for d, f in on_their_way if not f])


def test_where_too_little_is_known_it_says_so() -> None:
    few = [{"order_id": str(i), "customer_id": f"c{i}", "ordered_at": at(i)} for i in range(20)]
    assert Stage({"orders": few}, as_of=NOW).rows("silence") == []
    late = [r for r in clients(5) if r["ordered_at"] > NOW - timedelta(days=220)]
    # a customer who was entered ten years ago makes the record old, and no rhythm better known
    entered = [{"customer_id": "old", "created_at": datetime(2015, 1, 1)}]
    short = Stage({"orders": late, "customers": entered}, as_of=NOW, start=datetime(2015, 1, 1))
    assert short.rows("silence_backtest") == []
    assert "too short to look back" in short.asker._untold["silence_backtest"]
    assert any(r["flagged"] for r in short.rows("silence"))
