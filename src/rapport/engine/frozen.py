"""Says what an audit or a metric was fixed to before looking: its criterion and the declarations it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from rapport.core.audit import Audit
from rapport.core.canonical import digest
from rapport.core.declarations import Facts
from rapport.core.inputs import Input
from rapport.measures.catalogue import measures
from rapport.measures.compose import columns_used
from rapport.measures.parameters import parameters
from rapport.measures.query import Measure, in_order, tree
from rapport.record.calendar import CALENDAR

VIEW = frozenset({"as_of", "start", "record_start"})
HOURS = frozenset({"worked_before", "opens_1"})
PROMISE = "promise_"


def rests_on(inputs: Mapping[str, Input], facts: Facts) -> Mapping[str, Any]:
    """Return the declarations that the measures behind some inputs name: targets, promises, working time, currency.

    The period is none of them, nor are holidays and control totals: these are facts of a time, not criteria.
    """
    known = measures()
    below = [known[name] for name in in_order(frozenset(asked.measure for asked in inputs.values()), known)]
    named = sorted(frozenset().union(*(measure.parameters for measure in below)) - VIEW)
    values = parameters(facts)
    found: dict[str, Any] = {n: values[n] for n in named if not n.startswith(PROMISE) and values[n] is not None}
    if any(n.startswith(PROMISE) for n in named):
        for promise in facts.declared.promises:
            found[f"promise={promise.id}"] = {
                "measure": promise.measure,
                "target": promise.target,
                "share": promise.share,
                "segment": dict(promise.segment),
            }
    if any(_asks_for_hours(measure) for measure in below):
        calendar = facts.declared.calendar
        found["calendar"] = {
            "declared": calendar.declared,
            "timezone": calendar.timezone,
            "working_days": list(calendar.working_days),
            "working_hours": list(calendar.working_hours),
        }
    return found


@cache
def _asks_for_hours(measure: Measure) -> bool:
    """Tell whether a measure counts working time; of the calendar others take no more than the time zone."""
    return CALENDAR.name in measure.reads and not HOURS.isdisjoint(columns_used(tree(measure.sql)))


def frozen_hash(audit: Audit, facts: Facts) -> str:
    """Return the hash of what was fixed before looking: question, criteria, least effect, inputs and declarations."""
    return digest(
        {
            "audit": audit.id,
            "version": audit.version,
            "criteria": audit.criteria,
            "source": audit.source,
            "least_effect": audit.least_effect,
            "unit": audit.unit,
            "inputs": {name: repr(asked) for name, asked in audit.inputs.items()},
            "rests_on": rests_on(audit.inputs, facts),
        }
    )
