"""What a number is that may foretell leaving, and those that may whatever the kind of relationship."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHOP, CONTRACT = "shop", "contract"
WINDOWS = (28, 91, 182)
YEAR = 364.0


@dataclass(frozen=True, eq=False)
class Known:
    """Columns of `leaving_signs` for customers of one kind at one moment.

    columns : by name, of one length, NaN where nothing is known; horizon, gap : days within which leaving is foretold,
    and from one purchase to the next in the middle case; plans : for each of the usual plans, who has it.
    """

    columns: Mapping[str, Floats]
    horizon: float
    gap: float
    plans: tuple[Bools, ...] = ()

    def __getitem__(self, name: str) -> Floats:
        """Return a column."""
        return self.columns[name]

    def count(self, name: str, *beside: str) -> Floats:
        """Return a column with 0 where this customer has none; NaN for all where nobody has any."""
        seen = any(np.isfinite(self.columns[one]).any() for one in (name, *beside))
        return np.nan_to_num(self.columns[name]) if seen else np.full(self.columns[name].shape, np.nan)

    @property
    def new(self) -> Bools:
        """Who is younger than one typical gap."""
        return np.asarray(self["tenure_days"] <= self.gap)

    @property
    def repeat(self) -> Bools:
        """Who bought more than once and is no longer new: they have a rhythm."""
        return np.asarray((self["purchases"] > 1) & ~self.new)

    @property
    def once(self) -> Bools:
        """Who bought once and is no longer new."""
        return np.asarray((self["purchases"] <= 1) & ~self.new)

    @property
    def window(self) -> int:
        """The days of which the last are compared with as many before: those nearest to the horizon."""
        return min(WINDOWS, key=lambda days: abs(float(np.log(days / self.horizon))))

    @property
    def times_own_gap(self) -> Floats:
        """The silence in gaps of their own, drawn to one gap that is common; NaN without a rhythm."""
        own = (self["tenure_days"] - self["silent_days"] + self.gap) / np.maximum(self["purchases"], 1.0)
        return only(self.repeat, (self["silent_days"] + 1) / own)


def only(who: Bools, values: Floats) -> Floats:
    """Return values of these customers alone, NaN for the others."""
    return np.where(who, values, np.nan)


def log_times(now: Floats, before: Floats) -> Floats:
    """Return the logarithm of how many times as much it is now, half a time added to both."""
    return np.asarray(np.log((now + 0.5) / (np.maximum(before, 0.0) + 0.5)))


def log1p(values: Floats) -> Floats:
    """Return the logarithm of 1 + value; what is below 0 counts as 0."""
    return np.asarray(np.log1p(np.maximum(values, 0.0)))


def _unanswered(k: Known) -> Floats:
    return np.asarray((k["asked"] - k["answered"] + 0.5) / (k["asked"] + 1))


def _responded(k: Known) -> Floats:
    return only(k.count("written") > 0, (k["responded"] + 0.1) / (k["written"] + 1))


def next_renewal(k: Known) -> Floats:
    """Return the days to the next renewal by the term of the earlier ones; NaN for who has not renewed yet."""
    term = np.where(k["term_days"] > 1, k["term_days"], np.nan)
    return np.asarray(term - np.mod(k["renewed_days"], term))


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about a customer.

    id : its name in the document; prior : log odds of leaving for one standard deviation more, as experts expect;
    more, less : what to say of who has more or less of it than the average, `{}` standing for `shown` in its unit;
    of : how to compute it; part_of : the feature in whose reason it is told, being a bend of it.
    """

    id: str
    prior: float
    more: str
    less: str
    of: Callable[[Known], Floats]
    shown: Callable[[Known], Floats] | None = None
    unit: str = ""
    part_of: str = ""


COMMON = (
    Feature(
        "alive",
        0.2,
        "no sign of life for {}",
        "a sign of life {} ago",
        lambda k: log1p(k["alive_days"]),
        lambda k: k["alive_days"],
        unit="days",
    ),
    Feature(
        "cases", 0.0, "many cases at the help desk", "few cases at the help desk", lambda k: log1p(k.count("cases"))
    ),
    Feature(
        "unsolved",
        0.3,
        "a problem that is not solved",
        "no problem is open",
        lambda k: log1p(k.count("unsolved", "cases")),
    ),
    Feature(
        "repeated",
        0.15,
        "wrote again about the same problem",
        "no problem came back",
        lambda k: log1p(k.count("repeated", "cases")),
    ),
    Feature(
        "waited",
        0.1,
        "waited {} for an answer",
        "waited only {} for an answer",
        lambda k: log1p(k["waited_hours"]),
        lambda k: k["waited_hours"],
        unit="hours",
    ),
    Feature("last_score", -0.2, "the last answer was good", "the last answer was poor", lambda k: k["last_score"]),
    Feature("unanswered", 0.1, "was asked and stayed silent", "answers when asked", _unanswered),
    Feature("responded", -0.15, "responds to what is sent", "does not respond to what is sent", _responded),
    Feature(
        "unsubscribed",
        0.25,
        "unsubscribed",
        "has not unsubscribed",
        lambda k: np.minimum(k.count("unsubscribed", "written"), 1.0),
    ),
)
