"""Runs the risk of leaving at earlier moments and judges it beside simpler ways to tell who leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rapport.core.interval import Interval
from rapport.measures.leaving_features import SHOP
from rapport.measures.leaving_kinds import FEATURES
from rapport.measures.leaving_lesson import Lesson, bools, colours
from rapport.measures.leaving_past import JUDGED, Bools, Floats, Ints, numbers
from rapport.models.foretold import Judged, edges_at, interval, listed, on_list
from rapport.models.leaving import LEAST_LEAVERS, Past, learn
from rapport.models.proportions import wilson
from rapport.models.rfm import scores

ALARMS = 0.10
"""False alarms among those who stay at which the lead time is told."""
BINS = 10
LEAST_HELD = 30
"""Fewer customers held back are no holdout."""
YEAR = 364
RECENCY_PRIOR = 0.5


@dataclass(frozen=True, eq=False)
class Back:
    """What was foretold at the earlier moments; arrays over the rows judged.

    rows : places in the lesson; moved : what each feature added to the log odds; slopes : the newest coefficients;
    baselines : scores by name.
    """

    lesson: Lesson
    rows: Ints
    left: Bools
    who: Ints
    when: Ints
    risk: Floats
    recency: Floats
    moved: Floats
    slopes: Floats
    baselines: Mapping[str, Floats]


def looked_back(lesson: Lesson) -> Back | None:
    """Return what the model would have said at earlier moments; None where none had thirty leavers to learn from."""
    past = lesson.past
    rows: list[Ints] = []
    risk, recency, moved, slopes = [], [], [], []
    for place in range(len(lesson.origins) - 1, -1, -1):
        before = lesson.known_by(lesson.origins[place])
        taught = past.some(before)
        if len(rows) == JUDGED or taught.leavers < LEAST_LEAVERS:
            break
        mine = np.flatnonzero(past.when == place)
        model = lesson.taught(lesson.origins[place])
        rows.append(mine)
        risk.append(model.risk(past.rows[mine])[0])
        moved.append(model.contributions(past.rows[mine]))
        slopes.append(model.coefficients)
        recency.append(_by_recency(lesson, before, mine))
    if not rows:
        return None
    at = np.concatenate(rows)
    return Back(
        lesson,
        at,
        past.left[at],
        past.who[at],
        past.when[at],
        np.concatenate(risk),
        np.concatenate(recency),
        np.concatenate(moved),
        slopes[0],
        _baselines(lesson, at),
    )


def _by_recency(lesson: Lesson, before: Bools, mine: Ints) -> Floats:
    """Return the risk told from the time since the last sign of life alone, learned from the same moments."""
    column = np.sqrt(np.maximum(numbers(lesson.table, _recency(lesson)), 0.0))[:, None]
    past = lesson.past
    alone = Past(column[before], past.left[before], past.who[before], past.when[before])
    return learn(alone, np.array([RECENCY_PRIOR])).risk(column[mine])[0]


def _recency(lesson: Lesson) -> str:
    return "silent_days" if lesson.kind == SHOP else "alive_days"


def _baselines(lesson: Lesson, at: Ints) -> dict[str, Floats]:
    """Return simpler scores, higher for who is likelier to leave."""
    table = lesson.table.take(at)
    names = ("purchases", "paid") if lesson.kind == SHOP else ("used_28", "mrr")
    silent = numbers(table, _recency(lesson))
    often, much = (np.nan_to_num(numbers(table, name)) for name in names)
    when = lesson.past.when[at]
    rfm = np.zeros(at.size)
    for moment in np.unique(when):
        mine = when == moment
        rfm[mine] = -(scores(silent[mine], False) + scores(often[mine]) + scores(much[mine]))
    said = numbers(table, "last_score")
    found = {"recency": silent, "rfm": rfm}
    if np.isfinite(said).any():
        found["last_answer"] = -np.where(np.isfinite(said), said, np.nanmean(said))
    return found


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is said of the backtest.

    on : share of each row that was on the list; lift_low : of the list's lift; better : whether the list beats one
    drawn at random, and both its order and its lift those of recency alone, each with its whole interval.
    """

    back: Back
    on: Floats
    colour: Ints
    lift_low: float
    better: bool
    said: Mapping[str, Any]


