"""Compares customers with others like them: only within strata of the same kind, and then over all of these."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Short, Status, Test
from rapport.core.words import code
from rapport.measures.cells import Totals
from rapport.measures.yardstick import Difference, Scope, Yardstick
from rapport.models.least_effect import detectable, is_within, p_beyond, rows_needed
from rapport.models.shrinkage import shrunk
from rapport.models.stratified import Stratified, stratified
from rapport.models.student import two_sided

Counts = tuple[float, float]
"""Rows, and how many of them say yes."""
Strata = Mapping[str, Counts]
SUSPECT, CERTAIN = 0.05, 0.001
MOST_BARS = 14


@dataclass(frozen=True, slots=True)
class Alike:
    """Counts by cells within strata, from `Sums` with `n` and `yes` cut by the stratum's column and others.

    `stratum` is the name of the column that says who is like whom; nobody is compared across its values.
    """

    totals: Totals
    stratum: str

    def of(self, scope: Scope) -> Strata:
        """Return the counts of a cell by stratum; of everybody for an empty scope."""
        found: dict[str, Counts] = {}
        for own, values in self.totals.along(*scope, self.stratum):
            if scope.items() <= own.items():
                found[own[self.stratum]] = (float(values["n"] or 0), float(values["yes"] or 0))
        return found

    def along(self, name: str) -> list[str]:
        """Return the values of a column."""
        return sorted({scope[name] for scope, _ in self.totals.along(name, self.stratum)})


def less(whole: Strata, part: Strata) -> Strata:
    """Return the rows of the whole outside the part."""
    return {
        s: (max(0.0, n - part.get(s, (0, 0))[0]), max(0.0, y - part.get(s, (0, 0))[1])) for s, (n, y) in whole.items()
    }


def against(own: Strata, others: Strata) -> Stratified:
    """Compare two groups of rows stratum by stratum."""
    names = sorted(own.keys() & others.keys())
    pairs = [(own[s], others[s]) for s in names]
    return stratified(
        [o[1] for o, _ in pairs], [o[0] for o, _ in pairs], [r[1] for _, r in pairs], [r[0] for _, r in pairs]
    )


def against_alike(
    alike: Alike, places: Sequence[Scope], yardstick: Yardstick
) -> tuple[tuple[Test, ...], tuple[Short, ...]]:
    """Test places against all others who are like their customers, in both directions.

    Parameters
    ----------
    alike : the counts, cut by the stratum with each column of `places`, and with two of them together where places of
        different columns are to be told apart.
    places : scopes of one column each.
    yardstick : how to judge; shares only.

    A place whose difference vanishes without the rows of a worse one is listed in that one's `explains`; praise must
    also hold against the others without the worst place.
    """
    everyone = alike.of({})
    found: list[tuple[Scope, Stratified]] = []
    short: list[Short] = []
    for scope in places:
        own = alike.of(scope)
        seen = against(own, less(everyone, own))
        if min(seen.n, seen.n_others) < yardstick.min_rows or not math.isfinite(seen.se):
            rows = round(sum(n for n, _ in own.values()))
            known = math.isfinite(seen.se) and seen.n > 0
            short.append(Short(dict(scope), rows, rows_needed(seen.se, seen.n, yardstick.least) if known else None))
        else:
            found.append((scope, seen))
    guesses = _shrunk(found)
    because, worst = _explained(alike, found, yardstick)
    tests: list[Test] = []
    for (scope, seen), guess in zip(found, guesses, strict=True):
        worse = _test(scope, seen, guess, yardstick, _dots(found, scope, yardstick))
        tests.append(replace(worse, explains=because.get(code(scope), ())))
        ps = [_p(seen, yardstick, better=True)]
        if worst is not None and worst != scope:
            left = less(alike.of(scope), alike.of({**scope, **worst}) if _differ(scope, worst) else {})
            ps.append(_p(against(left, less(less(everyone, alike.of(worst)), left)), yardstick, better=True))
        tests.append(replace(worse, status=Status.GOOD_PRACTICE, p_value=max(ps)))
    return tuple(tests), tuple(short)


def _differ(a: Scope, b: Scope) -> bool:
    return not a.keys() & b.keys()


def _p(seen: Stratified, yardstick: Yardstick, better: bool = False) -> float:
    if not math.isfinite(seen.se) or min(seen.n, seen.n_others) < yardstick.min_rows:
        return 1.0
    worse = yardstick.direction > 0
    return p_beyond(seen.effect, seen.se, yardstick.least, 1 if worse is not better else -1)


def _shrunk(found: Sequence[tuple[Scope, Stratified]]) -> list[float]:
    """Return each place's effect, shrunk among the places of the same column."""
    guesses = [seen.effect for _, seen in found]
    for name in {next(iter(scope)) for scope, _ in found}:
        own = [i for i, (scope, _) in enumerate(found) if name in scope]
        if len(own) > 2:
            values = shrunk([found[i][1].effect for i in own], [found[i][1].se for i in own], centre=0.0).values
            for i, value in zip(own, values, strict=True):
                guesses[i] = float(value)
    return guesses


