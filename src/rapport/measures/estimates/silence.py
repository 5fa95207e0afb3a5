"""Who has gone silent by their own rhythm, and how likely it is that they are gone."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from rapport.core.table import Type
from rapport.measures.estimate import ARROW_TYPES, CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.estimates.silence_backtest import ASKED

TAUGHT = tuple(f"feature_{k}" for k in range(1, 7))
FIELDS = (
    Field("row_id", Type.TEXT, "the customer"),
    Field("customer_id", Type.TEXT, "the customer"),
    Field("last_sign_at", Type.DAY, "the day of their last sign of life"),
    Field("silent_days", Type.NUMBER, "for how long they have been silent"),
    Field("own_gap_days", Type.NUMBER, "their usual gap; empty: no rhythm of their own (fewer than two gaps)"),
    Field("silence_p", Type.NUMBER, "the chance that who is still there is silent for so long"),
    Field(
        "left_p", Type.NUMBER, "the chance to be gone four weeks from now: no sign of life then for the whole horizon"
    ),
    Field("horizon_days", Type.COUNT, "the horizon: nineteen of twenty gaps end within it"),
    Field("pace", Type.NUMBER, "days with a sign of life in the last four weeks over those usual before"),
    Field("complained", Type.BOOL, "whether a complaint is on file"),
    Field("told", Type.BOOL, "whether they left with a word: their last contract ended"),
    Field("watched", Type.BOOL, "whether their silence can be judged"),
    Field("flagged", Type.BOOL, "whether they are among those to be worked this month"),
    Field("month", Type.DAY, "the month of the cut-off"),
)


@estimate(
    asks={
        "rhythms": Whole("rhythms", ASKED, "customer_id"),
        "past": Whole("silence_backtest", ("gone", *TAUGHT), "row_id"),
    },
    optional=("past",),
    fields=FIELDS,
)
def silence(known: Known) -> Made | CannotTell:
    """One row is a customer who gave a sign of life in the last year: whether their silence is still their rhythm.

    Each customer's rhythm is that of their own gaps between occasions, drawn to that of customers alike as far as few
    gaps say little (`models.rhythm`). `left_p` weighs the silence, the rhythm and the pace of late as the record's own
    past teaches it (`silence_backtest`); where too few went to teach it, the rhythm alone tells it. Who has a complaint
    on file or ended a contract does not leave without a word and is not flagged. Flagged are as many as the team can
    work in a month (`accounts_per_month`), else three in a hundred of those watched.
    """
    table, past = known.now()["rhythms"], known.now()["past"]
    import numpy as np

    from rapport.measures.silences import capacity, highest, horizon_of, quiet, weigh

    here = quiet(table) if table is not None and table.num_rows else None
    horizon = horizon_of(here.gaps) if here else None
    if here is None or table is None or horizon is None:
        return CannotTell("Customers gave too few signs of life to know a rhythm: thirty gaps between two are needed.")
    weights = None
    if past is not None and past.num_rows:
        taught = np.stack([past[name].to_numpy() for name in TAUGHT], axis=1)
        weights = weigh(taught, past["gone"].to_numpy(zero_copy_only=False).astype(np.bool_))
    left = np.where(here.own, weights.chance(here.features), here.gone_p(horizon)) if weights else here.gone_p(horizon)
    left = np.where(here.gaps.silence >= horizon, np.maximum(left, here.gone_p(horizon)), left)
    left = np.where(here.told, 1.0, left)
    watched = here.watched(float(horizon))
    declared = known.facts.declared.economics.accounts_per_month
    flagged = highest(left, watched, capacity(declared, int(watched.sum())))
    n, month = table.num_rows, (known.facts.as_of - timedelta(microseconds=1)).date().replace(day=1)
    columns = {
        "row_id": here.ids,
        "customer_id": here.ids,
        "last_sign_at": table["last_day"],
        "silent_days": here.gaps.silence,
        "own_gap_days": pa.array(here.own_gap, mask=~here.own),
        "silence_p": here.silence_p,
        "left_p": left,
        "horizon_days": np.full(n, horizon),
        "pace": np.exp(here.features[:, 4]),
        "complained": here.complained,
        "told": here.told,
        "watched": watched,
        "flagged": flagged,
        "month": pa.array([month] * n, pa.date32()),
    }
    made = {}
    for f in FIELDS:
        column = columns[f.name]
        made[f.name] = (
            column.cast(ARROW_TYPES[f.type]) if hasattr(column, "cast") else pa.array(column, ARROW_TYPES[f.type])
        )
    said = {
        "horizon_days": horizon,
        "family": here.rhythm.family.name,
        "watched": int(watched.sum()),
        "flagged": int(flagged.sum()),
        "learned": weights is not None,
    }
    return Made(pa.table(made), said)
