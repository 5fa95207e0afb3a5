"""Asks since when the whole company does better or worse, with the season taken out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from rapport.core.interval import Interval
from rapport.core.outcome import Status, Test
from rapport.measures.cells import Cells
from rapport.measures.onset import Change, SayChange, monthly
from rapport.measures.yardstick import Yardstick
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within
from rapport.models.moments import Moments, added
from rapport.models.season import Month
from rapport.models.season_step import season_step
from rapport.models.student import two_sided


def since_when(cells: Cells, yardstick: Yardstick, say: SayChange) -> tuple[Test, ...]:
    """Test the whole company for a lasting step since one of its months, in both directions.

    Parameters
    ----------
    cells : the answer to a `Breakdown` cut by `month`; months are ISO dates.
    yardstick : how to judge; months with fewer than `min_rows` rows are left out.
    say : the words for a change.

    Where there are more than twelve months each is measured against its namesakes (`models.season_step`); else the test
    says that it may be the season (`same_season` false), which caps its confidence. The p-value is multiplied by the
    months tried. `within` is judged by the step about which most is known, not by the most extreme one.
    """
    series = {scope["month"]: m for scope, m in cells.along("month") if m.n >= yardstick.min_rows and m.g > 1}
    names = sorted(series)
    months = _months([series[name] for name in names], names, yardstick)
    tests = []
    for status, sign in ((yardstick.worse, yardstick.direction), (Status.GOOD_PRACTICE, -yardstick.direction)):
        step = season_step(months, yardstick.least, 1 if sign > 0 else -1)
        if step is None or not math.isfinite(step.se):
            continue
        onset = names[step.first]
        after = added([series[n] for n in names[step.first :]])
        value = mean(after, binary=yardstick.binary)
        baseline = value.value - step.effect
        title, statement = say(Change({}, value.value, baseline, step.effect, value.n, onset))
        half = two_sided(0.95, step.df) * step.se
        tests.append(
            Test(
                scope={},
                status=status,
                p_value=step.p_value,
                value=value,
                effect=Interval(step.effect, step.effect - half, step.effect + half, value.n),
                baseline=baseline,
                n=value.n,
                customers=min(after.g, cells.total.g or after.g),
                title=title,
                statement=statement,
                input=yardstick.input,
                shrunk=step.effect,
                within=is_within(step.known[0], step.known[1], yardstick.least, df=step.known[2]),
                detectable=detectable(step.se, yardstick.least, alpha=0.05 / step.tried, df=step.df),
                onset=onset,
                same_season=step.same_season,
                chart=monthly(series, yardstick, "the whole company"),
            )
        )
    return tuple(tests)


def narrowed_to(cells: Cells, **fixed: str) -> Cells:
    """Return the cells inside one cell, with the fixed columns taken off.

    Not for what compares a cell with the total (`compare.against_rest`): their sums across cells are those of all rows.
    """
    wanted = set(fixed.items())
    inside = {
        tuple(p for p in key if p not in wanted): moments for key, moments in cells.cells.items() if wanted <= set(key)
    }
    total = inside.pop((), Moments(0.0, 0.0, 0, 0.0, 0.0, 0.0))
    by = tuple(tuple(n for n in names if n not in fixed) for names in cells.by if set(fixed) <= set(names))
    return Cells(total, inside, tuple(names for names in by if names))


def _months(series: Sequence[Moments], names: Sequence[str], yardstick: Yardstick) -> list[Month]:
    """Return the months with standard errors that do not hang on the month's own level.

    A month's own error is smaller the nearer its share is to 0, and would give low months the more weight: the spread
    of all months together is taken, by the month's clusters.
    """
    whole = added(series)
    if not whole.nn:
        return []
    spread = sum(m.residual_square() for m in series) / whole.nn
    if yardstick.binary:
        share = (whole.s + 1) / (whole.n + 2)
        spread = max(spread, share * (1 - share) * whole.n / whole.nn)
    if spread <= 0:
        return []
    return [
        Month(date.fromisoformat(name[:10]), m.n, m.mean, math.sqrt(spread * m.nn) / m.n)
        for name, m in zip(names, series, strict=True)
    ]
