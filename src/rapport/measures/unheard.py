"""What the scores would be if those who were not asked, or did not answer, counted as much as those who did."""

from __future__ import annotations

from collections.abc import Iterator

from rapport.core.words import column, grouped
from rapport.measures.cells import Cells
from rapport.measures.explaining import less
from rapport.models.moments import Moments, added
from rapport.models.representativeness import Stratum, Weighted, weighted


def strata(answers: Cells, population: Cells, by: tuple[str, ...]) -> list[Stratum]:
    """Return the strata by some columns: how many should be heard and what was said; what is in none is one of its own.

    answers : the score of those who answered; population : a row for each who should have been heard.
    """
    nothing = Moments(0.0, 0.0, 0, 0.0, 0.0, 0.0)
    parts = [(m, answers.get(scope) or nothing) for scope, m in population.along(*by)]
    rest = population.total.n - sum(m.n for m, _ in parts)
    others = less(answers.total, added([said for _, said in parts]))
    found = [Stratum(m.n, said) for m, said in parts]
    return [*found, Stratum(rest, others)] if rest > 0 and others.n > 0 else found


def nps_of_all(promoters: Cells, asked: Cells, by: str) -> Iterator[str]:
    """Yield what the NPS would be if every stratum of those asked had answered equally often."""
    found = weighted(strata(promoters, asked, (by,)))
    if found is not None:
        new, old, change = _told(found, 1)
        instead = "as it is" if new == old else f"instead of {old}"
        yield (
            f"If all who were asked counted, by {column(by)}, the net promoter score would be {new} {instead} "
            f"({change})."
        )


def csat_of_all(satisfied: Cells, cases: Cells, by: tuple[str, ...]) -> Iterator[str]:
    """Yield which share would be satisfied if every stratum of the solved cases had answered equally often."""
    found = weighted(strata(satisfied, cases, by))
    if found is not None:
        new, old, change = _told(found, 100)
        instead = "as now" if new == old else f"instead of {old} %"
        yield (
            f"If all solved cases counted, by {' and '.join(column(b) for b in by)}, "
            f"{new} % would be satisfied {instead} ({change})."
        )


def _told(found: Weighted, times: float) -> tuple[str, str, str]:
    """Return both numbers and their change, with the fewest decimals with which the change is their difference."""
    c = found.change
    new, old, change = times * found.weighted, times * found.plain, times * c.value
    digits = next((d for d in (1, 2) if round(round(new, d) - round(old, d) - round(change, d), d) == 0), 3)
    low, high = (grouped(times * bound, digits) for bound in (c.low or 0.0, c.high or 0.0))
    said = f"a change of {grouped(change, digits)} points, 95 % between {low} and {high}"
    return grouped(new, digits), grouped(old, digits), said
