"""Learns when contracts end and why, by their age and plan, and says how long each will last and what it will bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from rapport.core.declarations import Economics
from rapport.models.contract_worth import Ahead, ahead
from rapport.models.hazard import Floats, Hazard, fit_hazard

LEAST_MONTHS = 30
"""Customer months from which a hazard is learned."""
BANDS = (0, 1, 2, 3, 6, 12, 24)
"""Ages in months at which the bands of the baseline begin."""
RIDGE_BAND, RIDGE_PLAN, RIDGE_YEAR = 0.1, 1.0, 1.0
"""Weights of normal priors on log odds: standard deviations of 3.2 for ages, of 1 for plans and a year's end."""
REASONS = ("left_by_choice", "left_by_payment")


@dataclass(frozen=True, eq=False)
class Leaving:
    """When customers leave, and why.

    hazard : of a month, by intercept, band of age, plan, end of a year; plans : those with a column of their own;
    reasons : why they left, in the order of the hazard's; growth : by which share the price of those who stay rises
    in a month.
    """

    hazard: Hazard
    plans: tuple[str, ...]
    reasons: tuple[str, ...]
    growth: float

    def design(self, age: Floats, plan: Floats) -> Floats:
        """Return rows of the hazard, shape (…, columns); age : in months; plan : number among `plans`, −1 for none."""
        band = np.searchsorted(BANDS, age, side="right") - 1
        columns = [np.ones(age.shape), *(band == b for b in range(len(BANDS) - 1))]
        columns += [np.broadcast_to(plan == p, age.shape) for p in range(len(self.plans))]
        columns.append((age % 12 == 11) & (age > 0))
        return np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=-1)

    def numbered(self, plans: pa.ChunkedArray) -> Floats:
        """Return plans as numbers among `plans`."""
        place = {name: float(i) for i, name in enumerate(self.plans)}
        return np.array([place.get(name or "", -1.0) for name in plans.to_pylist()])

    def course(self, age: Floats, plan: Floats, months: int, discount_rate: float) -> Ahead:
        """Return what becomes of contracts of these ages and plans within so many months."""
        ages = age[:, None] + np.arange(months)[None, :]
        middle = (np.arange(months) + 0.5) / 12
        weights = (1 + self.growth) ** (12 * middle) * (1 + discount_rate) ** -middle
        return ahead(self.hazard, self.design(ages, plan[:, None]), weights)

    def parameters(self) -> dict[str, Any]:
        """Return the coefficients with their intervals: log odds of leaving within a month, for a reason."""
        ends = [*(str(b - 1) for b in BANDS[1:]), ""]
        ages = [f"age {b} to {e}" if e != str(b) else f"age {b}" for b, e in zip(BANDS[:-1], ends, strict=False)]
        names = ["intercept", *ages, *(f"plan {p}" for p in self.plans), "end of a year"]
        errors = np.sqrt(np.maximum(np.diag(self.hazard.covariance), 0.0)).reshape(self.hazard.coefficients.shape)
        said: dict[str, Any] = {"growth of the price in a month": {"value": self.growth, "low": None, "high": None}}
        for reason, values, spread in zip(self.reasons, self.hazard.coefficients, errors, strict=True):
            for name, value, error in zip(names, values.tolist(), spread.tolist(), strict=True):
                low, high = value - 1.96 * error, value + 1.96 * error
                said[f"{reason}: {name}"] = {"value": value, "low": low, "high": high}
        return said


def learn(risks: pa.Table) -> Leaving | None:
    """Return when and why customers leave; risks : `contract_risks`. None under 30 customer months.

    One further month with half a departure is added, so that a company that nobody has left yet is not one that nobody
    ever leaves.
    """
    at_risk = risks["at_risk"].to_numpy().astype(np.float64)
    if float(at_risk.sum()) < LEAST_MONTHS:
        return None
    ended = np.stack([risks[name].to_numpy().astype(np.float64) for name in REASONS], axis=1)
    seen = np.flatnonzero(ended.sum(axis=0) > 0)
    kept = seen if seen.size else np.array([0])
    plans = sorted({p or "" for p in risks["plan"].to_pylist()} - {""})
    empty = Hazard(np.zeros((1, 1)), np.zeros((1, 1)), 0.0, 0.0, np.zeros(1), True)
    shape = Leaving(empty, tuple(plans) if len(plans) > 1 else (), tuple(REASONS[k] for k in kept), _growth(risks))
    rows = shape.design(risks["age_months"].to_numpy().astype(np.float64), shape.numbered(risks["plan"]))
    more = np.zeros((1, rows.shape[1]))
    more[0, 0] = 1.0
    half = np.zeros((1, kept.size))
    half[0, 0] = 0.5
    ridge = np.array([0.0, *[RIDGE_BAND] * (len(BANDS) - 1), *[RIDGE_PLAN] * len(shape.plans), RIDGE_YEAR])
    hazard = fit_hazard(
        np.concatenate([rows, more]), np.append(at_risk, 1.0), np.concatenate([ended[:, kept], half]), ridge
    )
    return Leaving(hazard, shape.plans, shape.reasons, shape.growth)


def _growth(risks: pa.Table) -> float:
    before, after = (float(risks[name].to_numpy().sum()) for name in ("kept_before", "kept_after"))
    return after / before - 1 if before > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Contracts:
    """What is expected of contracts as long as they run.

    course : by distinct age and plan; row : which of these each contract is; money : the margin of a month of each.
    """

    course: Ahead
    row: np.ndarray[Any, np.dtype[np.intp]]
    money: Floats


def outlook(leaving: Leaving, contracts: pa.Table, months: int, economics: Economics) -> Contracts:
    """Return what is expected of contracts within so many months; contracts with the same age and plan are one row."""
    age = np.maximum(contracts["age_months"].to_numpy().astype(np.float64), 0.0)
    pairs, row = np.unique(np.stack([age, leaving.numbered(contracts["plan"])]), axis=1, return_inverse=True)
    course = leaving.course(pairs[0], pairs[1], months, economics.discount_rate)
    money = contracts["mrr"].to_numpy().astype(np.float64) * economics.gross_margin
    return Contracts(course, np.asarray(row, dtype=np.intp).ravel(), money)
