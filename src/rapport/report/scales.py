"""Where a chart's axis begins and ends, and which round numbers stand on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapport.report.units import kind_of

BOUNDED = {"share": (0.0, 1.0), "coverage": (0.0, 1.0), "of-100": (0.0, 100.0)}
CLOCK_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200, 14400, 43200)
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def domain(values: Sequence[float], unit: str, *, from_zero: bool = False) -> tuple[float, float]:
    """Return the ends of an axis: from zero where zero is near enough to matter, never beyond what is possible."""
    least, most = min(values), max(values)
    floor, ceiling = BOUNDED.get(kind_of(unit), (-math.inf, math.inf))
    width = (most - least) or abs(most) * 0.2 or 1.0
    low, high = least - width * 0.12, most + width * 0.12
    if least >= 0 and (from_zero or least <= 0.6 * most):
        low = 0.0
    if most <= 0:
        high = 0.0 if abs(most) <= 0.6 * abs(least) else high
    return max(low, floor, 0.0 if least >= 0 else -math.inf), min(high, ceiling)


def ticks(low: float, high: float, unit: str, wanted: int = 3) -> list[float]:
    """Return about `wanted` round numbers within the axis: hours for waits, fives and tens for the rest."""
    width = high - low
    if width <= 0:
        return [low]
    steps = _clock_steps(unit) or _decimal_steps(width)
    step = min(steps, key=lambda s: abs(math.floor(high / s) - math.ceil(low / s) + 1 - wanted))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    found = [round(i * step, 12) for i in range(first, min(last, first + 12) + 1)]
    return found if len(found) >= 2 else [low, high]


def _clock_steps(unit: str) -> list[float]:
    factor = {"seconds": 60.0, "minutes": 1.0, "hours": 1 / 60}.get(kind_of(unit))
    return [s * factor for s in CLOCK_MINUTES] if factor else []


def _decimal_steps(width: float) -> list[float]:
    power = 10 ** math.floor(math.log10(width))
    return [r * p for p in (power / 10, power) for r in ROUND]
