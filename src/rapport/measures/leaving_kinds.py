"""Turns what is known of customers into the numbers that foretell leaving, by kind of relationship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rapport.measures.leaving_contract import CONTRACTS
from rapport.measures.leaving_features import CONTRACT, SHOP, Feature, Floats, Known
from rapport.measures.leaving_shop import SHOPS

PLANS = 4
FEATURES: Mapping[str, tuple[Feature, ...]] = {SHOP: SHOPS, CONTRACT: CONTRACTS}
"""What foretells leaving, by kind of relationship; for contracts the usual plans come on top."""


def matrix(k: Known, kind: str) -> Floats:
    """Return the features, shape (customers, features), NaN where nothing is known."""
    columns = [one.of(k) for one in FEATURES[kind]]
    if kind == CONTRACT:
        columns += [plan.astype(np.float64) for plan in k.plans]
    return np.column_stack(columns).astype(np.float64)


def priors(kind: str, plans: int) -> Floats:
    """Return the experts' coefficients; of plans they expect nothing."""
    return np.array([one.prior for one in FEATURES[kind]] + [0.0] * (plans if kind == CONTRACT else 0))
