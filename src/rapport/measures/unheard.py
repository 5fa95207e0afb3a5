"""What the scores would be if those who were not asked, or did not answer, counted as much as those who did."""

from __future__ import annotations

from collections.abc import Iterator

from rapport.core.words import grouped, share
from rapport.measures.cells import Cells
from rapport.measures.explaining import less
from rapport.models.moments import Moments, added
from rapport.models.representativeness import Stratum, Weighted, weighted

STRATA = {
    "afterwards": "what they did afterwards",
    "experience": "how it went",
    "last_time": "their answer before",
    "lately": "how active they were",
    "acquisition_channel": "acquisition channel",
}


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
        yield (
            f"If all who were asked counted, by {STRATA.get(by, by)}, the net promoter score would be "
            f"{grouped(found.weighted, 1)} instead of {grouped(found.plain, 1)} ({_change(found, 1, 'points')})."
        )


def csat_of_all(satisfied: Cells, cases: Cells, by: tuple[str, ...]) -> Iterator[str]:
    """Yield which share would be satisfied if every stratum of the solved cases had answered equally often."""
    found = weighted(strata(satisfied, cases, by))
    if found is not None:
        yield (
            f"If all solved cases counted, by {' and '.join(STRATA.get(b, b) for b in by)}, "
            f"{share(found.weighted)} would be satisfied instead of {share(found.plain)} "
            f"({_change(found, 100, 'points')})."
        )


def _change(found: Weighted, times: float, unit: str) -> str:
    c = found.change
    low, high = (grouped(times * bound, 1) for bound in (c.low or 0.0, c.high or 0.0))
    return f"a change of {grouped(times * c.value, 1)} {unit}, 95 % between {low} and {high}"
