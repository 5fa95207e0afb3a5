"""Keeps groups of people out of sight that are so small that one could tell who they are."""

from __future__ import annotations

from dataclasses import replace

from rapport.core.outcome import Looked, Outcome
from rapport.core.words import grouped, plural


def shown_groups(outcome: Outcome, minimum: int) -> Outcome:
    """Return an outcome without the tests of places with fewer customers than `minimum`; how many is noted.

    Tests of everybody (an empty scope) stay, and so do tests about no customers at all.
    """
    if not isinstance(outcome, Looked):
        return outcome
    shown = tuple(t for t in outcome.tests if not t.scope or t.customers == 0 or t.customers >= minimum)
    hidden = len({tuple(sorted(t.scope.items())) for t in outcome.tests if t not in shown})
    if not hidden:
        return outcome
    places = plural(hidden, "place", "places")
    note = f"{grouped(hidden)} {places} with fewer than {minimum} customers cannot be shown."
    return replace(outcome, tests=shown, notes=(*outcome.notes, note))
