"""Medians of waits: exact where they can be, with intervals that hold although customers write more than once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rapport.core.outcome import Status
from rapport.measures.cells import Cells, TimeCells, key_of
from rapport.measures.since import lasting
from rapport.measures.waits import around_median, curve_over, design_effect, quantile, still_waiting
from rapport.measures.yardstick import Yardstick
from rapport.models.log_bins import LOG_BINS
from rapport.models.moments import of_rows
from rapport.models.survival import from_bins

HOUR = 3600.0


def curve_of(seconds, ended=None):
    ended = np.ones(len(seconds), bool) if ended is None else ended
    bins = LOG_BINS.bins_of(seconds)
    found = np.unique(bins)
    counts = [(int(((bins == b) & ended).sum()), int(((bins == b) & ~ended).sum())) for b in found]
    return from_bins(found, [c[0] for c in counts], [c[1] for c in counts])


def waits(rng, rows=200, customers=60, spread=0.7):
    who = rng.integers(0, customers, rows)
    return np.exp(spread * rng.standard_normal(customers)[who] + 0.7 * rng.standard_normal(rows)) * HOUR, who


@pytest.mark.parametrize("exact", [True, False])
def test_the_interval_holds_the_truth_nineteen_times_in_twenty(exact):
    rng = np.random.default_rng(3)
    hits, runs = 0, 400
    for _ in range(runs):
        seconds, who = waits(rng)
        clusters = of_rows(seconds <= np.median(seconds), who)
        found = (
            around_median(float(np.median(seconds)) / HOUR, curve_of(seconds), clusters)
            if exact
            else quantile(curve_of(seconds), clusters, unit=HOUR)
        )
        hits += found.low <= 1.0 <= found.high
    assert abs(hits / runs - 0.95) < 3 * math.sqrt(0.95 * 0.05 / runs)


def test_rows_of_one_customer_count_once():
    values = np.repeat([0.0, 1.0] * 20, 10)
    assert design_effect(of_rows(values, np.repeat(np.arange(40), 10))) == pytest.approx(10, rel=0.05)
    assert design_effect(of_rows(values, np.arange(400))) == pytest.approx(1, rel=0.01)
    assert design_effect(of_rows(np.ones(10), np.arange(10))) == 1.0


def test_a_quantile_that_nobody_reached_is_none():
    seconds = np.full(100, HOUR)
    assert quantile(curve_of(seconds, np.arange(100) < 40), of_rows(np.ones(100), np.arange(100))) is None
    assert quantile(None, of_rows(np.ones(2), np.arange(2))) is None


def test_months_are_put_together():
    bins = {
        key_of({"topic": "a", "month": m}): (np.array([10, 20]), np.array([1, k]), np.array([0, 1]))
        for k, m in enumerate(("2025-01-01", "2025-02-01", "2025-03-01"), 1)
    }
    curve = curve_over(TimeCells(bins), {"topic": "a"}, ["2025-02-01", "2025-03-01"])
    assert curve.n == 2 + 5 + 2
    assert curve_over(TimeCells(bins), {"topic": "b"}, ["2025-02-01"]) is None


def test_the_picture_falls_from_all_to_one_in_twenty():
    seconds, _ = waits(np.random.default_rng(4), 2000)
    chart = still_waiting(curve_of(seconds), "Still waiting")
    values = [b.value for b in chart.bars]
    assert values[0] == 1.0
    assert values[-1] == pytest.approx(0.05, abs=0.01)
    assert values == sorted(values, reverse=True)
    assert still_waiting(None, "") is None


def months_of(seed, slow=0.3):
    """Return cells of a company in which topic x of team a is late since July, by month."""
    rng = np.random.default_rng(seed)
    n = 8000
    month = rng.integers(1, 13, n)
    topic = rng.choice(["x", "y", "z"], n)
    team = np.where(topic == "z", "b", "a")
    late = (topic == "x") & (month >= 7)
    values = (rng.random(n) < 0.8 - slow * late).astype(float)
    label = np.array([f"2025-{m:02}-01" for m in month])
    columns = {"topic": topic, "team": team, "month": label}
    sets = (("month",), ("topic", "month"), ("team", "month"), ("team", "topic", "month"))
    cells = {}
    for names in sets:
        keys = np.array(["|".join(k) for k in zip(*(columns[c] for c in names), strict=True)])
        for key in np.unique(keys):
            cells[key_of(dict(zip(names, key.split("|"), strict=True)))] = of_rows(values, np.arange(n), keys == key)
    return Cells(of_rows(values, np.arange(n)), cells, sets)


WORDS = Yardstick("x", 0.05, "higher", "share", lambda d: ("", ""), binary=True)


def test_a_change_of_a_topic_is_not_also_one_of_its_team_or_the_company():
    tests = lasting(months_of(1), (("topic",), ("team",), ()), WORDS, lambda c: ("", ""))
    worse = [t for t in tests if t.status is not Status.GOOD_PRACTICE and t.p_value < 0.05]
    head = min(worse, key=lambda t: t.p_value)
    assert (dict(head.scope), head.onset) == ({"topic": "x"}, "2025-07-01")
    assert {"team": "a"} in [dict(s) for s in head.explains]
    assert all(t is head or dict(t.scope) in [dict(s) for s in head.explains] for t in worse)


def test_where_nothing_changes_nothing_is_dated():
    tests = lasting(months_of(2, slow=0.0), (("topic",), ("team",), ()), WORDS, lambda c: ("", ""))
    assert min(t.p_value for t in tests) > 0.05
