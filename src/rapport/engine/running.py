"""Runs audits, metrics and comparisons one by one; what goes wrong in one of them is a result of that one alone."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from rapport.core.audit import Audit, Definition
from rapport.core.comparison import Comparison
from rapport.core.declarations import Facts
from rapport.core.inputs import Input
from rapport.core.outcome import Errored, Looked, NotAssessable, Outcome
from rapport.core.run import MetricValue
from rapport.engine.asking import Asker
from rapport.engine.estimating import StoppedError
from rapport.engine.measuring import measured, without
from rapport.engine.protection import shown_groups
from rapport.engine.registry import Registry
from rapport.measures.conventions import COMPARISONS

Progress = Callable[[str, float], None]
T = TypeVar("T")


def all_inputs(registry: Registry) -> Iterator[Input]:
    """Yield everything that audits, metrics and comparisons ask for."""
    for asked in (one.inputs for known in (registry.audits, registry.metrics) for one in known.values()):
        yield from asked.values()
    for compared in COMPARISONS:
        yield from compared.inputs.values()


def all_outcomes(registry: Registry, asker: Asker, facts: Facts, progress: Progress) -> dict[str, Outcome]:
    """Return how every audit ends, in the order of the registry."""
    outcomes: dict[str, Outcome] = {}
    for i, (name, one) in enumerate(registry.audits.items()):
        progress("asking", i / len(registry.audits))
        outcomes[name] = shown_groups(run_audit(one, asker, facts), facts.declared.privacy.minimum_group)
        asker.answered(one.inputs.values())
    return outcomes


def run_audit(one: Audit, asker: Asker, facts: Facts) -> Outcome:
    """Run one audit on what it declared; columns that are empty lose their breakdowns, which is noted."""

    def run() -> Outcome:
        answers = asker.gather(one.inputs, one.needs, one.optional)
        if isinstance(answers, NotAssessable):
            return answers
        left_out = tuple(dict.fromkeys(c for asked in one.inputs.values() for c in asker.left_out(asked)))
        outcome = one.run(**answers, facts=replace(facts, left_out=left_out))
        if isinstance(outcome, Looked) and left_out:
            said = f"Not broken down by {', '.join(c.replace('_', ' ') for c in left_out)}: the record does not say."
            return replace(outcome, notes=(*outcome.notes, said))
        return outcome

    return guarded(run, Errored)


def all_metrics(registry: Registry, asker: Asker, facts: Facts) -> tuple[MetricValue, ...]:
    """Return the values of every metric; one that crashes has no value and says why."""
    values: list[MetricValue] = []
    for definition in registry.metrics.values():
        values += guarded(partial(measured, definition, asker, facts), partial(_unmeasured, definition))
        asker.answered(definition.inputs.values())
    return tuple(values)


def _unmeasured(definition: Definition, reason: str, trace: str) -> tuple[MetricValue, ...]:
    return (without(definition, reason),)


def all_comparisons(asker: Asker, facts: Facts, failed: Callable[[str, str], None]) -> tuple[Mapping[str, Any], ...]:
    """Return the same things under several definitions, side by side, as far as the record allows.

    failed : told the id of a comparison that crashes, and why.
    """
    found = (
        guarded(partial(_compared, one, asker, facts), partial(_uncompared, one.id, failed)) for one in COMPARISONS
    )
    return tuple(one for one in found if one is not None)


def _compared(one: Comparison, asker: Asker, facts: Facts) -> Mapping[str, Any] | None:
    answers = asker.gather(one.inputs, one.needs, one.optional)
    return None if isinstance(answers, NotAssessable) else one.compute(answers, facts)


def _uncompared(name: str, failed: Callable[[str, str], None], reason: str, trace: str) -> None:
    failed(name, reason)


def guarded(run: Callable[[], T], crashed: Callable[[str, str], T]) -> T:
    """Return what `run` gives, or what `crashed` makes of the reason and the trace."""
    try:
        return run()
    except StoppedError as problem:
        return crashed(str(problem), traceback.format_exc())
    except Exception as problem:  # noqa: BLE001 - the one place where a crash becomes a result
        return crashed(f"It stopped with {type(problem).__name__}: {problem}", traceback.format_exc())
