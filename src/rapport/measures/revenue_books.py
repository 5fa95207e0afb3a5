"""The revenue of a company month by month, with what its largest customers brought of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.measures.cells import Totals

STEADY_MONTHS = 3
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """A customer's share of the revenue of some months, with its standard error and the single amounts behind it."""

    value: float
    se: float
    n: int


@dataclass(frozen=True, slots=True)
class Book:
    """The revenue of one kind and currency, month by month: all of it, and that of the ten largest customers."""

    kind: str
    currency: str
    all_: Mapping[str, Values]
    own: Sequence[Mapping[str, Values]]
    newest: frozenset[str]
    customers: int


def belongs(scope: Mapping[str, str], book: Book) -> bool:
    """Tell whether a cell is of this book's kind and currency."""
    return scope["kind"] == book.kind and scope["currency"] == book.currency


def books_of(top: Totals, spread: Totals) -> list[Book]:
    """Return a book for each kind of revenue and currency that has customers in the newest months and before."""
    found: dict[tuple[str, str], dict[int, dict[str, Values]]] = {}
    for scope, values in top.along("kind", "currency", "place", "month"):
        places = found.setdefault((scope["kind"], scope["currency"]), {})
        places.setdefault(int(scope["place"]), {})[scope["month"]] = values
    books = []
    for (kind, currency), places in sorted(found.items()):
        everyone = places.pop(0, {})
        of_kind = [(s, v) for s, v in spread.along("kind", "currency", "month")]
        counts = [int(v["customers"]) for s, v in of_kind if s["kind"] == kind and s["currency"] == currency]
        newest = frozenset(m for m, v in everyone.items() if v["newest"])
        own = [places[place] for place in sorted(places)]
        if own and newest and len(newest) < len(everyone):
            books.append(Book(kind, currency, everyone, own, newest, max(counts, default=0)))
    return books


def share_of(own: Mapping[str, Values], all_: Mapping[str, Values], months: Sequence[str]) -> Share:
    """Return a customer's share of some months; an amount a moves it by a·(1 − s)/R if theirs, by −a·s/R if not."""

    def total(of: Mapping[str, Values], name: str) -> float:
        return math.fsum(float(of[m][name]) for m in months if m in of)

    revenue = total(all_, "revenue")
    if revenue <= 0:
        return Share(0.0, math.inf, 0)
    value = total(own, "revenue") / revenue
    mine, others = total(own, "squares"), total(all_, "squares") - total(own, "squares")
    se = math.sqrt(mine * (1 - value) ** 2 + max(0.0, others) * value**2) / revenue
    return Share(value, se, round(total(all_, "amounts")))


def steadily(own: Mapping[str, Values], all_: Mapping[str, Values], months: Sequence[str]) -> float:
    """Return the share of some months without the customer's largest one; 0 for purchases in less than three."""
    bought = [m for m in months if m in own and float(own[m]["revenue"]) > 0]
    if len(bought) < STEADY_MONTHS:
        return 0.0
    largest = max(bought, key=lambda m: float(own[m]["revenue"]))
    return share_of(own, all_, [m for m in months if m != largest]).value


def grown_since(own: Mapping[str, Values], all_: Mapping[str, Values]) -> str:
    """Return the month since which the customer's share lies highest above what it was (least squares, by revenue)."""
    months = sorted(all_)
    rows = [(float(own[m]["revenue"]) if m in own else 0.0, float(all_[m]["revenue"])) for m in months]

    def gain(first: int) -> float:
        parts = []
        for part in (rows[:first], rows[first:]):
            revenue = math.fsum(r for _, r in part)
            parts.append(math.fsum(o for o, _ in part) ** 2 / revenue if revenue > 0 else 0.0)
        return sum(parts)

    return months[max(range(1, len(months)), key=gain)]
