"""Names each relationship by recency, frequency and value; who moved since, and what the best have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.models.in_common import Trait, in_common
from rapport.models.rfm import NAMES, migration, named, scores
from rapport.models.rfm import SCORES as BEST

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGO = timedelta(days=182)
"""Between the two dates of the migration."""
TIERS = ("top tenth", "next three tenths", "the rest", "nothing in a year")
LEAST = 0.05
"""The smallest difference of the share of best customers that a common trait must make."""
LEAST_ACTIVE = 0.05
"""A smaller probability to be active is taken for this where an amount is divided by it."""
TRAITS = ("channel", "region", "category", "plan", "again", "clicked", "wrote")


@estimate(
    asks={
        "signs": Whole(
            "segment_signs", ("customer_id", "recency_days", "frequency", "money", "since_days"), "customer_id"
        ),
        "value": Whole("prospects", ("customer_id", "value", "probability_active"), "customer_id"),
        "risk": Whole("leading_risks", ("customer_id", "risk"), "customer_id"),
        "health": Whole("health", ("customer_id", "health"), "customer_id"),
        "began": Whole("beginnings", ("customer_id", *TRAITS, "half"), "customer_id"),
    },
    optional=("value", "risk", "health", "began"),
    fields=(
        Field("row_id", Type.TEXT, "the customer"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("segment", Type.TEXT, "one of ten names, by fifths of recency and frequency"),
        Field("segment_before", Type.TEXT, "the same half a year before; empty for who was not there yet"),
        Field("recency_score", Type.COUNT, "1 (longest ago) to 5"),
        Field("frequency_score", Type.COUNT, "1 (most seldom) to 5"),
        Field("value_tier", Type.TEXT, "by what came in during a year: " + ", ".join(TIERS)),
        Field("money", Type.NUMBER, "what came in during the last 365 days"),
        Field("resembles_best", Type.BOOL, "began as the best customers did and is not among them yet"),
    ),
)
def segments(known: Known) -> Made | CannotTell:
    """One row is a customer who ever bought, used or paid: the name of the relationship, its tier, and where it moved.

    Recency and frequency are scored in fifths of the customers, 5 is best; equal customers get equal scores (recency is
    counted from the most recent on, frequency from the most seldom). The twenty-five pairs of scores carry ten names,
    each pair exactly one. The tier is a second axis: the tenth of the paying customers that brought most in a year, the
    three tenths after them, the rest, and those who brought nothing; customers who brought equally much are in one
    tier, the higher one. The names are given again as of half a year ago.

    What the best have in common compares how relationships of a year and longer began: found among one half of the
    customers, confirmed among the other. It says how relationships began that became valuable, not what made them so.
    """
    signs = known.now()["signs"]
    if signs is None or not signs.num_rows:
        return CannotTell("Nobody in the record bought, used or paid for anything.")
    recency, frequency, names = _named(signs)
    tier = _tiers(_numbers(signs, "money"))
    before, moves = _before(known, signs, names)
    traits, resembles = _best(known.now()["began"], signs, tier)
    table = pa.table(
        {
            "row_id": signs["customer_id"],
            "customer_id": signs["customer_id"],
            "segment": pa.array(np.array(NAMES, dtype=object)[names], pa.string()),
            "segment_before": before,
            "recency_score": recency,
            "frequency_score": frequency,
            "value_tier": pa.array(np.array(TIERS, dtype=object)[tier], pa.string()),
            "money": _numbers(signs, "money"),
            "resembles_best": resembles,
        }
    )
    now = known.now()
    of_each = {name: _of_each(now[name], signs, name) for name in ("risk", "health")}
    of_each |= {name: _of_each(now["value"], signs, name) for name in ("value", "probability_active")}
    return Made(table, _said(_numbers(signs, "money"), names, tier, of_each, traits, moves))


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _named(signs: pa.Table) -> tuple[Ints, Ints, Ints]:
    # counted from the most recent on: of all who were there today nobody is less than the most recent
    recency = BEST + 1 - scores(_numbers(signs, "recency_days"))
    frequency = scores(_numbers(signs, "frequency"))
    return recency, frequency, named(recency, frequency)


def _tiers(money: Floats) -> Ints:
    """Return each customer's place in `TIERS`: by how many of the paying customers brought more than they did."""
    paying = np.sort(money[money > 0])
    more = paying.size - np.searchsorted(paying, money, side="right")
    # in whole numbers: a tenth must not become a little less than a tenth
    best, next_best = 10 * more < paying.size, 10 * more < 4 * paying.size
    return np.where(money <= 0, 3, np.where(best, 0, np.where(next_best, 1, 2))).astype(np.int64)


