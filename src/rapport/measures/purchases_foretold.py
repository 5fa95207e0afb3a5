"""Foretells purchases from an earlier day on, by every model and by plain rules, and compares with what happened."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa

from rapport.measures.purchases_known import learning_days
from rapport.models.buying.choosing import Choice, choose, origins_within
from rapport.models.buying.histories import Floats
from rapport.models.buying.holdout import Origin, Score, by_frequency, origin, score
from rapport.models.buying.purchase_days import PurchaseDays

ALIKE, OWN, RECENT = "everyone alike", "each at their own pace", "each as in the time before"
Row = dict[str, Any]


def foretell(known: pa.Table, later: pa.Table, end: float, days: int) -> tuple[Row, ...]:
    """Return how purchases in the `days` after the day `end` were foretold at its end.

    known : `learning_days` as they were known then; later : as they are known when these days are over. Empty where
    nobody had come back by then.
    """
    if not known.num_rows:
        return ()
    before = learning_days(known)
    choice = choice_at(before, end, float(days))
    if choice is None:
        return ()
    both = learning_days(known, later, end)
    past = origin(both, end, end + days)
    fared = score(choice.best, past)
    total = choice.total(past.histories, float(days))
    model: Row = {
        "what": "model",
        "name": choice.best.model.name,
        "customers": round(past.histories.customers),
        "actual": fared.actual,
        "foretold": fared.foretold,
        "low": total.low,
        "high": total.high,
        "deviance": fared.deviance,
        "missed": missed(fared),
    }
    return (model, *_baselines(both, past, end, days), *_frequencies(choice, past))


def choice_at(days: PurchaseDays, end: float, ahead: float) -> Choice | None:
    """Return the model chosen at the end of a day for so many days ahead; None where nobody had come back by then."""
    histories, _, _ = days.histories(end)
    if not float(histories.count @ histories.x) or float(histories.count @ histories.age) <= 0:
        return None
    return choose(histories, *days.repeat_ages(end), origins_within(days.until(end), end, ahead))


def missed(fared: Score) -> float | None:
    """Return the squared error of a total on the log scale, less what parameters and customers' chance explain."""
    if fared.actual <= 0:
        return None
    chance = fared.relative_error**2 + max(1.0, fared.dispersion) / fared.foretold
    return math.log(fared.actual / fared.foretold) ** 2 - chance


def _baselines(days: PurchaseDays, past: Origin, end: float, ahead: float) -> list[Row]:
    """Return what plain rules would have foretold; a rule of the own pace is given one purchase at everybody's pace."""
    who, first, _, x = days.until(end).firsts()
    age = np.maximum(end - first, 1.0)
    wait = float(age.sum()) / float(x.sum())
    recent, since = days.bought(end - ahead, end, who), np.minimum(age, ahead)
    recent -= (first > end - ahead) & (recent > 0)
    means = {
        ALIKE: np.full(who.size, ahead / wait),
        OWN: (x + 1) / (age + wait) * ahead,
        RECENT: (recent + 1) / (since + wait) * ahead,
    }
    y = days.bought(end, end + ahead, who)
    return [
        {
            "what": "baseline",
            "name": name,
            "customers": int(who.size),
            "actual": float(y.sum()),
            "foretold": float(mean.sum()),
            "deviance": poisson_deviance(y, mean),
        }
        for name, mean in means.items()
    ]


def poisson_deviance(y: Floats, mean: Floats) -> float:
    """Return 2·Σ (y·log(y/mean) − y + mean), customer by customer."""
    return float(2 * (np.where(y > 0, y * np.log(np.maximum(y, 1.0) / mean), 0.0) - y + mean).sum())


def _frequencies(choice: Choice, past: Origin) -> list[Row]:
    """Return foretold and actual purchases by how often customers had come back: the calibration of the chosen one."""
    return [
        {
            "what": "repeats",
            "name": f"{row.least}" if row.most is not None else f"{row.least} or more",
            "customers": row.customers,
            "actual": row.actual * row.customers,
            "foretold": row.foretold * row.customers,
        }
        for row in by_frequency(choice.best, past)
    ]
