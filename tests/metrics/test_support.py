"""The metrics of the service desk on cases worked out by hand, and on a help desk's real log."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rapport.core.declarations import Calendar, Declarations
from rapport.core.inputs import Times
from rapport.core.outcome import NotAssessable
from rapport.measures.metrics import support
from tests.stage import Stage

OPENED = datetime(2025, 3, 3, 10)  # a Monday
LOG = Path(__file__).parents[3] / "shared/data/incidents/incident_event_log.parquet"


def stage(hours, solved=(), customers=None, as_of=datetime(2025, 6, 1), **words):
    """Return tickets answered after so many hours (None: never) and solved after so many."""
    rows = []
    for i, wait in enumerate(hours):
        row = {
            "ticket_id": f"t{i:04}",
            "customer_id": f"c{i if customers is None else customers[i]}",
            "opened_at": OPENED,
        }
        row["first_reply_at"] = None if wait is None else OPENED + timedelta(hours=float(wait))
        if i < len(solved) and solved[i] is not None:
            row |= {
                "resolved_at": OPENED + timedelta(hours=float(solved[i])),
                "reopens": int(i % 4 == 0),
                "sla_met": i % 3 > 0,
            }
        rows.append(row)
    return Stage({"tickets": rows}, as_of=as_of, **words)


def test_the_median_of_everybody_answered_is_the_median():
    found = stage(np.arange(1, 102) / 2).metric(support.first_reply_minutes_median)
    assert found.value == pytest.approx(25.5 * 60, rel=0.04)
    assert found.low < found.value < found.high
    assert found.n == 101


def test_the_unanswered_count_as_still_waiting():
    """40 answered within an hour, 40 after ten, 20 never: the median is ten hours, not one."""
    found = stage([0.5] * 40 + [10] * 40 + [None] * 20).metric(support.first_reply_minutes_median)
    assert found.value == pytest.approx(600, rel=0.04)
    assert found.n == 100


def test_where_most_are_never_answered_there_is_no_median():
    assert stage([1] * 40 + [None] * 60).metric(support.first_reply_minutes_median) is None


def test_nine_of_ten():
    waits = [1] * 89 + [30] * 11
    assert stage(waits).metric(support.first_reply_minutes_p90).value == pytest.approx(1800, rel=0.04)
    assert stage([1] * 89 + [None] * 11).metric(support.first_reply_minutes_p90) is None


def test_working_time_leaves_out_the_night():
    office = Declarations(calendar=Calendar("UTC", declared=True))
    found = stage([24] * 50, declared=office).metric(support.first_reply_working_minutes_median)
    assert found.value == pytest.approx(8 * 60, rel=0.04)


def test_never_answered():
    found = stage([1] * 45 + [None] * 5).metric(support.never_answered_share)
    assert (found.value, found.n) == (0.1, 50)
    assert 0.03 < found.low < 0.1 < found.high < 0.23


def test_resolution_is_the_median_of_the_solved():
    found = stage([1] * 31, solved=[*range(1, 30), None, None]).metric(support.resolution_hours_median)
    assert (found.value, found.n) == (15.0, 29)
    assert found.low < 15 < found.high


def test_reopened_and_service_level():
    made = stage([1] * 40, solved=[5] * 40)
    assert made.metric(support.reopen_rate).value == 0.25
    assert made.metric(support.sla_met_share).value == 26 / 40


@pytest.mark.parametrize(
    "name", ["first_reply_minutes_median", "never_answered_share", "resolution_hours_median", "reopen_rate"]
)
def test_too_few_tickets_give_no_number(name):
    assert stage([1] * 19, solved=[2] * 19).metric(getattr(support, name)) is None


def test_what_is_missing_is_named():
    found = Stage({"tickets": [{"ticket_id": "t", "opened_at": OPENED}]}).metric(support.sla_met_share)
    assert isinstance(found, NotAssessable)
    assert found.missing == ("tickets.sla_met",)


def test_customers_who_write_often_widen_the_interval():
    rng = np.random.default_rng(1)
    customers = np.repeat(np.arange(30), 20)
    pace = np.exp(rng.standard_normal(30))[customers] * np.exp(0.2 * rng.standard_normal(600))
    alone = stage(pace).metric(support.first_reply_minutes_median)
    together = stage(pace, customers=customers).metric(support.first_reply_minutes_median)
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


@pytest.fixture(scope="module")
def incidents():
    if not LOG.exists():
        pytest.skip("the real data is not there (../shared/data/incidents)")
    table = duckdb.sql(
        f"""
        SELECT number AS ticket_id, MIN(caller_id) AS customer_id, MIN(opened_at) AS opened_at,
          ARG_MAX(resolved_at, CAST(sys_mod_count AS INTEGER)) AS resolved_at,
          ARG_MAX(made_sla = 'true', CAST(sys_mod_count AS INTEGER)) AS sla_met,
          MAX(CAST(reopen_count AS INTEGER)) AS reopens
        FROM '{LOG}' GROUP BY number
        """
    ).to_arrow_table()
    return Stage({"tickets": table}, as_of=datetime(2017, 6, 1), start=datetime(2016, 1, 1)), table


@pytest.mark.data
def test_the_real_log_agrees_with_plain_sql(incidents):
    made, log = incidents
    assert log.num_rows == 24_918
    hours, n, level, back = duckdb.sql(
        """
        SELECT MEDIAN(EPOCH(resolved_at) - EPOCH(opened_at)) / 3600, COUNT(resolved_at), AVG(CAST(sla_met AS INTEGER)),
          AVG(CAST(reopens > 0 AS INTEGER)) FILTER (WHERE resolved_at IS NOT NULL OR reopens > 0)
        FROM log
        """
    ).fetchall()[0]
    found = made.metric(support.resolution_hours_median)
    assert (found.value, found.n) == (hours, n) == (22.1, 23_362)
    assert found.low < 22.1 < found.high
    assert made.metric(support.sla_met_share).value == pytest.approx(level)
    assert round(level, 4) == 0.6342
    assert made.metric(support.reopen_rate).value == pytest.approx(back)


@pytest.mark.data
def test_the_real_logs_median_with_open_incidents_agrees_with_lifelines(incidents):
    from lifelines import KaplanMeierFitter

    made, _ = incidents
    rows = made.rows("resolutions")
    seconds = [r["full_seconds"] / 3600 for r in rows]
    theirs = KaplanMeierFitter().fit(seconds, [r["full_ended"] for r in rows]).median_survival_time_
    ours = made.answer(Times("resolutions", "full_seconds", "full_ended")).curve().quantile().value / 3600
    assert ours == pytest.approx(theirs, rel=0.02)