def _explained(
    alike: Alike, found: Sequence[tuple[Scope, Stratified]], yardstick: Yardstick
) -> tuple[dict[str, tuple[Scope, ...]], Scope | None]:
    """Return by place the places that stand out only because of it, and the worst of all."""
    everyone = alike.of({})
    suspects = sorted(
        (f for f in found if _p(f[1], yardstick) < SUSPECT),
        key=lambda f: (-yardstick.direction * f[1].effect / f[1].se, code(f[0])),
    )
    taken: list[Scope] = []
    explains: dict[str, list[Scope]] = {}
    for scope, _ in suspects:
        own = alike.of(scope)
        for head in taken:
            alone = less(own, alike.of({**scope, **head})) if _differ(scope, head) else own
            if _p(against(alone, less(less(everyone, alike.of(head)), alone)), yardstick) >= SUSPECT:
                explains.setdefault(code(head), []).append(dict(scope))
                break
        else:
            taken.append(scope)
    return {key: tuple(scopes) for key, scopes in explains.items()}, next(iter(taken), None)


def _test(scope: Scope, seen: Stratified, guess: float, yardstick: Yardstick, chart: Chart) -> Test:
    half = two_sided(0.95) * seen.se
    title, statement = yardstick.say(Difference(scope, seen.value, seen.others, seen.effect, seen.n))
    low, high = max(0.0, seen.value - half), min(1.0, seen.value + half)
    return Test(
        scope=dict(scope),
        status=yardstick.worse,
        p_value=_p(seen, yardstick),
        value=Interval(seen.value, low, high, seen.n),
        effect=Interval(seen.effect, seen.effect - half, seen.effect + half, seen.n),
        baseline=seen.others,
        n=seen.n,
        customers=seen.n,
        title=title,
        statement=statement,
        input=yardstick.input,
        shrunk=guess,
        within=is_within(seen.effect, seen.se, yardstick.least),
        detectable=detectable(seen.se, yardstick.least),
        chart=chart,
    )


def _dots(found: Sequence[tuple[Scope, Stratified]], marked: Scope, yardstick: Yardstick) -> Chart:
    """Return the picture of a place among those of its column: how each differs from customers like its own."""
    name = next(iter(marked))
    bars = []
    for scope, seen in found:
        if name in scope:
            half = two_sided(0.95) * seen.se
            interval = (seen.effect - half, seen.effect + half)
            bars.append(Bar(scope[name], seen.effect, *interval, seen.n, scope == marked))
    bars = sorted(bars, key=lambda b: (not b.marked, -(b.n or 0)))[:MOST_BARS]
    bars.sort(key=lambda b: b.value or 0.0)
    title = f"By {name.replace('_', ' ')}: difference from customers like theirs"
    return Chart("dots", title, yardstick.unit, tuple(bars), 0.0, "as others like them")
