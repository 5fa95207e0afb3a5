"""Says intervals and the parameters of models as plain values, for the document."""

from __future__ import annotations

from typing import Any

from rapport.core.interval import Interval
from rapport.models.buying.fitting import Fit
from rapport.models.buying.gamma_gamma import SpendFit


def interval_said(found: Interval) -> dict[str, float | None]:
    """Return an interval as plain values; None where a limit is not known."""
    return {"value": found.value, "low": found.low, "high": found.high}


def parameters_said(fit: Fit | SpendFit) -> dict[str, Any]:
    """Return the parameters of a fit with their intervals."""
    return {name: interval_said(found) for name, found in fit.parameters().items()}
