"""What to do next for each customer, what it is worth, and who is held back so that its effect can be learned."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.health_signs import USUAL_CEILING
from rapport.measures.leaving_lesson import WORKED
from rapport.measures.next_action import ACTIONS, BAD_SCORE, LEAVE_ALONE, Advice, Situation, advise

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

HELD_BACK = 0.1
"""Share of those acted on in a month who are held back instead, by lot."""
ACT, HOLDOUT, LATER = "act", "holdout", "later"
SIGNS = ("active", "unsolved", "repeated", "worst_score", "mean_score", "referred", "asked", "per_week")


@estimate(
    asks={
        "signs": Whole("relationship_signs", ("customer_id", *SIGNS, "days_since_useful"), "customer_id"),
        "ways": Whole("contact_ways", ("customer_id", "consent", "channel", "renewal_days", "rewarded"), "customer_id"),
        "value": Whole("prospects", ("customer_id", "value", "probability_active"), "customer_id"),
        "risk": Whole("leading_risks", ("customer_id", "risk", "odds_ratio"), "customer_id"),
        "best": Whole("segments", ("customer_id", "value_tier"), "customer_id", "value_tier = 'top tenth'"),
        "next": Whole("next_products", ("customer_id",), "customer_id", "list = 'new' AND place = 1"),
    },
    optional=("value", "risk", "best", "next"),
    fields=(
        Field("row_id", Type.TEXT, "the customer"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("action", Type.TEXT, "fix, renew, contact, offer, reward, thank, ask, or leave alone"),
        Field("reason", Type.TEXT, "why this, in words"),
        Field("channel", Type.TEXT, "how the customer can be reached"),
        Field("value", Type.NUMBER, "expected margin kept by it, less its cost"),
        Field("value_low", Type.NUMBER, "the same with the smallest effect assumed"),
        Field("value_high", Type.NUMBER, "the same with the largest"),
        Field("consent", Type.TEXT, "to marketing: given, refused, unknown; or not needed for this"),
        Field(
            "arm", Type.TEXT, "act, holdout (held back to learn from), or later: beyond what the team can do a month"
        ),
        Field("place", Type.COUNT, "1 is what is worth most"),
    ),
    rests_on=("contacts_per_week_ceiling", "gross_margin"),
)
def actions(known: Known) -> Made | CannotTell:
    """One row is an active customer: the next best action, "leave alone" included, with its value and the reason.

    The action is the one that keeps the most expected margin beyond its cost. How much of the risk an action takes away
    is an assumption with limits, the same for everybody, until the company's own tasks with a holdout show it: the
    order is better founded than the amounts. Marketing is proposed to nobody who objected, and but for a problem
    nothing to who is contacted as often as the ceiling allows.

    As many as the team can work in a month are acted on, by value; a tenth of them are held back by lot (the customer's
    id and the seed), so that the next audit can tell whether acting helped. The same seed holds back the same ones.
    """
    tables = known.now()
    signs, ways = tables["signs"], tables["ways"]
    if signs is None or ways is None:
        return CannotTell("There are no customers in the record.")
    signs = signs.filter(pc.fill_null(signs["active"], True)).combine_chunks()
    if not signs.num_rows:
        return CannotTell("No customer of the record is active at the cut-off.")
    ways = ways.take(pc.index_in(signs["customer_id"], ways["customer_id"].combine_chunks())).combine_chunks()
    declared = known.facts.declared
    seen = _situation(signs, ways, tables, declared.target("touches_per_customer_week") or USUAL_CEILING)
    advice = advise(seen, declared.economics.contact_cost or 0.0)
    most = declared.economics.accounts_per_month or math.ceil(WORKED * signs.num_rows)
    place, arm = _dealt(signs["customer_id"], advice, most, known.facts.seed)
    return Made(_table(signs, ways, advice, place, arm), _said(advice, arm, declared.economics.contact_cost))


def _situation(signs: pa.Table, ways: pa.Table, tables: Mapping[str, pa.Table | None], ceiling: float) -> Situation:
    who = signs["customer_id"]
    worst, mean = _numbers(signs["worst_score"]), _numbers(signs["mean_score"])
    referred = np.nan_to_num(_numbers(signs["referred"]))
    return Situation(
        risk=_of(who, tables["risk"], "risk"),
        odds=np.nan_to_num(_of(who, tables["risk"], "odds_ratio")),
        value=_of(who, tables["value"], "value"),
        active=_of(who, tables["value"], "probability_active"),
        problem=(_numbers(signs["unsolved"]) > 0) | (_numbers(signs["repeated"]) > 0) | (worst <= BAD_SCORE),
        renewal_days=_numbers(ways["renewal_days"]),
        useful_days=_numbers(signs["days_since_useful"]),
        best=_among(who, tables["best"]),
        rewarded=np.asarray(ways["rewarded"].to_numpy(zero_copy_only=False), dtype=np.bool_),
        glad=(referred > 0) | (mean >= 1 - BAD_SCORE / 4),
        asked=np.nan_to_num(_numbers(signs["asked"])) > 0,
        goes_with=_among(who, tables["next"]),
        refused=np.asarray(pc.equal(ways["consent"], "refused").to_numpy(zero_copy_only=False), dtype=np.bool_),
        per_week=np.nan_to_num(_numbers(signs["per_week"])),
        ceiling=ceiling,
    )


def _numbers(values: pa.ChunkedArray | pa.Array) -> Floats:
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _of(who: pa.ChunkedArray, table: pa.Table | None, name: str) -> Floats:
    """Return a column of another table for these customers, NaN where it has none of them."""
    if table is None or not table.num_rows:
        return np.full(len(who), np.nan)
    place = pc.index_in(who, table["customer_id"].combine_chunks())
    return _numbers(pc.take(table[name].combine_chunks(), place.combine_chunks()))


def _among(who: pa.ChunkedArray, table: pa.Table | None) -> Bools:
    if table is None or not table.num_rows:
        return np.zeros(len(who), dtype=np.bool_)
    return np.asarray(pc.is_in(who, table["customer_id"].combine_chunks()).to_numpy(), dtype=np.bool_)


def _dealt(who: pa.ChunkedArray, advice: Advice, most: int, seed: int) -> tuple[Ints, NDArray[np.object_]]:
    """Return each customer's place by value and the arm: of the first ones a tenth is held back by lot."""
    ids = who.to_pylist()
    order = np.lexsort((np.arange(len(ids)), -advice.value))
    place = np.empty(len(ids), dtype=np.int64)
    place[order] = np.arange(1, len(ids) + 1)
    arm = np.full(len(ids), None, dtype=object)
    acted = advice.action >= 0
    arm[acted] = LATER
    for i in np.flatnonzero(acted & (place <= most)).tolist():
        arm[i] = HOLDOUT if _lot(ids[i], seed) < HELD_BACK else ACT
    return place, arm


