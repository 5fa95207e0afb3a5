"""What foretells that a customer with a contract will end it: each sign, and what experts expect of it."""

from __future__ import annotations

import numpy as np

from rapport.measures.leaving_features import COMMON, YEAR, Feature, Floats, Known, log1p, log_times, next_renewal, only


def _renewal(k: Known) -> Floats:
    """Whether a renewal is near: one was written about, or by the earlier ones it falls into the horizon."""
    written = np.nan_to_num(k["renewal_days"], nan=YEAR) <= 91
    return np.asarray(np.where(written | (next_renewal(k) <= k.horizon), 1.0, 0.0))


CONTRACTS = (
    Feature(
        "use",
        -0.3,
        "uses it on {} of four weeks",
        "uses it on only {} of four weeks",
        lambda k: log1p(k.count("used_28", "used_112")),
        lambda k: np.nan_to_num(k["used_28"]),
        unit="days",
    ),
    Feature(
        "use_trend",
        -0.4,
        "uses it more than four weeks before",
        "uses it less than four weeks before",
        lambda k: log_times(
            k.count("used_28", "used_112"), k.count("used_56", "used_112") - k.count("used_28", "used_112")
        ),
    ),
    Feature(
        "use_newest",
        -0.15,
        "uses it more in the last two weeks",
        "uses it less in the last two weeks",
        lambda k: log_times(
            k.count("used_14", "used_112"), k.count("used_28", "used_112") - k.count("used_14", "used_112")
        ),
    ),
    Feature(
        "use_before",
        -0.1,
        "used it more in the last eight weeks than before",
        "used it less in the last eight weeks than before",
        lambda k: only(
            k["contract_days"] >= 112,
            log_times(k.count("used_56", "used_112"), k.count("used_112") - k.count("used_56", "used_112")),
        ),
    ),
    Feature(
        "breadth",
        -0.2,
        "uses {}",
        "uses only {}",
        lambda k: log1p(k.count("features_28", "features_112")),
        lambda k: np.nan_to_num(k["features_28"]),
        unit="features",
    ),
    Feature(
        "dropped",
        0.15,
        "gave up features",
        "gave up no feature",
        lambda k: k.count("features_112") - k.count("features_28", "features_112"),
    ),
    Feature(
        "visits",
        -0.1,
        "visits more than four weeks before",
        "visits less than four weeks before",
        lambda k: log_times(
            k.count("present_28", "present_56"), k.count("present_56") - k.count("present_28", "present_56")
        ),
    ),
    Feature(
        "age",
        -0.2,
        "has been with us for {}",
        "has been with us for only {}",
        lambda k: log1p(k["contract_days"]),
        lambda k: k["contract_days"],
        unit="days",
    ),
    Feature("price", -0.05, "pays more than most", "pays less than most", lambda k: np.log(np.maximum(k["mrr"], 0.01))),
    Feature(
        "price_change",
        -0.15,
        "pays more than half a year ago",
        "pays less than half a year ago",
        lambda k: np.log(np.maximum(k["mrr"], 0.01) / np.maximum(k["mrr_before"], 0.01)),
    ),
    Feature("failed", 0.2, "a payment failed", "no payment failed", lambda k: log1p(k["failed"])),
    Feature("renewal", 0.2, "a renewal is near", "no renewal is near", _renewal),
    *COMMON,
)
