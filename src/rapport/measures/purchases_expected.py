"""Says of each buyer whether they are still one, what they will buy, and what that is worth, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rapport.core.declarations import Economics
from rapport.measures.purchases_known import histories_of
from rapport.models.buying.choosing import Choice
from rapport.models.buying.expectations import Amounts, Chances, p_active, purchases, worth
from rapport.models.buying.gamma_gamma import SpendFit, fit_spend
from rapport.models.buying.histories import Floats
from rapport.models.buying.spend_check import SpendCheck, spend_and_frequency
from rapport.models.student import two_sided

LEAST_PAYERS = 30
"""Customers who came back and paid, from whom spend is learned; of fewer the mean purchase counts for everybody."""
YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Buyers:
    """What is expected of each buyer, in the order of the table, and the choice of the model behind it.

    spend_fit, spend_check : None where too few came back and paid.
    """

    active: Chances
    bought: Amounts
    value: Amounts
    choice: Choice
    spend_fit: SpendFit | None
    spend_check: SpendCheck | None


def expect(buyers: pa.Table, choice: Choice, end: float, ahead: float, economics: Economics, wrong_by: float) -> Buyers:
    """Return what is expected of the rows of `buyers` in the days `ahead`.

    wrong_by : by how much totals proved wrong beyond chance, as a standard error of their logarithm; it is part of the
    errors of purchases and of value, and the same for everybody.
    """
    best, judge = choice.best, choice.judge
    histories, row = histories_of(buyers, end)
    rate = math.log1p(economics.discount_rate) / YEAR
    paid_repeats, paid = (buyers[name].to_numpy().astype(np.float64) for name in ("paid_repeats", "paid"))
    mean = paid / np.maximum(paid_repeats, 1.0)
    spend_fit, check, spend = _spend(paid_repeats, mean)
    bought = purchases(best, histories, ahead)
    discounted = purchases(best, histories, ahead, rate) if rate else bought
    value = worth(discounted.of(row), spend, economics.gross_margin)
    return Buyers(
        p_active(best, histories, otherwise=judge).of(row),
        _less_sure(bought.of(row), wrong_by),
        _less_sure(value, wrong_by),
        choice,
        spend_fit,
        check,
    )


def limits(amounts: Amounts, origins: int) -> tuple[Floats, Floats]:
    """Return the limits of amounts whose errors rest on how so many forecasts fared (0: on the parameters alone)."""
    factor = np.exp(two_sided(0.95, origins or None) * amounts.errors)
    return amounts.values / factor, amounts.values * factor


def _less_sure(amounts: Amounts, wrong_by: float) -> Amounts:
    return Amounts(amounts.values, np.hypot(amounts.errors, wrong_by))


def _spend(repeats: Floats, mean: Floats) -> tuple[SpendFit | None, SpendCheck | None, Amounts]:
    payers = repeats > 0
    if int(payers.sum()) >= LEAST_PAYERS:
        fitted, check = fit_spend(repeats[payers], mean[payers]), spend_and_frequency(repeats[payers], mean[payers])
        if fitted.has_mean and fitted.converged:
            return fitted, check, fitted.spend(repeats, mean)
    total, count = float((repeats * mean).sum()), float(repeats.sum())
    average = total / count if count else 0.0
    spread = float(np.std(mean[payers])) / average if average else 0.0
    error = spread / math.sqrt(max(1, int(payers.sum())))
    return None, None, Amounts(np.full(repeats.size, average), np.full(repeats.size, error))
