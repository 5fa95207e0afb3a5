"""Is a difference big enough to act on, small enough to forget, or still unknown?

At ten million rows everything differs from zero, so a difference is tested against the least size worth acting on
(δ, `least`), and "fine" has to be shown: the whole interval must lie within ±δ.

Sources: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15:657 (two one-sided tests); Lakens (2017),
Social Psychological and Personality Science 8:355; Murphy & Myors (1999), J. Applied Psychology 84:234.
"""

from __future__ import annotations

import math
from typing import Literal

from rapport.models.student import normal_quantile, quantile, two_sided, upper_tail


def p_beyond(effect: float, se: float, least: float, direction: Literal[1, -1], df: float | None = None) -> float:
    """Return the one-sided p-value of "direction·effect is at most `least`".

    effect, se, least : in the same unit, least >= 0. direction : +1 if more is the finding, −1 if less is.
    df : degrees of freedom of t; None for normal.
    1.0 where nothing is known: the effect is not a number, or the SE is infinite, or it is 0 (no estimate from data
    is certain, and a p-value of 0 would pass any correction).
    Raises ValueError if `least` or `se` is negative.
    """
    if least < 0 or se < 0:
        raise ValueError(f"least {least} and se {se} cannot be negative")
    if not math.isfinite(effect) or not math.isfinite(se) or se == 0:
        return 1.0
    return upper_tail((direction * effect - least) / se, df)


def is_within(effect: float, se: float, least: float, level: float = 0.90, df: float | None = None) -> bool:
    """Whether the whole interval effect ± c·se lies within ±least (two one-sided tests at (1 − level)/2 each).

    False where nothing is known (SE infinite, 0 or not a number). Source: Schuirmann (1987).
    """
    if not math.isfinite(effect) or not math.isfinite(se) or se <= 0:
        return False
    return abs(effect) + two_sided(level, df) * se <= least


def detectable(se: float, least: float, power: float = 0.8, alpha: float = 0.05, df: float | None = None) -> float:
    """Return the smallest true effect declared beyond `least` with this power, in the effect's unit.

    least + (t(1 − alpha) + t(power))·se: the "minimum detectable effect" printed where nothing was found.
    """
    if not math.isfinite(se):
        return math.inf
    return least + (quantile(1 - alpha, df) + quantile(power, df)) * se


def rows_needed(se: float, n: float, least: float, level: float = 0.90, power: float = 0.8) -> int | None:
    """Return how many rows make `is_within` true with this power if there is truly no difference.

    se : the standard error at `n` rows; it is taken to fall with the square root of the rows (new customers as
    clustered as those seen). None where it cannot be said: an SE that is not finite and positive, no rows, least <= 0.
    Both one-sided tests must succeed, hence the (1 + power)/2 quantile. Source: Julious (2004), Statistics in
    Medicine 23:1921.
    """
    if not (math.isfinite(se) and se > 0 and n > 0 and least > 0):
        return None
    factor = two_sided(level) + normal_quantile((1 + power) / 2)
    return math.ceil(n * (factor * se / least) ** 2)
