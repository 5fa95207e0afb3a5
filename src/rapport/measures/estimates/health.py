"""Scores each relationship from 0 to 100 in five domains, every point traceable to what the customer did or met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.health_indicators import DOMAINS, INDICATORS, POINTS
from rapport.measures.health_signs import PROFILES, Signs
from rapport.models.health import Health, measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YOUNG, GROWN = 90, 365
"""Days: customers are compared with those of their profile who have been there about as long."""
LEAST_PEERS = 20
"""Fewer make no company to be compared with: such customers are compared with all of their profile."""
REASONS = 3
SIGNS = (
    "profile",
    "active",
    "tenure_days",
    "known_days",
    "days_since_order",
    "orders_recent",
    "orders_before",
    "use_recent",
    "use_before",
    "breadth",
    "spoke",
    "unsolved",
    "repeated",
    "tickets",
    "in_usual_time",
    "judged",
    "mean_score",
    "worst_score",
    "answers",
    "asked",
    "answered",
    "days_since_useful",
    "useful",
    "per_week",
    "sent",
    "responded",
    "paid",
    "failed",
    "mrr_change",
    "orders",
    "returned",
    "referred",
    "goals_due",
    "goals_reached",
)
BINS = 10


@estimate(
    asks={"signs": Whole("relationship_signs", ("customer_id", *SIGNS), order="customer_id")},
    fields=(
        Field("row_id", Type.TEXT, "the customer"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("profile", Type.TEXT, "shop, subscription or account: which indicators count"),
        Field("health", Type.NUMBER, "0 to 100, higher is healthier; 50 is the middle of the customer's peers"),
        Field("health_low", Type.NUMBER, "lower limit of the 95 % interval"),
        Field("health_high", Type.NUMBER, "upper limit"),
        Field("coverage", Type.NUMBER, "share of the score that rests on something known, 0 to 1"),
        *(
            field
            for domain in DOMAINS
            for field in (
                Field(domain, Type.NUMBER, f"points of the domain {domain}, at most 10 to either side"),
                Field(f"{domain}_coverage", Type.NUMBER, "share of these points that rests on something known"),
            )
        ),
        *(Field(f"reason_{i}", Type.TEXT, "what moves the score most, in words") for i in range(1, REASONS + 1)),
    ),
    rests_on=("contacts_per_week_ceiling",),
)
def health(known: Known) -> Made | CannotTell:
    """One row is a customer who is one: how healthy the relationship is, with the points that make up the score.

    The score is 50 and the sum of five domains, each worth at most ten points to either side: engagement,
    communication, sentiment, outreach (what the company does unasked) and commitment. Every indicator is the customer's
    place among peers of the same profile and about the same age of the relationship; what is not known counts as the
    middle and widens the interval. Speaking up is healthy, an unsolved or repeated problem is not. Contact counts up to
    the ceiling, and beyond it against the score. Who was asked and stayed silent is less healthy than who was never
    asked. For an account with several contacts the worst answer counts, not the mean.

    It is a measurement with stated weights: nothing is learned from who left. The risk of leaving is another number.
    Customers who are no longer active have no health.
    """
    signs = known.now()["signs"]
    if signs is None:
        return CannotTell("There are no customers in the record.")
    there = Signs.of(signs, known.facts.declared.target("touches_per_customer_week"))
    if not there.n:
        return CannotTell("No customer of the record is active at the cut-off.")
    points = np.array([one.points for one in INDICATORS], dtype=np.float64).T[there.profile]
    values = np.column_stack([one.value(there) for one in INDICATORS])
    counts = np.column_stack([np.nan_to_num(one.count(there), nan=0.0) for one in INDICATORS])
    found = measure(values, counts, HALF_KNOWN, points, _peers(there))
    return Made(_table(there, found, points), _said(there, found, points))


HALF_KNOWN = np.array([one.half_known for one in INDICATORS])
MEMBERS = {domain: np.array([i for i, one in enumerate(INDICATORS) if one.domain == domain]) for domain in DOMAINS}


def _peers(signs: Signs) -> Ints:
    """Return the group of each customer: profile and age of the relationship, or the profile where few share both."""
    tenure = signs.column("tenure_days")
    age = np.where(np.isnan(tenure), 3, np.digitize(tenure, (YOUNG, GROWN)))
    group = signs.profile * 5 + age
    few = np.bincount(group, minlength=5 * len(PROFILES))[group] < LEAST_PEERS
    return np.where(few, signs.profile * 5 + 4, group).astype(np.int64)


def _table(signs: Signs, found: Health, points: Floats) -> pa.Table:
    columns: dict[str, Any] = {
        "row_id": signs.customer,
        "customer_id": signs.customer,
        "profile": pa.array(np.array(PROFILES, dtype=object)[signs.profile], pa.string()),
        "health": found.score,
        "health_low": found.low,
        "health_high": found.high,
        "coverage": (points * found.reliability).sum(axis=1) / points.sum(axis=1),
    }
    for domain, members in MEMBERS.items():
        columns[domain], columns[f"{domain}_coverage"] = found.domain(members, points)
    for i, reason in enumerate(_reasons(found.contributions), start=1):
        columns[f"reason_{i}"] = reason
    return pa.table(columns)


def _reasons(moved_by: Floats) -> list[pa.Array]:
    """Return what moves each score most, the largest first; nothing where less than half a point moves it."""
    largest = np.argsort(-np.abs(moved_by), axis=1, kind="stable")[:, :REASONS]
    moved = np.take_along_axis(moved_by, largest, axis=1)
    words = np.array([text for one in INDICATORS for text in (one.bad, one.good)], dtype=object)
    said = words[2 * largest + (moved > 0)]
    return [pa.array(said[:, i], pa.string(), mask=np.abs(moved[:, i]) < LEAST_POINT) for i in range(REASONS)]


LEAST_POINT = 0.5


def _said(signs: Signs, found: Health, points: Floats) -> Mapping[str, Any]:
    """Return what stands in `audit.json`: the weights, and how the scores and their domains are spread."""
    domains = []
    for domain, members in MEMBERS.items():
        own, coverage = found.domain(members, points)
        low, middle, high = np.quantile(own, (0.1, 0.5, 0.9)).tolist()
        domains.append(
            {
                "id": domain,
                "points": POINTS,
                "coverage": float(coverage.mean()),
                "p10": low,
                "p50": middle,
                "p90": high,
                "indicators": [
                    {
                        "id": INDICATORS[i].id,
                        "meaning": INDICATORS[i].meaning,
                        "points": dict(zip(PROFILES, INDICATORS[i].points, strict=True)),
                        "half_known": INDICATORS[i].half_known,
                        "known": float((found.reliability[:, i] > 0).mean()),
                    }
                    for i in members.tolist()
                ],
            }
        )
    edges = np.linspace(0, 100, BINS + 1)
    counted, _ = np.histogram(found.score, edges)
    return {
        "version": 1,
        "customers": signs.n,
        "profiles": {name: int((signs.profile == i).sum()) for i, name in enumerate(PROFILES)},
        "coverage": float(((points * found.reliability).sum(axis=1) / points.sum(axis=1)).mean()),
        "half_width": float(((found.high - found.low) / 2).mean()),
        "domains": domains,
        "distribution": [
            {"from": float(edges[i]), "to": float(edges[i + 1]), "customers": int(counted[i])} for i in range(BINS)
        ],
    }
