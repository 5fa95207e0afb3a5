"""Is something no longer recorded that used to be?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Sums
from rapport.core.outcome import Doubt, Looked, Outcome, Score, Test
from rapport.core.words import grouped, month, share
from rapport.measures.cells import Totals
from rapport.measures.level_shift import lasting_change
from rapport.measures.onset import Change
from rapport.measures.trust import CERTAIN, cap
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.moments import Moments, added

LEAST = 0.10
MOST_NAMED = 5


@audit(
    question="Is the record complete?",
    criteria="No column is empty in ten of a hundred more rows than it used to be, in no source.",
    source="the record's own earlier months",
    least_effect=LEAST,
    unit="share",
    inputs={
        "filled": Sums(
            "completeness",
            (
                ("n", "SUM(n)"),
                ("s", "SUM(missing)"),
                ("g", "COUNT(*)"),
                ("nn", "SUM(n * n)"),
                ("ss", "SUM(missing * missing)"),
                ("ns", "SUM(n * missing)"),
            ),
            by=(("table", "column"), ("table", "column", "month"), ("table", "column", "source", "month")),
        ),
    },
    defect="a field goes blank for one source",
    owner="Data",
)
def record_completeness(filled: Totals, facts: Facts) -> Outcome:
    """Ask whether columns that used to be filled have become empty, in which source, and since when.

    What it asks
        Which columns of the record lost their values, in which file or connector, and from which month on.

    Why it matters
        A field that a form or an export no longer fills does not look like an error: averages just move, segments just
        shrink. Whatever is said by that column after that month is about the rest of the customers.

    How it is measured
        For each column in which an empty value says nothing by itself, the share of missing values by month, for every
        source and for all together; outcomes only on rows old enough to have had one. Each series is split into before
        and after where that fits best; the days are the sample. A column that was never filled is not collected, which
        is no gap. What a source does is compared with its own past only.

    How it is scored
        The mean share of filled values over the columns looked at.

    What to do
        Ask who changed the form, the export or the connector in that month; fill the rows since then from the source.

    When it is wrong
        Where being empty became right: guests may now order without an account, a region was given up.

    References
        ISO/IEC 25012 (completeness).
    """
    series = _series(filled)
    judged = [j for j in (_judge(key, months) for key, months in series.items()) if j is not None]
    tests = [_explaining(test, key, series) if len(key) == 3 else test for key, test in judged]
    shares = {_name(scope): float(v["s"]) / float(v["n"]) for scope, v in filled.along("table", "column")}
    emptiest = sorted(((v, k) for k, v in shares.items() if v > LEAST), reverse=True)[:MOST_NAMED]
    score = 100 * (1 - math.fsum(shares.values()) / len(shares))
    return Looked(
        headline=f"{grouped(len(shares))} columns were looked at; on average {share(score / 100)} of their values are "
        "filled.",
        tests=tuple(tests),
        score=Score(score, score, score),
        doubts=_doubts(tests, filled),
        notes=tuple(f"{name} is empty in {share(v)} of the rows." for v, name in emptiest),
    )


def _name(scope: Mapping[str, str]) -> str:
    return f"{scope['table']}.{scope['column']}"


Key = tuple[str, ...]
Months = dict[str, Moments]


def _series(filled: Totals) -> dict[Key, Months]:
    """Return the months of each field, and of each field in each source where there are several."""
    found: dict[Key, Months] = {}
    for scope, v in filled.along("table", "column", "month"):
        found.setdefault((scope["table"], scope["column"]), {})[scope["month"]] = _moments(v)
    parts: dict[Key, Months] = {}
    for scope, v in filled.along("table", "column", "source", "month"):
        parts.setdefault((scope["table"], scope["column"], scope["source"]), {})[scope["month"]] = _moments(v)
    columns = [key[:2] for key in parts]
    return {**found, **{key: months for key, months in sorted(parts.items()) if columns.count(key[:2]) > 1}}


def _moments(v: Mapping[str, Any]) -> Moments:
    return Moments(float(v["n"]), float(v["s"]), int(v["g"]), float(v["nn"]), float(v["ss"]), float(v["ns"]))


def _yardstick() -> Yardstick:
    def say(d: Difference) -> tuple[str, str]:
        return "", ""

    return Yardstick("filled", LEAST, "lower", "share", say, binary=True, min_rows=30, min_customers=1)


def _judge(key: Key, months: Months) -> tuple[Key, Test] | None:
    scope = dict(zip(("table", "column", "source"), key, strict=False))
    table, column = key[:2]
    place = f" from {key[2]}" if len(key) == 3 else ""

    def say(c: Change) -> tuple[str, str]:
        return (
            f"{share(c.value)} of the {table}{place} have no {column.replace('_', ' ')} since {month(c.since)}, "
            f"{share(c.baseline)} before",
            f"{table}.{column} is empty in {share(c.value)} of {grouped(c.n)} rows{place} since {month(c.since)}; "
            f"before in {share(c.baseline)}.",
        )

    test = lasting_change(scope, months, _yardstick(), say)
    if test is None:
        return None
    # a share that hardly moved is counted over all rows, not sampled: it is within, however bunched the days are
    return key, replace(test, customers=0, within=test.within or abs(test.effect.value) <= LEAST / 5)


def _explaining(test: Test, key: Key, series: Mapping[Key, Months]) -> Test:
    """List the whole column in `explains` of a source's change where it stays as it was without that source."""
    if test.p_value >= CERTAIN or test.onset is None:
        return test
    rest: dict[str, list[Moments]] = {}
    for other, months in series.items():
        if len(other) == 3 and other[:2] == key[:2] and other != key:
            for name, m in months.items():
                rest.setdefault(name, []).append(m)
    left = {name: added(parts) for name, parts in rest.items()}
    again = lasting_change({}, left, _yardstick(), lambda c: ("", ""))
    alone = again is None or again.p_value >= 0.05
    return replace(test, explains=({"table": key[0], "column": key[1]},)) if alone else test


def _doubts(tests: list[Test], filled: Totals) -> tuple[Doubt, ...]:
    rows = {_name(scope): float(v["n"]) for scope, v in filled.along("table", "column")}
    echoes = [dict(scope) for test in tests for scope in test.explains]
    found = []
    for test in tests:
        if test.p_value < CERTAIN and dict(test.scope) not in echoes:
            lost = max(0.0, test.effect.value) * test.n / rows[_name(test.scope)]
            found.append(Doubt(test.scope["table"], cap(lost), f"{test.title}."))
    return tuple(found)
