"""Other customers than before are found, a shift is told apart from habits, and chance and season are no drift."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.engagement.base_drift import base_drift
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.measures.drift import drift_of
from rapport.models.stability import stability
from tests.audits.engagement.shop import END, START, is_quiet, moment, on_stage, worse
from tests.audits.value.service import service, service_stage
from tests.stage import Stage

CHANNELS = ("search", "social", "mail")


def buyers(seed, customers=4000, shares=None, factor=None, dearer=1.0, busy=0.0, since=540):
    """Return first orders over two years: `shares` of the channels and prices times `dearer` since a day."""
    chance = np.random.default_rng(seed)
    day = 730 * chance.random(customers)
    day[: int(busy * customers)] = chance.choice([334.0, 699.0], int(busy * customers)) + 30 * chance.random(
        int(busy * customers)
    )
    new = day >= since
    channel = chance.choice(CHANNELS, customers, p=[0.5, 0.2, 0.3])
    if shares is not None:
        channel = np.where(new, chance.choice(CHANNELS, customers, p=shares), channel)
    level = np.array([(factor or {}).get(c, 1.0) for c in channel])
    amount = np.round(60 * level * np.where(new, dearer, 1.0) * chance.lognormal(0, 0.4, customers), 2)
    ids = np.array([f"c{i}" for i in range(customers)])
    orders = {
        "order_id": np.array([f"o{i}" for i in range(customers)]),
        "customer_id": ids,
        "ordered_at": moment(day),
        "amount": amount,
        "region": chance.choice(["north", "south"], customers),
    }
    people = {"customer_id": ids, "created_at": moment(day), "acquisition_channel": channel}
    return {"orders": pa.table(orders), "customers": pa.table(people)}


@pytest.mark.parametrize("seed", [1, 2])
def test_small_baskets_from_one_channel_are_found_although_every_channel_grows(seed):
    tables = buyers(seed, shares=[0.3, 0.55, 0.15], factor={"social": 0.4}, dearer=1.1)
    outcome = on_stage(tables).ask(base_drift)
    tests = {tuple(t.scope): t for t in worse(outcome)}
    found = tests["acquisition_channel",]
    assert found.scope == {"acquisition_channel": "social"}
    assert found.status is Status.NONCONFORMING
    assert found.p_value < 0.001
    assert "opposite directions" in found.statement
    first = {r["customer_id"]: r for r in on_stage(tables).rows("new_base")}
    means = {}
    for row in first.values():
        means.setdefault((row["acquisition_channel"], row["newer"]), []).append(row["amount"])
    assert all(np.mean(means[c, True]) > np.mean(means[c, False]) for c in CHANNELS)  # Simpson
    total = {newer: np.mean([r["amount"] for r in first.values() if r["newer"] is newer]) for newer in (True, False)}
    assert total[True] < total[False]


@pytest.mark.parametrize(("factor", "status"), [({"social": 2.0}, Status.GOOD_PRACTICE), ({}, Status.OPPORTUNITY)])
def test_a_shift_that_costs_nothing_is_no_fault(factor, status):
    outcome = on_stage(buyers(3, shares=[0.3, 0.55, 0.15], factor=factor)).ask(base_drift)
    (found,) = (t for t in outcome.tests if t.scope == {"acquisition_channel": "social"})
    assert found.status is status
    assert found.p_value < 0.001


@pytest.mark.parametrize("seed", range(4))
def test_the_same_customers_are_no_drift(seed):
    outcome = on_stage(buyers(seed)).ask(base_drift)
    assert is_quiet(outcome)
    assert all(t.within and t.same_season for t in worse(outcome))


def test_few_customers_raise_no_alarm_and_are_not_called_conforming():
    outcome = on_stage(buyers(4, customers=400)).ask(base_drift)
    assert is_quiet(outcome)
    assert not all(t.within for t in worse(outcome))


def test_gifts_in_december_are_compared_with_december():
    tables = buyers(5, busy=0.3)
    day = tables["customers"]["created_at"].to_numpy()
    december = (day.astype("datetime64[M]").astype(int) % 12) == 11
    channel = np.where(december, "social", np.asarray(tables["customers"]["acquisition_channel"]))
    people = tables["customers"].set_column(2, "acquisition_channel", pa.array(channel))
    assert is_quiet(on_stage({**tables, "customers": people}).ask(base_drift))


def test_index_and_split_are_those_of_the_plain_formulas():
    stage = on_stage(buyers(6, shares=[0.3, 0.5, 0.2], factor={"social": 0.5}, dearer=1.2))
    rows = stage.rows("new_base")
    drift = drift_of(
        "acquisition_channel", stage.answer(base_drift.inputs["newer"]), stage.answer(base_drift.inputs["amounts"])
    )
    side = {newer: [r for r in rows if r["newer"] is newer] for newer in (True, False)}
    p, q, low, high = ({} for _ in range(4))
    for share, mean, newer in ((p, low, False), (q, high, True)):
        for c in CHANNELS:
            own = [r["amount"] for r in side[newer] if r["acquisition_channel"] == c]
            share[c], mean[c] = len(own) / len(side[newer]), np.mean(own)
    assert drift.index.index == pytest.approx(sum((q[c] - p[c]) * np.log(q[c] / p[c]) for c in CHANNELS))
    assert drift.split.rate == pytest.approx(sum((high[c] - low[c]) * (p[c] + q[c]) / 2 for c in CHANNELS))
    assert drift.split.mix == pytest.approx(sum((q[c] - p[c]) * (high[c] + low[c]) / 2 for c in CHANNELS))
    error = 0.0
    for c in CHANNELS:
        for newer in (True, False):
            own = [r["amount"] for r in side[newer] if r["acquisition_channel"] == c]
            error += ((p[c] + q[c]) / 2) ** 2 * np.var(own, ddof=1) / len(own)
    assert drift.split.rate_se == pytest.approx(np.sqrt(error), rel=1e-6)


def test_at_the_least_drift_alarms_are_as_rare_as_they_should_be():
    chance = np.random.default_rng(7)
    before = np.array([0.30, 0.22, 0.16, 0.18, 0.14])
    after = before + np.array([-0.1029, 0, 0, 0, 0.1029])
    assert np.sum((after - before) * np.log(after / before)) == pytest.approx(0.1, abs=0.002)
    runs, alarms, covered = 1500, 0, 0
    for _ in range(runs):
        found = stability(chance.multinomial(600, before), chance.multinomial(800, after))
        alarms += found.p_beyond(0.1) < 0.05
        low, high = found.interval()
        covered += low <= 0.1 <= high
    # Four standard errors of a share over the runs, and a hundredth for the χ² law at a finite number.
    assert alarms / runs == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / runs) ** 0.5 + 0.01)
    assert covered / runs == pytest.approx(0.95, abs=4 * (0.05 * 0.95 / runs) ** 0.5 + 0.01)


def test_windows_and_fifths_are_counted_by_hand():
    def order(i, back, amount):
        at = END - timedelta(back)
        return {"order_id": f"o{i}", "customer_id": f"c{i}", "ordered_at": at, "amount": amount}

    back = [1, 182, 183, 365, 546, 547, 710]
    orders = [order(i, b - 0.5, float(10 * i)) for i, b in enumerate(back)]
    people = [{"customer_id": o["customer_id"], "created_at": o["ordered_at"]} for o in orders]
    rows = Stage({"orders": orders, "customers": people}, as_of=END, start=START).rows("new_base")
    assert {r["customer_id"]: r["newer"] for r in rows} == {"c0": True, "c1": True, "c3": False, "c4": False}
    assert {(r["window_days"], r["back_days"]) for r in rows} == {(182.0, 364.0)}
    assert {r["customer_id"]: r["basket"] for r in rows} == {
        "c0": "smallest fifth",
        "c1": "smallest fifth",
        "c3": "smallest fifth",
        "c4": "largest fifth",
    }


def test_subscribers_are_compared_by_what_they_pay():
    outcome = service_stage(service(1, customers=3000)).ask(base_drift)
    assert isinstance(outcome, Looked)
    assert is_quiet(outcome)
    assert "price a month" in outcome.headline


def test_too_few_and_nothing_say_so():
    assert isinstance(on_stage(buyers(8, customers=100)).ask(base_drift), NotAssessable)
    outcome = Stage({"customers": [{"customer_id": "a"}]}, as_of=END, start=START).ask(base_drift)
    assert isinstance(outcome, NotAssessable)
    assert outcome.missing == ("orders.customer_id or subscriptions.customer_id",)
