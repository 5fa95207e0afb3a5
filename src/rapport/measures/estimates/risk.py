"""How likely each customer is to leave: learned from this company's own past, with a colour where a list helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import expit

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.leaving_features import CONTRACT, SHOP
from rapport.measures.leaving_kinds import FEATURES, matrix
from rapport.measures.leaving_lesson import (
    BANDS,
    PAST_COLUMNS,
    REASONS,
    RED_ODDS,
    STAGES,
    WORKED,
    YELLOW_ODDS,
    Lesson,
    bools,
    capacity,
    colours,
    reasons,
    stages,
)
from rapport.measures.leaving_past import SIGNS, Floats, Horizons, Ints, can_leave, horizons_of
from rapport.models.foretold import listed
from rapport.models.leaving import LEAST_LEAVERS, Leaving, shifted

AUDITS_APART = 30
"""Days between this audit and the earlier one that has to agree before a colour changes."""
LEAST_RECORD = 60
"""Days of record before the earlier audit, below which there was none."""


@estimate(
    asks={
        "signs": Whole("leaving_signs", ("customer_id", "kind", "plan", *SIGNS), order="customer_id"),
        "gaps": Whole("return_gaps", ("typical_days", "slow_days", "record_days"), order="row_id"),
        "learning": Whole("risk_learning", PAST_COLUMNS, order="row_id"),
        "judged": Whole("risk_backtest", ("DISTINCT kind", "lift_low", "better"), order="kind"),
    },
    optional=("signs", "gaps", "learning", "judged"),
    fields=(
        Field("row_id", Type.TEXT, "the customer"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("stage", Type.TEXT, "new (younger than a typical gap), one-time, repeat, or contract"),
        Field("horizon_days", Type.NUMBER, "days within which leaving is foretold"),
        Field("risk", Type.NUMBER, "probability of leaving within the horizon"),
        Field("risk_low", Type.NUMBER, "lower limit of the 95 % interval"),
        Field("risk_high", Type.NUMBER, "upper limit"),
        Field("risk_half", Type.NUMBER, "probability of leaving within half of the horizon"),
        Field("risk_double", Type.NUMBER, "probability of leaving within twice of it"),
        Field("odds_ratio", Type.NUMBER, "odds of leaving over those of the average customer of the kind"),
        Field("band", Type.TEXT, "red, yellow or green; empty: no colours, or too new for two audits"),
        *(Field(f"reason_{i}", Type.TEXT, "what moves the risk most, in words") for i in range(1, REASONS + 1)),
    ),
)
def risk(known: Known) -> Made | CannotTell:
    """One row is a customer who could leave: how likely it is within the horizon, and why.

    A customer of a shop leaves by buying nothing within the horizon, the time within which nine in ten of those who
    buy again do so (at most a third of the record); one with a contract when it ends, within a quarter. Who has been
    silent for three horizons has left, and who is bound by a renewal beyond the horizon cannot: they have no row.

    The risk is learned from earlier moments of this record (see `risk_learning`), each as it was known then: a logistic
    regression drawn to what experts expect. Under 30 leavers only their share comes from the record. New customers and
    those who bought once have no rhythm of their own: theirs is the chance that customers alike had. It is a forecast
    and no judgement: outreach goes to those at risk, and health is another number.

    Red is who is on the list that the team can work within the horizon (`accounts_per_month`; a tenth of the customers
    a month where it is not declared) with at least three times the odds of the average; yellow has at least one and a
    half times. A colour changes when this audit and one thirty days earlier agree; until then the earlier one's stands.
    There are no colours where `risk_backtest` does not show that such a list beats one drawn at random, and that the
    risk foresees better than recency alone.
    """
    now = known.now()
    signs = now["signs"]
    if signs is None or not signs.num_rows:
        return CannotTell("Nobody bought or had a contract.")
    ahead = horizons_of(now["gaps"], signs, known.facts)
    judged = now["judged"]
    shown = {one["kind"]: one for one in judged.to_pylist()} if judged is not None else {}
    chosen = {kind: can_leave(signs, kind, ahead) for kind in (SHOP, CONTRACT) if ahead.of(kind)}
    customers = sum(int(one.sum()) for one in chosen.values())
    parts, said = [], []
    for kind, mine in chosen.items():
        if not mine.any():
            continue
        lesson = Lesson.of(now["learning"], kind, ahead, signs)
        share = capacity(known.facts.declared.economics.accounts_per_month, lesson.horizon, customers)
        scored = Scored.of(lesson, signs.filter(pa.array(mine)).combine_chunks(), known.facts.as_of, share)
        why = _no_colours(shown.get(kind))
        colour = None if why else _steady(scored, _before(known, lesson, ahead, share))
        parts.append(scored.table(colour))
        said.append(scored.said(colour, why))
    if not parts:
        return CannotTell("Nobody is left who could leave.")
    return Made(pa.concat_tables(parts), {"models": said})


def _before(known: Known, lesson: Lesson, ahead: Horizons, share: float) -> Scored | None:
    """Return what an audit thirty days earlier would have said, None where there was no record yet."""
    moment = datetime.combine((known.facts.as_of - timedelta(days=AUDITS_APART)).date(), time())
    if moment - timedelta(days=LEAST_RECORD) < known.facts.record_start:
        return None
    signs = known.at(moment)["signs"]
    if signs is None or not signs.num_rows:
        return None
    mine = can_leave(signs, lesson.kind, ahead)
    return Scored.of(lesson, signs.filter(pa.array(mine)).combine_chunks(), moment, share) if mine.any() else None


def _steady(scored: Scored, before: Scored | None) -> Ints:
    """Return the colours: where the two audits differ, the earlier one's; −1 for who was not there then."""
    nobody = np.full(len(scored.signs), -1, dtype=np.int64)
    if before is None:
        return nobody
    found = pc.index_in(scored.signs["customer_id"], before.signs["customer_id"])
    place = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
    there = np.isfinite(place)
    return np.where(there, before.colour[np.where(there, place, 0).astype(np.int64)], nobody)