def judge(back: Back, share: float, seed: int) -> Judgement:
    """Return how right it was; `share` of the customers can be worked within the horizon."""
    judged = Judged.of(back.left, back.who, back.when, seed)
    people = judged.draws.shape[1]

    def around(samples: Floats) -> Mapping[str, Any]:
        return plain(interval(samples, people))

    on = listed(back.risk, back.when, share)
    held, alone = on_list(judged, on), on_list(judged, listed(back.baselines["recency"], back.when, share))
    area, recency = judged.auc(back.risk), judged.auc(back.baselines["recency"])
    others = {name: around(judged.auc(score)) for name, score in back.baselines.items() if name != "recency"}
    lift = interval(held.lift, people)
    beyond = interval(area - recency, people), interval(held.lift - alone.lift, people)
    lesson = back.lesson
    origins = [lesson.origins[i] for i in np.unique(back.when)]
    seen = (origins[-1] - origins[0]).days + lesson.horizon
    said = {
        "kind": lesson.kind,
        "horizon_days": lesson.horizon,
        "origins": [one.date().isoformat() for one in origins],
        "seasons": "a year" if seen >= YEAR and len(origins) >= JUDGED else "one season only",
        "rows": int(back.left.size),
        "customers": people,
        "leavers": int(np.unique(back.who[back.left]).size),
        "base": float(back.left.mean()),
        "capacity_share": share,
        "auc": around(area),
        "auc_baselines": {"recency": around(recency), **others, "chance": 0.5},
        "auc_above_recency": plain(beyond[0]),
        "lift": plain(lift),
        "lift_recency": around(alone.lift),
        "lift_above_recency": plain(beyond[1]),
        "precision": around(held.precision),
        "precision_recency": around(alone.precision),
        "recall": around(held.recall),
        "calibration": _calibration(back),
        "lead": _lead(back),
        "missed": _missed(back),
    }
    low = float(lift.low if lift.low is not None else 0.0)
    better = low > 1 and all(one.low is not None and one.low > 0 for one in beyond)
    return Judgement(back, on, _colours(back, on), low, better, said)


def plain(found: Interval) -> Mapping[str, Any]:
    """Return an interval as it stands in the document."""
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n}


def _colours(back: Back, on: Floats) -> Ints:
    found = np.zeros(back.rows.size, dtype=np.int64)
    for moment in np.unique(back.when):
        mine = back.when == moment
        mean = float(back.risk[mine].mean())
        odds = back.risk[mine] / np.maximum(1 - back.risk[mine], 1e-12)
        found[mine] = colours(odds / (mean / max(1 - mean, 1e-12)), on[mine])
    return found


def _calibration(back: Back) -> Mapping[str, Any]:
    """Return foretold and observed shares by tenths of the risk, of those who were held back where there are enough."""
    table = back.lesson.table.take(back.rows)
    treated, held = bools(table, "treated"), bools(table, "held")
    used = held if held.sum() >= LEAST_HELD else np.ones(held.size, dtype=np.bool_)
    risk, left = back.risk[used], back.left[used]
    order = np.argsort(risk, kind="stable")
    bins = []
    for part in np.array_split(order, BINS):
        if part.size:
            seen = wilson(int(left[part].sum()), int(part.size))
            bins.append({"foretold": float(risk[part].mean()), "observed": plain(seen)})
    return {
        "on": "those held back"
        if held.sum() >= LEAST_HELD
        else "all, those treated among them"
        if treated.any()
        else "all",
        "treated": int(treated.sum()),
        "held_back": int(held.sum()),
        "foretold": float(risk.mean()),
        "observed": float(left.mean()),
        "bins": bins,
    }


def _lead(back: Back) -> Mapping[str, Any]:
    """Return, at a fixed share of false alarms, how long before their last sign of life leavers were flagged."""
    caught = back.left & (back.risk > edges_at(back.risk, back.left, back.when, ALARMS))
    lead = numbers(back.lesson.table.take(back.rows), "lead_days")[caught]
    lead = lead[np.isfinite(lead)]
    return {
        "false_alarms": ALARMS,
        "recall": float(caught.sum() / max(int(back.left.sum()), 1)),
        "leavers_flagged": int(caught.sum()),
        "median_days": float(np.median(lead)) if lead.size else None,
        "before_last_sign_share": float((lead > 0).mean()) if lead.size else None,
    }


def _missed(back: Back) -> Mapping[str, Any]:
    """Return who left unflagged at that share of false alarms, and what the record showed of them."""
    missed = back.left & (back.risk <= edges_at(back.risk, back.left, back.when, ALARMS))
    features = FEATURES[back.lesson.kind]
    showed: list[Mapping[str, Any]] = []
    if missed.any():
        moved, known = back.moved[missed], back.lesson.known(back.lesson.table.take(back.rows[missed]))
        order: Sequence[int] = np.argsort(moved[:, : len(features)].mean(axis=0), kind="stable").tolist()
        for i in [i for i in order if features[i].more and moved[:, i].mean() < 0][:3]:
            calming = moved[:, i] < 0
            words = features[i].less if back.slopes[i] > 0 else features[i].more
            if (shown := features[i].shown) is not None:
                number = round(float(np.nanmedian(shown(known)[calming])))
                words = words.format(f"{number} {features[i].unit}".strip())
            showed.append({"sign": features[i].id, "words": words, "share": float(calming.mean())})
    return {
        "customers": int(np.unique(back.who[missed]).size),
        "of": int(np.unique(back.who[back.left]).size),
        "showed": showed,
    }
