"""Did part of the record stop arriving for a while, or altogether?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Doubt, Looked, Outcome, Score, Short, Status, Test
from rapport.core.words import day as spoken_day
from rapport.core.words import grouped, opening, place, plural, share
from rapport.measures.arrivals import Arrivals, Outage, outages, scatter_of_days
from rapport.measures.cells import Key, Totals, key_of
from rapport.measures.gap_heads import explained_by, hanging, table_of
from rapport.measures.trust import CERTAIN, cap

LEAST = 1 / 3
WINDOW, SEEN_AT = 21, 6.8
"""Days of the gap that must be visible; standard errors at which a scan of years sees one with 80 % power and counts it
among twenty audits (simulated: a third missing for three weeks needs some thirty rows a day)."""
LEAST_PART, LEAST_A_DAY = 0.1, 3.0
"""A source or channel looked at has a tenth of its table's rows, and three a day."""


@audit(
    question="Did part of the record stop arriving?",
    criteria="No table, source or channel loses a third of its rows for three weeks against its own weekly rhythm.",
    source="the record's own weekly rhythm before and after",
    least_effect=LEAST,
    unit="share",
    inputs={
        "daily": Sums(
            "daily_counts",
            (("n", "SUM(n)"),),
            by=(("table", "day"), ("table", "source", "day"), ("table", "channel", "day")),
        ),
    },
    defect="a third of the tickets vanish for three weeks",
    owner="Data",
)
def record_gaps(daily: Totals, facts: Facts) -> Outcome:
    """Ask whether rows that should be there never arrived.

    What it asks
        In which table, from which source or channel, and in which days rows are missing.

    Why it matters
        A broken import looks like good news: fewer complaints, faster answers. Every comparison over those days is then
        about the import and not about the customers.

    How it is measured
        The rows of each table by day, and of its sources and channels, are compared with the same weekdays in the eight
        weeks before and after, over every window from three days to two months; a gap is a run in which a fifth or more
        is missing, beyond what a scan of so many windows finds by chance. Week-ends, single holidays, declared
        holidays, the days from 24 December to 1 January and what happens every year at that time are no gaps.
        A table that ends long before the cut-off has stopped arriving. Where everything but one source or channel goes
        on as usual, that one is named. Customers who come from the same file as another table are there because of its
        rows (whoever was not asked is not in the answers): they are no series of their own. Messages that are missing
        while tickets are, and payments while orders are, hang on these.

    How it is scored
        The share of expected rows that are there, over the series looked at.

    What to do
        Load the days again from the source; until then leave them out of comparisons.

    When it is wrong
        A real closure of more than two days that happened once looks like a gap. A third missing from a table with
        fewer than some thirty rows a day cannot be seen.

    References
        Siegmund & Venkatraman (1995), Annals of Statistics 23:255.
    """
    end = facts.as_of.date()
    closed = frozenset(date.fromisoformat(h) for h in facts.declared.calendar.holidays)
    series = _series(daily, end, closed)
    found = {key: outages(arrivals) for key, arrivals in series.items()}
    found = {key: _of_thetable_of(key, own, series) for key, own in found.items()}
    tests: list[Test] = []
    short: list[Short] = []
    for key, arrivals in series.items():
        reach = _visible(arrivals)
        if found[key]:
            tests.append(_test(key, arrivals, found[key], reach, series))
        elif reach > LEAST:
            short.append(Short(dict(key), round(arrivals.total), round(arrivals.total * (reach / LEAST) ** 2)))
        else:
            tests.append(_test(key, arrivals, (), reach, series))
    tests = hanging(tests, found, series)
    if not series:
        return Looked("There are too few days to know a rhythm.", (), None)
    whole = {k: a for k, a in series.items() if len(k) == 1}
    lost = sum(max((o.expected - o.observed for o in found[k]), default=0.0) for k in whole)
    there = sum(a.total for a in whole.values())
    score = 100 * there / (there + lost) if there + lost else 100.0
    echoes = [dict(scope) for t in tests for scope in t.explains]
    gaps = [t for t in tests if t.p_value < CERTAIN and dict(t.scope) not in echoes]
    return Looked(
        headline=_headline(len(gaps), len(tests)),
        tests=tuple(tests),
        score=Score(score, score, score) if whole else None,
        short=tuple(short),
        doubts=tuple(
            Doubt(
                t.scope["table"],
                cap(_lost(found[key_of(t.scope)], series[table_of(key_of(t.scope))])),
                f"{t.title}.",
            )
            for t in gaps
        ),
    )


