"""What the health of a relationship is measured by: each sign, what it is worth, and how much of it must be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DOMAINS = ("engagement", "communication", "sentiment", "outreach", "commitment")
PROFILES = ("shop", "subscription", "account")
POINTS = 10.0
"""What each domain is worth, to either side: five equal domains, so that none can outweigh the others."""
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

    def values(self) -> Floats:
        """Return what the indicators say, more is better: shape (customers, indicators)."""
        return np.column_stack([one.value(self) for one in INDICATORS])

    def counts(self) -> Floats:
        """Return on how many observations that rests."""
        return np.column_stack([np.nan_to_num(one.count(self), nan=0.0) for one in INDICATORS])

    def weights(self) -> Floats:
        """Return how many points each indicator is worth for each customer."""
        return np.array([one.points for one in INDICATORS], dtype=np.float64).T[self.profile]


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


def _constant(signs: Signs) -> Floats:
    return np.full(signs.n, ONCE)


def _change(recent: str, before: str, more: float) -> Callable[[Signs], Floats]:
    def value(signs: Signs) -> Floats:
        return np.asarray(np.log((signs.column(recent) + more) / (signs.column(before) + more)), dtype=np.float64)

    return value


def _share(part: str, of: str) -> Callable[[Signs], Floats]:
    def value(signs: Signs) -> Floats:
        whole = signs.column(of)
        nothing = np.full(signs.n, np.nan)
        return np.asarray(np.divide(signs.column(part), whole, out=nothing, where=whole > 0), dtype=np.float64)

    return value


def _column(name: str, sign: float = 1.0) -> Callable[[Signs], Floats]:
    return lambda signs: sign * signs.column(name)


def _per(name: str, unit: float) -> Callable[[Signs], Floats]:
    return lambda signs: signs.column(name) / unit


def _together(one: str, other: str) -> Callable[[Signs], Floats]:
    return lambda signs: np.nan_to_num(signs.column(one)) + np.nan_to_num(signs.column(other))


def _spoke(signs: Signs) -> Floats:
    return np.minimum(signs.or_none("spoke", "spoke"), 5.0)


def _score(signs: Signs) -> Floats:
    worst = signs.column("worst_score")
    of_account = (signs.profile == PROFILES.index("account")) & ~np.isnan(worst)
    return np.where(of_account, worst, signs.column("mean_score"))


def _useful(signs: Signs) -> Floats:
    if not np.nansum(signs.column("useful")):
        return np.full(signs.n, np.nan)
    return -np.nan_to_num(signs.column("days_since_useful"), nan=NEVER)


def _inside_ceiling(signs: Signs) -> Floats:
    return -np.maximum(signs.or_none("per_week", "per_week") - signs.ceiling, 0.0)


def _referred(signs: Signs) -> Floats:
    found = signs.or_none("referred", "referred")
    return np.minimum(found, 1.0) if np.nansum(found) else np.full(signs.n, np.nan)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "bought-lately",
        "engagement",
        (4, 0, 0),
        1.0,
        "days since the last purchase",
        _column("days_since_order", -1.0),
        _together("orders_recent", "orders_before"),
        "bought lately",
        "has not bought for long",
    ),
    Indicator(
        "buying-change",
        "engagement",
        (3, 0, 0),
        4.0,
        "purchases of the last half-year against the one before",
        _change("orders_recent", "orders_before", 0.5),
        _together("orders_recent", "orders_before"),
        "buys more than before",
        "buys less than before",
    ),
    Indicator(
        "use",
        "engagement",
        (0, 4, 4),
        1.0,
        "days of use in the last four weeks",
        _column("use_recent"),
        _per("known_days", 28.0),
        "uses it often",
        "hardly uses it",
    ),
    Indicator(
        "use-change",
        "engagement",
        (0, 3, 3),
        8.0,
        "days of use in the last four weeks against the eight before",
        _change("use_recent", "use_before", 1.0),
        _together("use_recent", "use_before"),
        "uses it more than before",
        "uses it less than before",
    ),
    Indicator(
        "breadth",
        "engagement",
        (3, 3, 3),
        1.0,
        "different products and features in a year",
        _column("breadth"),
        _per("known_days", 90.0),
        "uses much of what there is",
        "uses little of what there is",
    ),
    Indicator(
        "speaks-up",
        "communication",
        (3, 3, 3),
        1.0,
        "tickets and conversations that the customer began in a year, up to five",
        _spoke,
        _per("tenure_days", 180.0),
        "speaks with you",
        "never says a word",
    ),
    Indicator(
        "solved",
        "communication",
        (3, 3, 3),
        1.0,
        "no problem open for more than a week",
        _column("unsolved", -1.0),
        _column("tickets"),
        "problems were solved",
        "a problem is unsolved",
    ),
    Indicator(
        "settled",
        "communication",
        (2, 2, 2),
        1.0,
        "no problem that came back within a month",
        _column("repeated", -1.0),
        _column("tickets"),
        "problems stayed solved",
        "a problem came back",
    ),
    Indicator(
        "prompt",
        "communication",
        (2, 2, 2),
        2.0,
        "share of tickets answered in the usual time",
        _column("in_usual_time"),
        _column("judged"),
        "was answered promptly",
        "had to wait for answers",
    ),
    Indicator(
        "score",
        "sentiment",
        (7, 7, 7),
        2.0,
        "mean answer in surveys of a year; of an account the worst of half a year",
        _score,
        _column("answers"),
        "answers surveys with good scores",
        "answers surveys with bad scores",
    ),
    Indicator(
        "answers",
        "sentiment",
        (3, 3, 3),
        2.0,
        "share of surveys answered; never asked is unknown",
        _share("answered", "asked"),
        _column("asked"),
        "answers when asked",
        "was asked and stayed silent",
    ),
    Indicator(
        "looked-after",
        "outreach",
        (4, 4, 4),
        KNOWN,
        "days since a contact that was for the customer",
        _useful,
        _constant,
        "was looked after lately",
        "was not looked after for long",
    ),
    Indicator(
        "not-overwhelmed",
        "outreach",
        (2, 2, 2),
        KNOWN,
        "contacts a week beyond the ceiling",
        _inside_ceiling,
        _constant,
        "is not contacted too often",
        "is contacted too often",
    ),
    Indicator(
        "responds",
        "outreach",
        (4, 4, 4),
        8.0,
        "share of contacts clicked or answered in half a year",
        _share("responded", "sent"),
        _column("sent"),
        "responds to what you send",
        "ignores what you send",
    ),
    Indicator(
        "buys-again",
        "commitment",
        (4, 0, 0),
        1.0,
        "orders in a year",
        _column("orders"),
        _column("orders"),
        "buys again and again",
        "bought seldom",
    ),
    Indicator(
        "keeps",
        "commitment",
        (4, 0, 0),
        3.0,
        "share of orders not sent back",
        _column("returned", -1.0),
        _column("orders"),
        "keeps what was bought",
        "sends much back",
    ),
    Indicator(
        "pays",
        "commitment",
        (0, 3, 3),
        4.0,
        "share of payments that went through",
        lambda signs: -_share("failed", "paid")(signs),
        _column("paid"),
        "pays without trouble",
        "payments fail",
    ),
    Indicator(
        "price",
        "commitment",
        (0, 3, 3),
        KNOWN,
        "what is paid a month against a year ago",
        _column("mrr_change"),
        _constant,
        "pays for more than before",
        "pays for less than before",
    ),
    Indicator(
        "recommends",
        "commitment",
        (2, 1, 1),
        1.0,
        "whether they recommended the company in a year",
        _referred,
        _per("tenure_days", 365.0),
        "recommends you",
        "has recommended you to nobody",
    ),
    Indicator(
        "goals",
        "commitment",
        (0, 3, 3),
        1.0,
        "share of the goals due that were reached in time",
        _share("goals_reached", "goals_due"),
        _column("goals_due"),
        "reaches goals with you",
        "misses goals",
    ),
)
"""Every indicator; the points of a profile sum to ten in each domain."""
