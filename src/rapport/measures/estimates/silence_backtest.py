"""Who had gone silent at earlier moments, who of them was gone, and whom each way of looking would have flagged."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.table import Type
from rapport.measures.estimate import ARROW_TYPES, CannotTell, Field, Known, Made, Whole, estimate

ASKED = (
    "customer_id",
    "last_day",
    "silent_days",
    "seen_days",
    "gaps",
    "mean_log",
    "square_log",
    "total",
    "days_7",
    "days_28",
    "days_91",
    "days_all",
    "complained",
    "told",
)
JUDGED = 6
"""Moments at most by which the flagging is judged, beside those that only teach."""
RHYTHM_DAYS = 182
"""Days of record that must lie before a moment, and, but for four weeks, between it and the first sign of life."""
FIELDS = (
    Field("row_id", Type.TEXT, "moment and customer"),
    Field("customer_id", Type.TEXT, "the customer"),
    Field("origin", Type.DAY, "the moment: nothing from this day on was known"),
    Field("month", Type.DAY, "its month"),
    Field("horizon_days", Type.COUNT, "in how many days a sign of life should come"),
    Field("judged", Type.BOOL, "whether it was flagged by what earlier moments had taught"),
    Field("gone", Type.BOOL, "whether, from four weeks later on, no sign of life came for the whole horizon"),
    Field(
        "silently", Type.BOOL, "whether their last sign of life was in the four weeks before, and no word came since"
    ),
    Field("chance", Type.NUMBER, "the chance of that, as it was told then"),
    Field("flagged", Type.BOOL, "whether it was among the highest chances, as many as can be worked in a month"),
    Field("three_gaps", Type.BOOL, "whether as many by silence over the customer's mean gap would have held it"),
    Field("recency", Type.BOOL, "whether as many by silence alone would have held it"),
    Field("silent_days", Type.NUMBER, "for how long they had been silent"),
    Field("own_gap_days", Type.NUMBER, "their usual gap"),
    Field(
        "lead_days",
        Type.NUMBER,
        "how much sooner it was known than by waiting until they were silent so long; of hits alone",
    ),
    Field("lead_gaps", Type.NUMBER, "the same in their usual gaps"),
    Field("feature_1", Type.NUMBER, "logarithm of the silence"),
    Field("feature_2", Type.NUMBER, "logarithm of the usual gap"),
    Field("feature_3", Type.NUMBER, "how surprising the silence is by their own rhythm (−log of its probability)"),
    Field("feature_4", Type.NUMBER, "pace of the last week against before, logarithm"),
    Field("feature_5", Type.NUMBER, "pace of the last four weeks against before, logarithm"),
    Field("feature_6", Type.NUMBER, "pace of the last quarter against before, logarithm"),
)


@estimate(
    asks={"rhythms": Whole("rhythms", (*ASKED, "part"), "customer_id", where="learned_from")},
    fields=FIELDS,
)
def silence_backtest(known: Known) -> Made | CannotTell:
    """One row is a customer watched at an earlier moment: whether they were gone, and who would have been flagged.

    Every four weeks back, as the record was known then: watched is who has a rhythm of their own (at least two gaps),
    is not silent for the whole horizon yet, has no complaint on file and no contract that ended. Gone is who, from four
    weeks after the moment on, gave no sign of life for the whole horizon, the time in which nineteen of twenty gaps of
    such customers end. Flagged are the highest chances, as many as the team can work in a month (`accounts_per_month`,
    else three in a hundred); as many are flagged by silence over the own mean gap ("three times their usual gap" is a
    threshold on it) and by silence alone. The chance weighs the silence, the own rhythm and the pace of late as earlier
    moments taught it, those of which the outcome was known by then.
    """
    now = known.now()["rhythms"]
    from rapport.measures.silences import STEP, gaps_known, horizon_of
    from rapport.measures.silences_past import looks, said_of, seen_by_the_oldest

    horizon = horizon_of(gaps_known(now)) if now is not None else None
    if now is None or horizon is None:
        return CannotTell("Customers gave too few signs of life to know a rhythm: thirty gaps between two are needed.")
    ahead, part = horizon // STEP, now["part"][0].as_py()
    tables = [now]
    for back in range(1, 2 * (ahead + 1) + JUDGED + 1):
        moment = known.facts.as_of - timedelta(days=back * STEP)
        if moment - known.facts.record_start < timedelta(days=RHYTHM_DAYS):
            break
        table = known.at(moment, part)["rhythms"]
        if table is None or not table.num_rows or pc.max(table["seen_days"]).as_py() < RHYTHM_DAYS - STEP:
            break
        tables.append(table)
    views = seen_by_the_oldest(tables)
    found = [one for one in looks(views, ahead, known.facts.declared.economics.accounts_per_month) if one.watched.size]
    if not found:
        return CannotTell(
            f"The record is too short to look back: it takes half a year and {horizon + STEP} days after it.",
            horizon + STEP + RHYTHM_DAYS,
        )
    parts = []
    for place, one in enumerate(found):
        origin = (known.facts.as_of - timedelta(days=(ahead + 1 + place) * STEP)).date()
        parts.append(_rows(one, origin, horizon))
    return Made(pa.concat_tables(parts), {"backtest": said_of(found, horizon)})


def _rows(one: object, origin: object, horizon: int) -> pa.Table:
    """Return one moment as rows of the table."""
    import numpy as np

    from rapport.measures.silences import STEP
    from rapport.measures.silences_past import RECENCY, THREE_GAPS, Look

    assert isinstance(one, Look)
    then, watched = one.then, one.watched
    n, ids = watched.size, then.ids.take(pa.array(watched))
    silence, own_gap = then.gaps.silence[watched], then.own_gap[watched]
    hit = one.gone & one.flagged[""]
    lead = np.where(hit, horizon + STEP - silence, np.nan)
    day = pa.scalar(origin, pa.date32())
    columns = {
        "row_id": pa.array([f"{origin}/{c}" for c in ids.to_pylist()]),
        "customer_id": ids,
        "origin": pa.array([day.as_py()] * n, pa.date32()),
        "month": pa.array([day.as_py().replace(day=1)] * n, pa.date32()),
        "horizon_days": np.full(n, horizon),
        "judged": np.full(n, one.judged),
        "gone": one.gone,
        "silently": one.silently,
        "chance": one.chance,
        "flagged": one.flagged[""],
        "three_gaps": one.flagged[THREE_GAPS],
        "recency": one.flagged[RECENCY],
        "silent_days": silence,
        "own_gap_days": own_gap,
        "lead_days": lead,
        "lead_gaps": lead / own_gap,
        **{f"feature_{k + 1}": then.features[watched, k] for k in range(then.features.shape[1])},
    }
    return pa.table({f.name: pa.array(columns[f.name], ARROW_TYPES[f.type]) for f in FIELDS})
