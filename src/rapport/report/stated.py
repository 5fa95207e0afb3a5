"""Tells what a finding's figures are, where the figures alone would mislead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rapport.core.finding import NO_VALUE
from rapport.report.units import say


def derived(consequence: Mapping[str, Any]) -> bool:
    """Whether the customers were derived by the audit: those affected, not all who were measured in the place."""
    return NO_VALUE not in consequence["assumptions"]


def netted(condition: Mapping[str, Any]) -> bool:
    """Whether a change since a day, as it is printed, is not the measured value minus the one before.

    The effect is then net of what the others, or the season, did at the same time.
    """
    effect, plain = condition["effect"], condition["value"] - condition["baseline"]
    if condition["onset"] is None or effect is None or math.isclose(effect, plain, rel_tol=1e-6, abs_tol=1e-9):
        return False
    unit = f"effect {condition['unit']}"
    return say(effect, unit) != say(plain, unit)
