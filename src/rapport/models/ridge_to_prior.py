"""Fits a logistic regression that a ridge draws to a prior, by Newton's method.

Source: le Cessie & van Houwelingen (1992), Applied Statistics 41:191.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEPS, ENOUGH = 25, 1e-8


def ridge_fit(design: Floats, left: Bools, prior: Floats, strength: float, start: Floats | None) -> Floats:
    """Return level and coefficients.

    design : shape (n, columns); prior : what coefficients are drawn to; strength : of the ridge, the level is not held;
    start : level and coefficients to begin at.
    """
    full = np.column_stack([np.ones(design.shape[0]), design])
    held = np.append(0.0, np.full(prior.size, strength))
    target = np.append(0.0, prior)
    point = np.append(float(logit(np.clip(left.mean(), 1e-6, 1 - 1e-6))), prior) if start is None else start
    height = -np.inf
    for _ in range(STEPS):
        odds = full @ point
        chance = expit(odds)
        slope = full.T @ (left - chance) - held * (point - target)
        information = (full * (chance * (1 - chance))[:, None]).T @ full + np.diag(held + 1e-9)
        step = np.linalg.solve(information, slope)
        gain = float(slope @ step)
        point, height = _climb(full, left, held, target, point, step, height)
        if gain < ENOUGH * max(1.0, abs(height)):
            break
    return np.asarray(point)


def _climb(
    full: Floats, left: Bools, held: Floats, target: Floats, point: Floats, step: Floats, height: float
) -> tuple[Floats, float]:
    """Take a step, or half of it until it leads upwards."""
    for _ in range(8):
        there = point + step
        odds = full @ there
        reached = float(odds[left].sum() - np.logaddexp(0.0, odds).sum() - held @ (there - target) ** 2 / 2)
        if reached >= height - 1e-9 * abs(height):
            return there, reached
        step = step / 2
    return point, height


def likelihood(odds: Floats, left: Bools) -> float:
    """Return the log likelihood of log odds."""
    return float(odds[left].sum() - np.logaddexp(0.0, odds).sum())


def losses(score: Floats, left: Bools) -> Floats:
    """Return the log loss of each at the best level: seasons move the level and say nothing of the coefficients."""
    level = 0.0
    for _ in range(STEPS):
        chance = expit(level + score)
        level += float(np.clip((left - chance).sum() / max(float((chance * (1 - chance)).sum()), 1e-9), -2, 2))
    odds = level + score
    return np.asarray(np.logaddexp(0.0, odds) - left * odds)
