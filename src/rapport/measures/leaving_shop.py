"""What foretells that a customer of a shop will buy nothing for long: each sign, and what experts expect of it."""

from __future__ import annotations

import numpy as np

from rapport.measures.leaving_features import COMMON, Feature, Floats, Known, log1p, log_times, only


def _trend(k: Known) -> Floats:
    now, both = k[f"bought_{k.window}"], k[f"bought_{2 * k.window}"]
    return only(k.repeat & (k["tenure_days"] >= 2 * k.window), log_times(now, both - now))


def _rate(k: Known) -> Floats:
    return np.asarray(np.log(k["purchases"] / (k["tenure_days"] + k.gap)))


def _long(k: Known) -> Floats:
    """The silence in typical gaps, its root, from where it is usual in the middle."""
    return np.asarray(np.sqrt(k["silent_days"] / k.gap) - 1.5)


def _busy(k: Known) -> Floats:
    """Purchases in a typical gap, their logarithm, from where it is usual in the middle."""
    return np.asarray(np.log(k["purchases"] * k.gap / (k["tenure_days"] + k.gap)) + 1)


def _silence_of_one(k: Known) -> Floats:
    return only(k.once, log1p(k["silent_days"]))


SHOPS = (
    Feature(
        "silence",
        0.5,
        "no purchase for {}",
        "bought {} ago",
        lambda k: np.sqrt(k["silent_days"]),
        lambda k: k["silent_days"],
        unit="days",
    ),
    Feature(
        "own_rhythm",
        0.3,
        "silent for {} times their own gap",
        "within their own rhythm",
        lambda k: np.log(k.times_own_gap),
        lambda k: k.times_own_gap,
    ),
    Feature("rate", -0.4, "buys often", "buys seldom", _rate),
    Feature(
        "frequency",
        -0.3,
        "bought {}",
        "bought {} only",
        lambda k: np.log(np.maximum(k["purchases"], 1.0)),
        lambda k: k["purchases"],
        unit="times",
    ),
    Feature(
        "tenure",
        0.0,
        "a customer for {}",
        "a customer for only {}",
        lambda k: log1p(k["tenure_days"]),
        lambda k: k["tenure_days"],
        unit="days",
    ),
    Feature("once", 0.1, "has not bought a second time", "bought more than once", lambda k: k.once.astype(np.float64)),
    Feature(
        "once_silence",
        0.1,
        "the time for a second purchase has passed",
        "a second purchase may still come",
        _silence_of_one,
    ),
    Feature("new", 0.0, "is new", "is not new", lambda k: k.new.astype(np.float64)),
    Feature("silence_bend", 0.0, "", "", lambda k: _long(k) ** 2, part_of="silence"),
    Feature("rate_bend", 0.0, "", "", lambda k: _busy(k) ** 2, part_of="rate"),
    Feature("silence_for_rate", 0.0, "", "", lambda k: _long(k) * _busy(k), part_of="silence"),
    Feature("trend", -0.15, "buys more often than before", "buys less often than before", _trend),
    Feature("value", -0.1, "spent much", "spent little", lambda k: log1p(k["paid"])),
    Feature("items", 0.0, "bought many items", "bought few items", lambda k: log1p(k["items"])),
    Feature(
        "products",
        -0.15,
        "bought many different products",
        "bought few different products",
        lambda k: log1p(k["products"]),
    ),
    Feature("returned", 0.05, "sent things back", "sent nothing back", lambda k: log1p(k["returned"])),
    Feature("late", 0.15, "a delivery came late", "deliveries came in time", lambda k: log1p(k["late"])),
    Feature("subscribes", -0.15, "has a subscription", "has no subscription", lambda k: k["running"]),
    *COMMON,
)
