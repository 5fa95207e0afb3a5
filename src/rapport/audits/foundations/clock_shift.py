"""Do all sources keep the same time?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Doubt, Looked, Outcome, Score, Short, Status, Test
from rapport.core.words import day as spoken_day
from rapport.core.words import grouped, opening, share
from rapport.measures.cells import Key, Totals, key_of
from rapport.measures.clocks import Hours, Moved, moved, united
from rapport.measures.trust import CERTAIN, cap

LEAST = 1.0
LEAST_ROWS, LEAST_DAYS, ENOUGH = 400, 56, 3000


@audit(
    question="Do the sources keep the same time?",
    criteria="The hours at which customers act do not jump by whole hours from one day to the next in any one source.",
    source="the same source before, and the other sources at the same time",
    least_effect=LEAST,
    unit="hours",
    inputs={
        "hourly": Sums(
            "hourly_counts",
            tuple((f"h{h}", f"CAST(SUM(h{h}) AS BIGINT)") for h in range(24)),
            by=(("table", "day"), ("table", "source", "day"), ("table", "channel", "day")),
        ),
    },
    defect="one source an hour off after daylight saving",
    owner="Data",
)
def clock_shift(hourly: Totals, facts: Facts) -> Outcome:
    """Ask whether some source's clock is off from some day on.

    What it asks
        Whether the times of one table, source or channel moved by whole hours against the others, and since when.

    Why it matters
        An hour's error turns quick answers into slow ones, moves visits out of opening hours, and puts an answer before
        its question. It usually begins with summer time or with a new export.

    How it is measured
        What customers do themselves at a time they choose (orders, tickets, messages, answers, events) by hour of the
        company's own clock. For every day the profile of the eight weeks before is compared with that of the eight
        weeks after, as it is and turned by each number of hours; around the days on which clocks change, of up to five
        months. A clock that moved has the same profile, turned: at
        least three quarters of the difference must be explained by turning. New opening hours change the profile's
        shape and are not this. A move that everything else makes too is no source's error.

    How it is scored
        The share of rows in series whose clock stayed right.

    What to do
        Look at how that source writes times since that day: with or without a zone, local or UTC; load it again.

    When it is wrong
        Where a company really moved all its hours by exactly one; where no time zone is declared, a source can be told
        from summer time only by comparing it with others.

    References
        McCullagh & Nelder (1989), Generalized Linear Models, 4.5 and 5.4.
    """
    calendar = facts.declared.calendar
    zone = calendar.timezone if calendar.declared else None
    series = _series(hourly)
    usable = {k: s for k, s in series.items() if s.rows >= LEAST_ROWS and s.counts.shape[0] >= LEAST_DAYS and s.spread}
    tests: list[Test] = []
    summer: list[str] = []
    for key, own in usable.items():
        found = moved(own, _rest(key, series), zone)
        real = [m for m in found if not m.shared]
        summer += [spoken_day(m.day) for m in found if m.shared]
        tests.append(_test(key, own, min(real, key=lambda m: m.p_value) if real else None))
    tests = _explaining(tests, usable, zone)
    few = [(k, s) for k, s in series.items() if len(k) == 1 and s.rows < LEAST_ROWS]
    short = tuple(Short(dict(k), round(s.rows), LEAST_ROWS) for k, s in few)
    if not tests:
        return Looked("No source has enough times of day to follow its clock.", (), None, short)
    echoes = [dict(scope) for t in tests for scope in t.explains]
    off = [t for t in tests if t.p_value < CERTAIN and dict(t.scope) not in echoes]
    rows = sum(s.rows for k, s in usable.items() if len(k) == 1)
    wrong = sum(t.n for t in off)
    score = 100 * max(0.0, 1 - wrong / rows) if rows else None
    notes: tuple[str, ...] = ()
    if summer:
        when = ", ".join(dict.fromkeys(summer))
        notes = (f"All hours move by one around {when}, as with summer time: declare the company's time zone.",)
    return Looked(
        headline=_headline(len(off), len(tests)),
        tests=tuple(tests),
        score=None if score is None else Score(score, score, score),
        short=short,
        doubts=tuple(Doubt(t.scope["table"], cap(_part(t, series)), f"{t.title}.") for t in off),
        notes=notes,
    )


def _headline(off: int, clocks: int) -> str:
    if clocks == 1:
        return "The one clock there is moved." if off else "The one clock there is did not move."
    return f"{grouped(off) if off else 'None'} of {grouped(clocks)} clocks moved."


def _part(test: Test, series: Mapping[Key, Hours]) -> float:
    return min(1.0, test.n / series[key_of({"table": test.scope["table"]})].rows)


def _series(hourly: Totals) -> dict[Key, Hours]:
    days: dict[Key, dict[int, Mapping[str, object]]] = {}
    for names in (("table", "day"), ("table", "source", "day"), ("table", "channel", "day")):
        for scope, v in hourly.along(*names):
            own = key_of({k: x for k, x in scope.items() if k != "day"})
            days.setdefault(own, {})[int(scope["day"])] = v
    found = {key: Hours.of(own) for key, own in sorted(days.items())}
    whole = {dict(k)["table"]: s.rows for k, s in found.items() if len(k) == 1}
    return {k: s for k, s in found.items() if len(k) == 1 or s.rows < whole[dict(k)["table"]]}


def _rest(key: Key, series: Mapping[Key, Hours]) -> Hours | None:
    """Return what a series is compared with: the rest of its table, else the other tables."""
    table = key_of({"table": dict(key)["table"]})
    if len(key) > 1:
        return series[table].without(series[key])
    return united([s for k, s in series.items() if len(k) == 1 and k != key and s.spread])


def _name(scope: Mapping[str, str]) -> str:
    parts = [f"{k} {v}" for k, v in scope.items() if k != "table"]
    return scope["table"] + (f" ({', '.join(parts)})" if parts else "")


def _test(key: Key, own: Hours, change: Moved | None) -> Test:
    scope = dict(key)
    if change is None:
        none = Interval(0.0, 0.0, 0.0, round(own.rows))
        return Test(
            scope=scope,
            status=Status.NONCONFORMING,
            p_value=1.0,
            value=none,
            effect=none,
            baseline=0.0,
            n=none.n,
            customers=0,
            title=f"The clock of the {_name(scope)} did not move",
            statement=f"No day in {grouped(own.rows)} rows after which the hours of the day are turned.",
            input="hourly",
            within=own.rows >= ENOUGH,
        )
    position = own.at(change.day)
    hours = abs(change.hours)
    after = round(float(own.counts[position:].sum()))
    value = Interval(float(change.hours), float(change.hours), float(change.hours), after)
    side = "later" if change.hours > 0 else "earlier"
    return Test(
        scope=scope,
        status=Status.NONCONFORMING,
        p_value=change.p_value,
        value=value,
        effect=value,
        baseline=0.0,
        n=after,
        customers=0,
        title=f"{opening(_name(scope))}: times are {hours} h {side} since about {spoken_day(change.day)}",
        statement=f"Turning the clock by {hours} h explains {share(change.explained)} of the difference between the "
        f"hours before and after {spoken_day(change.day)}; {grouped(after)} rows since then.",
        input="hourly",
        shrunk=float(change.hours),
        within=False,
        cause=Cause(
            "supported",
            "The hours are the same as before, turned: a changed time zone or summer time in the export.",
            (
                Alternative(
                    "customers or opening hours changed",
                    f"turning the clock leaves {share(1 - change.explained)} of the difference unexplained",
                ),
                Alternative("all sources moved", "the rest of the record did not move with it"),
            ),
        ),
        chart=own.picture(position, _name(scope)),
    )


def _explaining(tests: list[Test], usable: Mapping[Key, Hours], zone: str | None) -> list[Test]:
    """Fill `explains`, table by table: everything there moved because of the one whose absence leaves the rest still.

    Where no single source or channel is that one, it is the table itself.
    """
    result = []
    for test in tests:
        off = [t for t in tests if t.scope["table"] == test.scope["table"] and t.p_value < CERTAIN]
        head = _head(sorted(off, key=lambda t: t.p_value), usable, zone)
        others = tuple(t.scope for t in off if t is not head)
        result.append(replace(test, explains=others) if test is head and others else test)
    return result


def _head(off: list[Test], usable: Mapping[Key, Hours], zone: str | None) -> Test | None:
    for test in off:
        table = usable.get(key_of({"table": test.scope["table"]}))
        if len(test.scope) > 1 and table is not None:
            rest = table.without(usable[key_of(test.scope)])
            if not [m for m in moved(rest, None, zone) if not m.shared]:
                return test
    return next((t for t in off if len(t.scope) == 1), None)
