"""Were answers lost on the way, such as every zero?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Doubt, Looked, Outcome, Score, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.compare import against_rest
from rapport.measures.trust import CERTAIN, cap
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.moments import Moments
from rapport.models.student import two_sided

LEAST, LEAST_APART = 0.005, 0.05
CELLS = (("kind",), ("kind", "source"), ("kind", "loaded_from"))


@audit(
    question="Were answers lost on the way?",
    criteria="An answered survey has its score, 0 included: fewer than five in a thousand come without one.",
    source="the answers themselves: the values beside the one that is missing",
    least_effect=LEAST,
    unit="share",
    inputs={
        "missing": Breakdown("scores_given", "missing", by=CELLS),
        "by_source": Breakdown("scores_given", "missing", by=(("source",), ("loaded_from",), ("channel",))),
        "values": Sums(
            "scores_given",
            (("n", "COUNT(*)"), ("first", "MIN(first_value)")),
            by=tuple((*cell, "value") for cell in CELLS),
            where="value IS NOT NULL",
        ),
    },
    needs=("feedback.score", "feedback.answered_at"),
    defect="every NPS 0 exported as empty",
    owner="Data",
)
def lost_scores(missing: Cells, by_source: Cells, values: Totals, facts: Facts) -> Outcome:
    """Ask whether scores were lost between the survey and the record, and which ones.

    What it asks
        Whether answered surveys came without a score, whether the missing ones are all of one value, and from which
        source.

    Why it matters
        Programs that take 0 for nothing drop the angriest answers and nobody else's: the score rises and every
        comparison with another source is wrong.

    How it is measured
        For each kind of survey and each source: the share of answered surveys without a score, and whether some value
        of the scale never occurs although its neighbours do. The first value (0, or 1) should occur as often as the
        rarer of the next two, any other half as often as its neighbours; the chance of seeing none is then Poisson's.
        Both signs must agree, so the larger p-value counts. Sources are also compared with each other.

    How it is scored
        The share of answered surveys that have their score.

    What to do
        Export the answers again and look at how the empty ones are written; treat 0 and empty as different.

    When it is wrong
        Where a survey may be answered in words alone; where nobody would ever give that value; where a scale of 1 to
        10 is declared as 0 to 10.

    References
        Formbricks issue 3079 (an NPS answer of 0 taken for no answer).
    """
    tests: list[Test] = []
    for names in missing.by:
        for scope, cell in missing.along(*names):
            whole = missing.get({"kind": scope["kind"]})
            if len(scope) == 1 or (whole is not None and cell.n < whole.n):
                tests.append(_test(scope, cell, _counts(values, scope)))
    tests = _explaining(tests, missing)

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of the answers have no score, elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} answered surveys have no score; of all others {share(d.baseline)}.",
        )

    apart = against_rest(by_source, Yardstick("by_source", LEAST_APART, "lower", "share", say, binary=True))
    worse = tuple(t for t in apart.tests if t.status is Status.NONCONFORMING)
    overall = mean(missing.total, binary=True)
    echoes = [dict(s) for t in tests for s in t.explains]
    certain = [t for t in tests if t.p_value < CERTAIN and dict(t.scope) not in echoes]
    return Looked(
        headline=f"{share(overall.value)} of {grouped(overall.n)} answered surveys have no score.",
        tests=(*tests, *worse),
        score=Score.of_bad(overall),
        short=apart.short,
        doubts=tuple(Doubt("feedback", cap(t.value.value * t.n / overall.n), f"{t.title}.") for t in certain),
    )


def _counts(values: Totals, scope: Mapping[str, str]) -> tuple[dict[int, int], int]:
    """Return how often each value was given in a cell, and the least value there can be."""
    found, first = {}, 1
    for own, v in values.along(*scope, "value"):
        if all(own[k] == x for k, x in scope.items()):
            found[int(own["value"])] = int(v["n"])
            first = round(float(v["first"]))
    return found, first


def absent(counts: Mapping[int, int], first: int) -> tuple[int, float] | None:
    """Return the value that should have occurred most surely and did not, and how often it was expected at least.

    The first value, which is a favourite, at least as often as the rarer of the two above it; others half as often as
    their two neighbours on average.
    """
    if not counts:
        return None
    found: list[tuple[int, float]] = []
    for value in range(first, max(counts)):
        if not counts.get(value):
            sides = [counts.get(v, 0) for v in (value - 1, value + 1, value + 2)]
            found.append((value, float(min(sides[1:])) if value == first else (sides[0] + sides[1]) / 4))
    return max(found, key=lambda f: f[1], default=None)


def _test(scope: dict[str, str], cell: Moments, given: tuple[dict[int, int], int]) -> Test:
    value = mean(cell, binary=True)
    se = _se(value, cell)
    lacking = absent(*given)
    p_missing = p_beyond(value.value, se, LEAST, 1)
    p_absent = math.exp(-lacking[1] * min(1.0, cell.g / cell.n)) if lacking is not None else 1.0
    where = place({k: v for k, v in scope.items() if k != "kind"}) if len(scope) > 1 else ""
    name = f"{scope['kind'].upper()}{', ' + where if where else ''}"
    title = f"{name}: {share(value.value)} of the answers have no score"
    statement = f"{share(value.value)} of {grouped(value.n)} answered surveys have no score."
    if lacking is not None:
        title = f"{name}: no answer of {lacking[0]} arrived, and {share(value.value)} of the answers are empty"
        statement += (
            f" The value {lacking[0]} never occurs; going by its neighbours {grouped(lacking[1])} or more should."
        )
        statement += _corrected(scope["kind"], given[0], round(cell.s), lacking[0])
    return Test(
        scope=scope,
        status=Status.NONCONFORMING,
        p_value=max(p_missing, p_absent),
        value=value,
        effect=Interval(value.value, value.low, value.high, value.n),
        baseline=0.0,
        n=value.n,
        customers=round(cell.g * value.value),
        title=title,
        statement=statement,
        input="missing",
        shrunk=value.value,
        within=given[0].get(given[1], 0) > 0 or is_within(value.value, se, LEAST),
        detectable=detectable(se, LEAST),
        cause=_cause(lacking) if lacking is not None else None,
        chart=_chart(name, given[0], given[1], lacking),
    )


def _se(value: Interval, cell: Moments) -> float:
    """Return the standard error behind an interval of a share, never smaller than one success and one failure more."""
    if value.low is None or value.high is None:
        return math.inf
    p = (cell.s + 1) / (cell.n + 2)
    least = math.sqrt(p * (1 - p) / (cell.n + 2))
    return max(least, (value.high - value.low) / 2 / two_sided(0.95))


def _corrected(kind: str, counts: Mapping[int, int], empty: int, value: int) -> str:
    n = sum(counts.values())
    if kind != "nps" or value > 6 or not n:
        return ""
    promoters = sum(k for v, k in counts.items() if v >= 9)
    detractors = sum(k for v, k in counts.items() if v <= 6)
    now, then = 100 * (promoters - detractors) / n, 100 * (promoters - detractors - empty) / (n + empty)
    return f" Were the empty ones {value}, the net promoter score would be {grouped(then)} instead of {grouped(now)}."


def _cause(lacking: tuple[int, float]) -> Cause:
    return Cause(
        "supported",
        f"Answers of {lacking[0]} are written as empty somewhere between the survey and the record.",
        (
            Alternative("chance", f"none of {lacking[0]}, where {grouped(lacking[1])} or more are expected"),
            Alternative("answered in words alone", f"would not take all of the {lacking[0]} with it"),
        ),
    )


def _chart(name: str, counts: Mapping[int, int], first: int, lacking: tuple[int, float] | None) -> Chart:
    shown = range(first, max(counts, default=first) + 1)
    gone = None if lacking is None else lacking[0]
    bars = tuple(Bar(str(v), float(counts.get(v, 0)), None, None, counts.get(v, 0), v == gone) for v in shown)
    return Chart("dots", f"Answers by score, {name}", "count", bars)


def _explaining(tests: list[Test], missing: Cells) -> list[Test]:
    """List the kind as a whole in `explains` of a source that all of its empty answers come from, else the sources."""
    found = {t.scope["kind"]: t for t in tests if len(t.scope) == 1 and t.p_value < CERTAIN}
    result = []
    for test in tests:
        head = found.get(test.scope["kind"])
        parts = [t for t in tests if len(t.scope) > 1 and t.scope["kind"] == test.scope["kind"] and t.p_value < CERTAIN]
        if len(test.scope) == 1 and test is head and not _one(parts, test, missing):
            result.append(replace(test, explains=tuple(t.scope for t in parts)))
        elif head is not None and test is _one(parts, head, missing):
            others = tuple(t.scope for t in parts if t is not test)
            result.append(replace(test, explains=({"kind": test.scope["kind"]}, *others)))
        else:
            result.append(test)
    return result


def _one(parts: list[Test], whole: Test, missing: Cells) -> Test | None:
    """Return the part that nine in ten of the empty answers come from, None where there is none."""
    cell = missing.get(whole.scope)
    for part in sorted(parts, key=lambda t: t.p_value):
        own = missing.get(part.scope)
        if cell is not None and own is not None and own.s >= 0.9 * cell.s and own.n < cell.n:
            return part
    return None
