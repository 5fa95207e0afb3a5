"""Foretells purchases from an earlier day on, by every model and by plain rules, and compares with what happened."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from rapport.measures.interval_said import parameters_said
from rapport.measures.purchases_known import learning_days
from rapport.models.buying.choosing import Choice, choose, origins_within
from rapport.models.buying.histories import Floats
from rapport.models.buying.holdout import Origin, Score, by_frequency, origin, score
from rapport.models.buying.purchase_days import PurchaseDays

ALIKE, OWN, RECENT = "everyone alike", "each at their own pace", "each as in the time before"
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Foretold:
    """A forecast from an earlier day: the choice made then, what then happened, and how the chosen model fared."""

    choice: Choice
    past: Origin
    score: Score
    rows: tuple[Row, ...]


def foretell(known: pa.Table, later: pa.Table, end: float, days: int) -> Foretold | None:
    """Return how purchases in the `days` after the day `end` were foretold at its end.

    known : `learning_days` as they were known then; later : as they are known when these days are over. None where
    nobody had come back by then, or there was nothing to foretell.
    """
    if not known.num_rows:
        return None
    before = learning_days(known)
    histories, _, _ = before.histories(end)
    if not float(histories.count @ histories.x) or float(histories.count @ histories.age) <= 0:
        return None
    both = learning_days(known, later, end)
    past = origin(both, end, end + days)
    choice = choose(histories, *before.repeat_ages(end), origins_within(before, end, days))
    fared = score(choice.best, past)
    total = choice.total(histories, float(days))
    rows = [
        *_models(choice, past, fared, (total.low, total.high)),
        *_baselines(both, past, end, days),
        *_frequencies(choice, past),
    ]
    return Foretold(choice, past, fared, tuple(rows))


def wrong_by(choice: Choice, fared: Score | None) -> tuple[float, int]:
    """Return by how much totals were wrong beyond chance, as a standard error of their logarithm, and from how many.

    The inner origins of the choice and the held-back end count alike.
    """
    scores = [s for s in (*choice.trials[0].scores, *([fared] if fared else [])) if s.actual > 0]
    gaps = [
        math.log(s.actual / s.foretold) ** 2 - s.relative_error**2 - max(1.0, s.dispersion) / s.foretold for s in scores
    ]
    return (math.sqrt(max(0.0, sum(gaps) / len(gaps))), len(gaps)) if gaps else (0.0, 0)


def _models(choice: Choice, past: Origin, fared: Score, limits: tuple[float | None, float | None]) -> list[Row]:
    """Return the candidates, best first; what became of the held-back days of the chosen one alone."""
    judge = choice.judge.model.name
    error, origins = wrong_by(choice, fared)
    customers = round(past.histories.customers)
    rows = []
    for place, trial in enumerate(choice.trials):
        row: Row = {
            "what": "model",
            "name": trial.name,
            "chosen": place == 0,
            "judges": trial.name == judge,
            "customers": customers,
            "lost": trial.lost,
            "log_likelihood": trial.fits[-1].log_likelihood if trial.fits else None,
            "parameters": json.dumps(parameters_said(trial.fits[-1])) if trial.fits else None,
        }
        if place == 0:
            row |= {
                "actual": fared.actual,
                "foretold": fared.foretold,
                "low": limits[0],
                "high": limits[1],
                "deviance": fared.deviance,
                "wrong_by": error,
                "origins": origins,
            }
        rows.append(row)
    return rows


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