@dataclass(frozen=True, eq=False)
class Scored:
    """Customers of one kind with their risk as of one moment."""

    lesson: Lesson
    model: Leaving
    signs: pa.Table
    rows: Floats
    risk: Floats
    low: Floats
    high: Floats
    odds_ratio: Floats
    colour: Ints

    @classmethod
    def of(cls, lesson: Lesson, signs: pa.Table, moment: datetime, share: float) -> Scored:
        """Return the risk of these customers by what could be learned by a moment."""
        rows = matrix(lesson.known(signs), lesson.kind)
        model = lesson.taught(moment, rows)
        risk, low, high = model.risk(rows)
        mean = float(risk.mean())
        ratio = (risk / np.maximum(1 - risk, 1e-12)) / (mean / max(1 - mean, 1e-12))
        on = listed(risk, np.zeros(risk.size, dtype=np.int64), share)
        return cls(lesson, model, signs, rows, risk, low, high, ratio, colours(ratio, on))

    def table(self, colour: Ints | None) -> pa.Table:
        """Return the rows of the estimate."""
        known = self.lesson.known(self.signs)
        customer = self.signs["customer_id"].combine_chunks()
        half, double = self._sooner_and_later()
        names = np.array([*BANDS, None], dtype=object)
        bands = names[colour] if colour is not None else np.full(len(customer), None, dtype=object)
        stage = np.array(STAGES, dtype=object)[stages(known, self.lesson.kind)]
        columns: dict[str, Any] = {
            "row_id": customer,
            "customer_id": customer,
            "stage": pa.array(stage, pa.string()),
            "horizon_days": np.full(len(customer), self.lesson.horizon),
            "risk": self.risk,
            "risk_low": self.low,
            "risk_high": self.high,
            "risk_half": half,
            "risk_double": double,
            "odds_ratio": self.odds_ratio,
            "band": pa.array(bands, pa.string()),
        }
        said = reasons(self.model, self.rows, known, self.lesson.kind, self.lesson.plans)
        return pa.table(columns | {f"reason_{i}": one for i, one in enumerate(said, start=1)})

    def _sooner_and_later(self) -> tuple[Floats, Floats]:
        """Return the risk within half and within twice of the horizon: the same score, on another scale."""
        past, odds = self.lesson.past, self.model.odds(self.rows)
        found = []
        for name in ("left_half", "left_double"):
            if not past.left.size:
                found.append(np.full(odds.size, np.nan))
                continue
            rows = pc.is_valid(self.lesson.table[name]).to_numpy(zero_copy_only=False).astype(np.bool_)
            level, slope = shifted(self.model.odds(past.rows[rows]), bools(self.lesson.table, name)[rows])
            found.append(expit(level + slope * odds) if rows.any() else np.full(odds.size, np.nan))
        half, double = found
        if self.lesson.kind == CONTRACT:
            return np.fmin(half, self.risk), np.fmax(double, self.risk)
        return np.fmax(half, self.risk), np.fmin(double, self.risk)

    def said(self, colour: Ints | None, why: str | None) -> Mapping[str, Any]:
        """Return what stands in the document: the model in the shape of all models, and the colours."""
        lesson, model = self.lesson, self.model
        names = [*(one.id for one in FEATURES[lesson.kind]), *lesson.plans]
        told = np.isfinite(model.scale)
        expert = not np.isfinite(model.strength)
        what = "bought nothing" if lesson.kind == SHOP else "contract ended"
        return {
            "name": f"risk of leaving, {lesson.kind}",
            "target": f"{what} within {lesson.horizon:.0f} days",
            "parameters": {
                "level": model.level,
                **{n: float(b) for n, b, known in zip(names, model.coefficients, told, strict=True) if known},
            },
            "prior": {n: float(b) for n, b, known in zip(names, model.prior, told, strict=True) if known},
            "absent": [n for n, known in zip(names, told, strict=True) if not known],
            "strength": None if expert else model.strength,
            "level_between_moments_sd": model.drift,
            "log_likelihood": None if expert else model.log_likelihood,
            "n": int(lesson.past.left.size),
            "leavers": model.leavers,
            "leavers_needed": LEAST_LEAVERS,
            "chosen": True,
            "holdout": {},
            "customers": int(self.risk.size),
            "mean_risk": float(self.risk.mean()),
            "bands": None if colour is None else {b: int((colour == i).sum()) for i, b in enumerate(BANDS)},
            "bands_rest_on": {"red_odds": RED_ODDS, "yellow_odds": YELLOW_ODDS, "worked_a_month": WORKED},
            "no_colours": why,
        }


def _no_colours(judged: Mapping[str, Any] | None) -> str | None:
    """Return why the backtest does not bear colours, None where it does."""
    if judged is None:
        return "There is no backtest: the record is too young, or too few have left."
    if not judged["lift_low"] > 1:
        return "In the backtest the list is not shown to beat one drawn at random."
    if not judged["better"]:
        return "In the backtest the risk is not shown to foresee better than the time without a sign of life alone."
    return None
