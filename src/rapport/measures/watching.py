"""For how long the newest part of the record is held back, so that forecasts can be judged by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.core.declarations import Facts

QUARTER = 91
LEAST = 14
MONTH = 30.4375


def horizon_days(facts: Facts) -> float:
    """Return the days ahead for which a relationship is valued."""
    return facts.declared.economics.horizon_months * MONTH


def watched_days(facts: Facts, since: datetime) -> int | None:
    """Return how many days are held back: a quarter, or the declared horizon; at most a third of what is known.

    since : when the first of what is foretold happened, which the record's other tables may be older than. None where
    that is under two weeks.
    """
    record = (facts.as_of - since) / timedelta(days=1)
    wanted = horizon_days(facts) if facts.declared.economics.declared else QUARTER
    days = int(min(wanted, record / 3))
    return days if days >= LEAST else None
