"""Computes the metrics that people quote, each with its definition, interval, n and query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from zoneinfo import ZoneInfo

from rapport.core.audit import Definition
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.core.outcome import NotAssessable
from rapport.core.run import DefinitionText, MetricValue, TrendPoint
from rapport.engine.asking import Asker
from rapport.engine.frozen import rests_on
from rapport.measures.cells import Cells, Totals
from rapport.models.clustered import mean

LEAST_CUSTOMERS = 10


def measured(definition: Definition, asker: Asker, facts: Facts) -> tuple[MetricValue, ...]:
    """Return a metric's values: one, or one per segment; without enough rows None and the reason."""
    answers = asker.gather(definition.inputs, definition.needs, definition.optional)
    if isinstance(answers, NotAssessable):
        return (without(definition, answers.reason),)
    found = definition.compute(**answers, facts=facts)
    if found is None:
        return (without(definition, f"There are fewer than {definition.least_n} cases."),)
    sql = _printed(definition, asker)
    if isinstance(found, Mapping):
        return tuple(_value(definition, i, segment, (), sql) for segment, i in sorted(found.items()))
    return (_value(definition, found, "", _trend(definition, answers, facts), sql),)


def _printed(definition: Definition, asker: Asker) -> str:
    """Return the first query behind the metric, as pasted."""
    asked = next(iter(definition.inputs.values()), None)
    return asker.database.printed(asker.database.query(asked)) if asked is not None else ""


def without(definition: Definition, reason: str) -> MetricValue:
    """Return a metric that has no value, with the reason."""
    return MetricValue(
        definition.id,
        definition.name,
        definition.label,
        definition.version,
        definition.unit,
        None,
        None,
        None,
        0,
        reason=reason,
    )


def _value(definition: Definition, i: Interval, segment: str, trend: tuple[TrendPoint, ...], sql: str) -> MetricValue:
    return MetricValue(
        definition.id,
        definition.name,
        definition.label,
        definition.version,
        definition.unit,
        i.value,
        i.low,
        i.high,
        i.n,
        segment=segment,
        trend=trend,
        sql=sql,
    )


def _trend(definition: Definition, answers: Mapping[str, object], facts: Facts) -> tuple[TrendPoint, ...]:
    """Return the metric month by month, where one of its inputs is cut by month: a mean, or totals named value and n.

    Totals of a month that lies only partly in the period are left out: they would look like a fall. A month of which
    only the hours are missing by which the company's clock is ahead of UTC is whole.
    """
    if definition.trend_input is None:
        return ()
    cells = answers.get(definition.trend_input)
    if isinstance(cells, Totals):
        ends = facts.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(facts.declared.company.timezone))
        return tuple(
            TrendPoint(scope["month"][:7], float(v["value"]), None, None, int(v["n"]))
            for scope, v in cells.along("month")
            if v["value"] is not None and f"{facts.start:%Y-%m-%d}" <= scope["month"] < f"{ends:%Y-%m-01}"
        )
    asked = definition.inputs[definition.trend_input]
    if not isinstance(cells, Cells) or not isinstance(asked, Breakdown):
        return ()
    points = []
    for scope, moments in cells.along("month"):
        if moments.g >= LEAST_CUSTOMERS:
            i = mean(moments)
            points.append(TrendPoint(scope["month"][:7], i.value, i.low, i.high, i.n))
    return tuple(points)


def definition_text(definition: Definition, facts: Facts) -> DefinitionText:
    """Return a definition as it is printed in the report."""
    return DefinitionText(
        definition.id,
        definition.version,
        definition.name,
        definition.unit,
        definition.formula,
        definition.inclusion,
        definition.missing,
        definition.least_n,
        definition.interval,
        definition.source,
        rests_on(definition.inputs, facts),
    )
