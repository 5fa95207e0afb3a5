"""Follows the answers to one survey question: how they stand, where they differ, what changed and since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapport.core.finding import Cause
from rapport.core.inputs import Breakdown, Input
from rapport.core.outcome import Chart, Short, Status, Test
from rapport.core.words import grouped, month, opening, place
from rapport.measures.cells import Cells
from rapport.measures.change_reasons import beside, one_per_scope, tried
from rapport.measures.compare import against_rest
from rapport.measures.level_shift import Comparison, Shift, whole
from rapport.measures.onset import Change
from rapport.measures.since import lasting
from rapport.measures.yardstick import Difference, Yardstick

PARTS = (("touchpoint",), ("channel",), ("source",), ("region",), ("plan",), ("segment",))
PAIRS = (("touchpoint", "channel"), ("touchpoint", "region"), ("channel", "region"), ("plan", "region"))
MIX = ("segment", "plan", "region", "touchpoint", "channel")
LEVELS = (("touchpoint",), ("channel",), ("region",), ("plan",), ("segment",))
OPTIONAL = frozenset({"previous", "year_before", "same_previous", "same_year_before"})


def survey_inputs(kind: str, value: str) -> dict[str, Input]:
    """Return what an audit of one kind of survey asks of the measure `answers`; those in OPTIONAL may be missing."""
    where = f"kind = '{kind}'"

    def wave(column: str, also: str = "") -> Breakdown:
        by = ((column,),) if also else ((column,), *((column, name) for name in MIX))
        return Breakdown("answers", value, by=by, where=f"{where} AND {column} IS NOT NULL{also}")

    return {
        "level": Breakdown("answers", value, by=LEVELS, where=where),
        "months": Breakdown(
            "answers", value, by=(("month",), *((*names, "month") for names in (*PARTS, *PAIRS))), where=where
        ),
        "previous": wave("vs_previous"),
        "year_before": wave("vs_year_before"),
        "same_previous": wave("vs_previous", " AND both_previous"),
        "same_year_before": wave("vs_year_before", " AND both_year_before"),
    }


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a value is said: its name, a level (`63 %`), a difference (`5 points`), how the answers are called."""

    name: str
    level: Callable[[float], str]
    difference: Callable[[float], str]
    answers: str = "answers"


@dataclass(frozen=True, slots=True)
class Survey:
    """How a survey's answers are judged.

    least : least change worth acting on; least_level : least standing difference of a part from the rest (an
    opportunity); unit, binary : as in `Yardstick`.
    """

    spoken: Spoken
    least: float
    least_level: float
    unit: str
    binary: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a survey gave: tests, cells too small to say, the picture of the whole company by month."""

    tests: tuple[Test, ...]
    short: tuple[Short, ...]
    chart: Chart | None


def followed(
    survey: Survey,
    level: Cells,
    months: Cells,
    previous: Cells | None,
    year_before: Cells | None,
    same_previous: Cells | None,
    same_year_before: Cells | None,
) -> Followed:
    """Test the answers to `survey_inputs`: each part's changes, the whole company's, and standing differences."""
    s = survey
    falls = Yardstick("months", s.least, "higher", s.unit, _standing(s.spoken), binary=s.binary)
    apart = Yardstick(
        "level", s.least_level, "higher", s.unit, _standing(s.spoken), binary=s.binary, worse=Status.OPPORTUNITY
    )
    waves = [
        Comparison(cells, column, against, same, paired)
        for cells, column, against, same, paired in (
            (previous, "vs_previous", "in the wave before", False, same_previous),
            (year_before, "vs_year_before", "in the same weeks a year before", True, same_year_before),
        )
        if cells is not None
    ]
    parts = lasting(months, PARTS, falls, _since(s.spoken))
    moved = whole(months, waves, falls, _moved(s.spoken), _why(s.spoken), lambda m: f"before {month(m)}")
    compared = against_rest(level, apart)
    tests = one_per_scope([*beside(parts, moved, months, falls), *compared.tests])
    return Followed(tests, compared.short, moved[0].chart if moved else None)


def _since(spoken: Spoken) -> Callable[[Change], tuple[str, str]]:
    def say(c: Change) -> tuple[str, str]:
        value, before, since = spoken.level(c.value), spoken.level(c.baseline), month(c.since)
        return (
            f"{opening(place(c.scope))}: {spoken.name} is {value} since {since}, {before} before",
            f"{grouped(c.n)} {spoken.answers} since {since} give {value}, those before {before}; net of what all the "
            f"others did the change is {spoken.difference(c.effect)}.",
        )

    return say


def _moved(spoken: Spoken) -> Callable[[Shift], tuple[str, str]]:
    def say(s: Shift) -> tuple[str, str]:
        value, before = spoken.level(s.value), spoken.level(s.baseline)
        return (
            f"{opening(spoken.name)} {'fell' if s.effect < 0 else 'rose'} to {value}; {s.against} it was {before}",
            f"{grouped(s.n)} {spoken.answers} give {value}, {s.against} it was {before}: a change of "
            f"{spoken.difference(s.effect)}.",
        )

    return say


def _standing(spoken: Spoken) -> Callable[[Difference], tuple[str, str]]:
    def say(d: Difference) -> tuple[str, str]:
        value, rest = spoken.level(d.value), spoken.level(d.baseline)
        return (
            f"{opening(place(d.scope))}: {spoken.name} is {value}, elsewhere {rest}",
            f"{grouped(d.n)} {spoken.answers} give {value}, all others {rest}.",
        )

    return say


def _why(spoken: Spoken) -> Callable[[Shift], Cause | None]:
    return lambda s: tried(s.comparison, MIX, spoken.difference)
