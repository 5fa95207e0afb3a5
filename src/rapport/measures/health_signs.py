"""What is known of customers by which their health is measured, as numbers, and how one sign of health is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PROFILES = ("shop", "subscription", "account")
USUAL_CEILING = 4.0
"""Contacts a week taken for the ceiling where no policy declares one."""
NEVER = 366.0
"""Days since a useful contact for those who had none in the year that is looked at."""
ONCE, KNOWN = 1.0, 0.0


@dataclass(frozen=True, eq=False)
class Signs:
    """The active customers' columns of `relationship_signs`, as numbers; NaN where nothing is known.

    table : sorted by customer. customer : their ids. profile : places in `PROFILES`. ceiling : contacts a week.
    """

    table: pa.Table
    customer: pa.Array
    profile: Ints
    ceiling: float

    @classmethod
    def of(cls, table: pa.Table, ceiling: float | None) -> Signs:
        """Return the signs of those who are active (who cannot be told from others that are not: of all)."""
        active = table.filter(pc.fill_null(table["active"], True)).combine_chunks()
        profile = pc.index_in(active["profile"], pa.array(PROFILES)).to_numpy(zero_copy_only=False)
        customer = active["customer_id"].combine_chunks() if active.num_rows else pa.array([], pa.string())
        return cls(active, customer, profile.astype(np.int64), USUAL_CEILING if ceiling is None else ceiling)

    @property
    def n(self) -> int:
        """How many customers there are."""
        return int(self.table.num_rows)

    def column(self, name: str) -> Floats:
        """Return one column."""
        return np.asarray(self.table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)

    def or_none(self, name: str, *tables: str) -> Floats:
        """Return a column with 0 where this customer has none, NaN for all where nobody has any of `tables`."""
        seen = any(self.table[one].null_count < self.n for one in tables)
        return np.nan_to_num(self.column(name), nan=0.0) if seen else np.full(self.n, np.nan)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sign of health.

    points : by profile, at most, to either side. half_known : with so many observations half of what shows is the
    customer's own (0: it is a fact). value, count : from the signs. good, bad : as a reason, in words.
    """

    id: str
    domain: str
    points: tuple[float, float, float]
    half_known: float
    meaning: str
    value: Callable[[Signs], Floats]
    count: Callable[[Signs], Floats]
    good: str
    bad: str


def constant(signs: Signs) -> Floats:
    """Return one observation for everybody: what is counted is a fact."""
    return np.full(signs.n, ONCE)


def change(recent: str, before: str, more: float) -> Callable[[Signs], Floats]:
    """Return the logarithm of lately over before, `more` added to both so that none is no end of the world."""

    def value(signs: Signs) -> Floats:
        return np.asarray(np.log((signs.column(recent) + more) / (signs.column(before) + more)), dtype=np.float64)

    return value


def share(part: str, of: str) -> Callable[[Signs], Floats]:
    """Return one count as a share of another, unknown where there is none of the other."""

    def value(signs: Signs) -> Floats:
        whole = signs.column(of)
        nothing = np.full(signs.n, np.nan)
        return np.asarray(np.divide(signs.column(part), whole, out=nothing, where=whole > 0), dtype=np.float64)

    return value


def of_column(name: str, sign: float = 1.0) -> Callable[[Signs], Floats]:
    """Return a column, or less of it being more with −1."""
    return lambda signs: sign * signs.column(name)


def per(name: str, unit: float) -> Callable[[Signs], Floats]:
    """Return a column in another unit."""
    return lambda signs: signs.column(name) / unit


def together(one: str, other: str) -> Callable[[Signs], Floats]:
    """Return the sum of two counts."""
    return lambda signs: np.nan_to_num(signs.column(one)) + np.nan_to_num(signs.column(other))


def spoke(signs: Signs) -> Floats:
    """Return how often they spoke, up to five times: more says no more."""
    return np.minimum(signs.or_none("spoke", "spoke"), 5.0)


def of_score(signs: Signs) -> Floats:
    """Return the mean answer; of an account the worst of half a year."""
    worst = signs.column("worst_score")
    of_account = (signs.profile == PROFILES.index("account")) & ~np.isnan(worst)
    return np.where(of_account, worst, signs.column("mean_score"))


def useful(signs: Signs) -> Floats:
    """Return the days since a useful contact, less being more; unknown where the company makes none."""
    if not np.nansum(signs.column("useful")):
        return np.full(signs.n, np.nan)
    return -np.nan_to_num(signs.column("days_since_useful"), nan=NEVER)


def inside_ceiling(signs: Signs) -> Floats:
    """Return the contacts a week beyond the ceiling, less being more."""
    return -np.maximum(signs.or_none("per_week", "per_week") - signs.ceiling, 0.0)


def referred(signs: Signs) -> Floats:
    """Return whether they recommended the company; unknown where nobody ever did."""
    found = signs.or_none("referred", "referred")
    return np.minimum(found, 1.0) if np.nansum(found) else np.full(signs.n, np.nan)