def _before(known: Known, signs: pa.Table, names: Ints) -> tuple[pa.Array, list[dict[str, Any]]]:
    """Return the earlier names and the moves; neither where the record is younger than that."""
    nobody = pa.nulls(signs.num_rows, pa.string())
    moment = known.facts.as_of - AGO
    earlier = known.at(moment)["signs"] if moment - known.facts.record_start > AGO else None
    if earlier is None or not earlier.num_rows:
        return nobody, []
    then = _named(earlier)[2]
    place = pc.index_in(signs["customer_id"], earlier["customer_id"].combine_chunks())
    at = pc.fill_null(place, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    before = np.where(at >= 0, then[at], -1)
    counts = migration(before, names).counts
    labels = (*NAMES, None)
    moves = [
        {"before": labels[i], "after": NAMES[j], "customers": int(counts[i, j])}
        for i in range(len(labels))
        for j in range(len(NAMES))
        if counts[i, j]
    ]
    words = np.array(NAMES, dtype=object)[np.maximum(before, 0)]
    return pa.array(words, pa.string(), mask=before < 0), moves


def _best(began: pa.Table | None, signs: pa.Table, tier: Ints) -> tuple[tuple[Trait, ...], pa.Array]:
    """Return what the best have in common, and who has all of it and is not among them."""
    nobody = pa.array(np.zeros(signs.num_rows, dtype=np.bool_))
    if began is None or not began.num_rows:
        return (), nobody
    row = pc.index_in(began["customer_id"], signs["customer_id"].combine_chunks()).to_numpy().astype(np.int64)
    traits = {name: np.array(began[name].cast(pa.string()).to_pylist(), dtype=object) for name in TRAITS}
    half = np.array(began["half"].to_pylist(), dtype=object) == "first"
    found = in_common(tier[row] == 0, half, traits, LEAST)
    like = np.zeros(signs.num_rows, dtype=np.bool_)
    if found:
        has = np.all([traits[t.name] == t.value for t in _one_each(found)], axis=0)
        like[row] = has & (tier[row] > 0)
    return found, pa.array(like)


def _one_each(found: tuple[Trait, ...]) -> list[Trait]:
    """Return the strongest value of each trait: nobody can have two."""
    return list({t.name: t for t in reversed(found)}.values())


def _of_each(table: pa.Table | None, signs: pa.Table, name: str) -> Floats:
    """Return another estimate of each customer; NaN where it says nothing of them."""
    if table is None or not table.num_rows:
        return np.full(signs.num_rows, np.nan)
    place = pc.index_in(signs["customer_id"], table["customer_id"].combine_chunks()).combine_chunks()
    return np.asarray(pc.take(table[name].combine_chunks(), place).to_numpy(zero_copy_only=False), dtype=np.float64)


def _over(values: Floats, how: Callable[[Floats], Any]) -> float | None:
    """Return the sum or mean of what is known, None where nothing is."""
    known = values[~np.isnan(values)]
    return float(how(known)) if known.size else None


def _said(
    money: Floats,
    names: Ints,
    tier: Ints,
    of_each: Mapping[str, Floats],
    traits: tuple[Trait, ...],
    moves: list[dict[str, Any]],
) -> Mapping[str, Any]:
    value, risk, health = of_each["value"], of_each["risk"], of_each["health"]
    # the value has the chance to be active counted in: who is there brings value / probability
    at_risk = risk * value / np.maximum(of_each["probability_active"], LEAST_ACTIVE)

    def group(name: str, inside: NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "name": name,
            "customers": int(inside.sum()),
            "money": float(money[inside].sum()),
            "value": _over(value[inside], np.sum),
            "value_at_risk": _over(at_risk[inside], np.sum),
            "risk": _over(risk[inside], np.mean),
            "risk_of": int((~np.isnan(risk[inside])).sum()),
            "health": _over(health[inside], np.mean),
            "health_of": int((~np.isnan(health[inside])).sum()),
        }

    return {
        "segments": [group(name, names == i) for i, name in enumerate(NAMES)],
        "tiers": [group(name, tier == i) for i, name in enumerate(TIERS)],
        "migration": {"days": AGO.days, "moves": moves},
        "in_common": [
            {
                "trait": t.name,
                "value": t.value,
                "share_with": t.share_with,
                "share_without": t.share_without,
                "difference": t.difference.value,
                "low": t.difference.low,
                "high": t.difference.high,
                "q_value": t.q_value,
                "n": t.n,
            }
            for t in traits
        ],
    }
