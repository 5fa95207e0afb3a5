"""Looks back at who was watched at earlier moments, who of them went, and whom each way of looking had flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.measures.silences import STEP, Bools, Quiet, Weights, capacity, highest, quiet, weigh
from rapport.models.clustered import mean
from rapport.models.moments import of_rows
from rapport.models.rhythm.signs_of_life import Floats

THREE_GAPS, RECENCY = "three_gaps", "recency"


@dataclass(frozen=True, eq=False)
class Look:
    """One earlier moment: those watched then (places in `then`), who of them went, and who was flagged how.

    silently : who gave the last sign of life in the four weeks before and had said nothing when that was clear: no
    complaint, no end of a contract, no account closed; each departure counts at one moment. judged : whether enough was
    known by then to weigh by; chance : of being gone, as it was told then.
    """

    then: Quiet
    watched: np.ndarray[Any, np.dtype[np.intp]]
    gone: Bools
    silently: Bools
    judged: bool
    chance: Floats
    flagged: dict[str, Bools]


def looks(views: Sequence[tuple[Quiet, pa.Table]], ahead: int, declared: int | None) -> list[Look]:
    """Return what was seen at earlier moments, newest first.

    views : now first, then one moment after the other, each as long before the one in front of it; with each the table
    `rhythms` of that moment. ahead : how many of these steps the horizon has; declared : customers that can be worked
    a month. Gone is who, one step after the moment, gives no sign of life for the whole horizon. Weights come from
    moments of which that was known by then.
    """
    found: list[Look] = []
    seen: list[tuple[Quiet, np.ndarray[Any, np.dtype[np.intp]], Bools]] = []
    quietly: list[Bools] = []
    horizon, after = float(STEP * ahead), ahead + 1
    for place in range(after, len(views)):
        then, later = views[place][0], views[place - after][1]
        watched = np.flatnonzero(then.watched(horizon))
        ids = then.ids.take(pa.array(watched))
        gone = ~_alive_since(then, watched, later, horizon)
        seen.append((then, watched, gone))
        loud = pc.or_(later["told"], later["complained"])
        said = np.asarray(pc.is_valid(pc.index_in(ids, later["customer_id"].filter(loud).combine_chunks())))
        once = (then.gaps.silence[watched] < STEP) & ~_alive_since(then, watched, later, horizon + STEP)
        quietly.append(gone & once & ~said)
    for number, (then, watched, gone) in enumerate(seen):
        earlier = seen[number + after :]
        weights = learn([(t.features[w], g) for t, w, g in earlier])
        found.append(_look(then, watched, (gone, quietly[number]), weights, horizon, declared))
    return found


def _alive_since(then: Quiet, watched: Any, later: pa.Table, days: float) -> Bools:
    """Return which of those watched gave a sign of life in so many days before a later moment."""
    lately = later["silent_days"].to_numpy().astype(np.float64) < days
    alive = later["customer_id"].filter(pa.array(lately)).combine_chunks()
    return np.asarray(pc.is_valid(pc.index_in(then.ids.take(pa.array(watched)), alive)))


def seen_by_the_oldest(tables: Sequence[pa.Table]) -> list[tuple[Quiet, pa.Table]]:
    """Return the views of tables `rhythms`, newest first: what customers have in common is learned from the oldest.

    It is known at all later moments, and need not be learned again. Views older than the first that knows are left out.
    """
    views: list[tuple[Quiet, pa.Table]] = []
    for table in reversed(tables):
        then = quiet(table, views[0][0].rhythm if views else None)
        if then is not None:
            views.insert(0, (then, table))
    return views


def learn(past: Sequence[tuple[Floats, Bools]]) -> Weights | None:
    """Return the weights learned from several moments; None where too few went."""
    if not past:
        return None
    return weigh(np.concatenate([f for f, _ in past]), np.concatenate([g for _, g in past]))


def _look(
    then: Quiet,
    watched: np.ndarray[Any, np.dtype[np.intp]],
    gone: tuple[Bools, Bools],
    weights: Weights | None,
    horizon: float,
    declared: int | None,
) -> Look:
    chance = weights.chance(then.features[watched]) if weights else then.gone_p(horizon)[watched]
    silence = then.gaps.silence[watched]
    mean_gap = then.gaps.total[watched] / then.gaps.count[watched]
    many = capacity(declared, watched.size)
    among = np.ones(watched.size, dtype=np.bool_)
    flagged = {
        "": highest(chance, among, many),
        THREE_GAPS: highest(silence / mean_gap, among, many),
        RECENCY: highest(silence, among, many),
    }
    return Look(then, watched, *gone, weights is not None, chance, flagged)


def judged(found: Sequence[Look]) -> list[Look]:
    """Return the moments by which the flagging is judged: those with learned weights, all where there are none."""
    return [one for one in found if one.judged] or list(found)


def said_of(found: Sequence[Look], horizon: int) -> dict[str, Any]:
    """Return recall and precision of each way of looking, the differences, the lead; customers kept together."""
    kept = judged(found)
    _, who = np.unique(np.concatenate([np.asarray(_numbers(one)) for one in kept]), return_inverse=True)
    gone = np.concatenate([one.gone for one in kept])
    flags = {name: np.concatenate([one.flagged[name] for one in kept]) for name in ("", THREE_GAPS, RECENCY)}
    silence = np.concatenate([one.then.gaps.silence[one.watched] for one in kept])
    own_gap = np.concatenate([one.then.own_gap[one.watched] for one in kept])
    hits = gone & flags[""]
    said: dict[str, Any] = {
        "horizon_days": horizon,
        "moments": len(kept),
        "watched": int(gone.size),
        "gone": int(gone.sum()),
        "flagged": int(flags[""].sum()),
        "learned": all(one.judged for one in kept),
        "recall": _share(flags[""], gone, who),
        "precision": _share(gone, flags[""], who),
    }
    for name in (THREE_GAPS, RECENCY):
        said[name] = {
            "recall": _share(flags[name], gone, who),
            "precision": _share(gone, flags[name], who),
            "difference": _share(flags[""].astype(np.float64) - flags[name], gone, who),
        }
    if hits.any():
        lead = horizon + STEP - silence[hits]
        said["lead_days_median"] = float(np.median(lead))
        said["lead_gaps_median"] = float(np.median(lead / own_gap[hits]))
        said["silent_days_median"] = float(np.median(silence[hits]))
    return said


def _numbers(one: Look) -> np.ndarray[Any, Any]:
    return np.asarray(one.then.ids.take(pa.array(one.watched)).to_numpy(zero_copy_only=False), dtype=str)


def _share(of: Any, among: Bools, who: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return the mean over some rows with its interval, rows of one customer kept together."""
    values = np.asarray(of, dtype=np.float64)[among]
    if not values.size:
        return {"value": None, "low": None, "high": None, "n": 0}
    found = mean(of_rows(values, who[among]), binary=bool(np.all((values == 0) | (values == 1))))
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n}