def _headline(gaps: int, series: int) -> str:
    if not series:
        return f"No table has enough rows a day to see {share(LEAST)} missing for {WINDOW} days."
    looked = f"{grouped(series)} {plural(series, 'table or part of one', 'tables and parts of them')}"
    return f"{grouped(gaps)} {plural(gaps, 'gap', 'gaps')} in {looked}." if gaps else f"No gap in {looked}."


def _lost(found: Iterable[Outage], table: Arrivals) -> float:
    lost = sum(o.expected - o.observed for o in found)
    return lost / (table.total + lost)


def _series(daily: Totals, end: date, closed: frozenset[date]) -> dict[Key, Arrivals]:
    """Return the daily counts of each table and its larger sources and channels, from the first day to the cut-off."""
    counts: dict[Key, dict[date, float]] = {}
    for names in (("table", "day"), ("table", "source", "day"), ("table", "channel", "day")):
        for scope, v in daily.along(*names):
            own = key_of({k: x for k, x in scope.items() if k != "day"})
            counts.setdefault(own, {})[date.fromisoformat(scope["day"][:10])] = float(v["n"])
    found = {key: Arrivals.of(days, end, closed) for key, days in sorted(counts.items())}
    kept = {}
    for key, arrivals in found.items():
        if dict(key)["table"] == "customers" and _no_feed(daily):
            continue
        part = arrivals.total / found[table_of(key)].total
        large = LEAST_PART <= part < 1 and arrivals.total >= LEAST_A_DAY * arrivals.counts.size
        if len(key) == 1 or large:
            kept[key] = arrivals
    return kept


def _no_feed(daily: Totals) -> bool:
    """Tell whether the customers come from files that feed another table too."""
    files: dict[bool, set[str]] = {True: set(), False: set()}
    for scope, _ in daily.along("table", "source", "day"):
        files[scope["table"] == "customers"].add(scope["source"])
    return bool(files[True]) and files[True] <= files[False]


def _of_thetable_of(key: Key, own: tuple[Outage, ...], series: Mapping[Key, Arrivals]) -> tuple[Outage, ...]:
    """Return a part's outages that the table shows too: a source that another one replaced is no gap."""
    if len(key) == 1:
        return own
    whole = series[table_of(key)]
    return tuple(o for o in own if whole.shortfall(o, series[key]) >= 0.5 * (o.expected - o.observed))


def _visible(arrivals: Arrivals) -> float:
    """Return the share of rows that must vanish for three weeks to be seen."""
    rate = arrivals.total / max(1, arrivals.counts.size)
    return SEEN_AT * math.sqrt(scatter_of_days(arrivals.counts) / (WINDOW * rate)) if rate > 0 else math.inf


def _test(
    key: Key, arrivals: Arrivals, found: tuple[Outage, ...], reach: float, series: Mapping[Key, Arrivals]
) -> Test:
    scope = dict(key)
    where = place({k: v for k, v in scope.items() if k != "table"}) if len(scope) > 1 else ""
    name = scope["table"] if not where else f"{scope['table']} ({where})"
    if not found:
        none = Interval(0.0, 0.0, reach, round(arrivals.total))
        title = f"No gap in the {name}"
        statement = (
            f"{grouped(arrivals.total)} rows by day; {share(min(1.0, reach))} missing for three weeks would show."
        )
        return Test(
            scope, Status.NONCONFORMING, 1.0, none, none, 0.0, none.n, 0, title, statement, "daily", 0.0, True, reach
        )
    worst = min(found, key=lambda o: o.p_value)
    first, last = arrivals.day(worst.start), arrivals.day(worst.end)
    when = f"from {spoken_day(first)} to {spoken_day(last)}"
    half = 1.96 * math.sqrt(worst.observed + worst.scatter * worst.expected) / worst.expected
    low, high = max(0.0, worst.missing - half), min(1.0, worst.missing + half)
    interval = Interval(worst.missing, low, high, round(worst.expected))
    more = len(found) - 1
    others = f" {more} other {plural(more, 'stretch is', 'stretches are')} short as well." if more else ""
    test = Test(
        scope=scope,
        status=Status.NONCONFORMING,
        p_value=worst.p_value,
        value=interval,
        effect=interval,
        baseline=0.0,
        n=round(worst.expected),
        customers=0,
        title=f"{opening(name)}: {share(worst.missing)} of the rows {when} are missing",
        statement=f"{grouped(worst.observed)} rows came {when}, where the weekly rhythm promised "
        f"{grouped(worst.expected)}.{others}",
        input="daily",
        shrunk=worst.missing,
        within=False,
        detectable=reach,
        chart=arrivals.picture(worst, name),
    )
    return replace(test, explains=explained_by(key, worst, series))