def _lot(customer: str, seed: int) -> float:
    """Return a number from 0 to 1 that depends on the customer and the seed alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{customer}".encode()).digest()[:6], "big") / 2**48


def _table(signs: pa.Table, ways: pa.Table, advice: Advice, place: Ints, arm: NDArray[np.object_]) -> pa.Table:
    names = np.array([*(a.id for a in ACTIONS), LEAVE_ALONE], dtype=object)[advice.action]
    needs = np.array([*(a.marketing for a in ACTIONS), False])[advice.action]
    consent = np.where(needs, np.array(ways["consent"].to_pylist(), dtype=object), "not needed")
    return pa.table(
        {
            "row_id": signs["customer_id"],
            "customer_id": signs["customer_id"],
            "action": pa.array(names, pa.string()),
            "reason": pa.array(advice.why, pa.string()),
            "channel": ways["channel"].cast(pa.string()),
            "value": advice.value,
            "value_low": advice.low,
            "value_high": advice.high,
            "consent": pa.array(consent, pa.string()),
            "arm": pa.array(arm, pa.string()),
            "place": place,
        }
    )


def _said(advice: Advice, arm: NDArray[np.object_], cost: float | None) -> Mapping[str, Any]:
    """Return how many customers each action is proposed to, what it is worth, and what was assumed."""
    listed = []
    for i, action in enumerate(ACTIONS):
        here = advice.action == i
        listed.append(
            {
                "action": action.id,
                "customers": int(here.sum()),
                "now": int((here & (arm == ACT)).sum()),
                "held_back": int((here & (arm == HOLDOUT)).sum()),
                "value": float(advice.value[here].sum()),
                "value_low": float(advice.low[here].sum()),
                "value_high": float(advice.high[here].sum()),
                "effect": list(action.effect),
                "contacts": action.contacts,
            }
        )
    return {"actions": listed, "left_alone": int((advice.action < 0).sum()), "contact_cost": cost}
