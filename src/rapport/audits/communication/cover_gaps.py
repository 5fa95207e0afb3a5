"""Does it matter on which day, and at which time of it, a customer writes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Times
from rapport.core.outcome import Bar, Chart, Looked, Outcome, Scope, Score, Status, Test
from rapport.core.words import duration, grouped, month, share
from rapport.measures.among_equals import among_equals
from rapport.measures.cells import Cells, TimeCells
from rapport.measures.compare import Compared, against_rest
from rapport.measures.explaining import less, p_worse
from rapport.measures.onset import Change
from rapport.measures.since import lasting
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import contrast_between, mean

LEAST = 0.10
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_PART = "after 15:00"
SURE = 0.05

Place = tuple[tuple[str, str], ...]


@audit(
    question="Does it matter when a customer writes?",
    criteria="Whoever writes on one working day, or at one time of it, is answered in time as often as on the others.",
    source="the company's own calendar where one is declared, else its own other days",
    least_effect=LEAST,
    unit="share",
    inputs={
        "in_time": Breakdown(
            "replies",
            "in_usual_time",
            by=(("weekday",), ("part_of_day",), ("weekday", "part_of_day"), ("month",), ("weekday", "month")),
        ),
        "any_hour": Breakdown("replies", "in_time", by=(("weekday",),)),
        "waits": Times("replies", "wait_seconds", "answered", by=(("weekday",), ("weekday", "part_of_day"))),
    },
    needs=("tickets.first_reply_at|messages.sent_at",),
    defect="nobody is there on Saturdays",
    owner="Support",
)
def cover_gaps(in_time: Cells, any_hour: Cells, waits: TimeCells, facts: Facts) -> Outcome:
    """Ask whether the wait depends on the day and the time at which a customer writes.

    What it asks
        On which days of the week, and at which times of these days, customers wait longer than on the other days.

    Why it matters
        Customers write when they have time: in the evening, on Saturdays. A rota that follows the office instead of the
        customers makes the same people wait every week, and no average shows it.

    How it is measured
        By the company's clock at the moment of writing. In time is the time within which three quarters of the answered
        tickets of the same channel were answered; a promise is left aside, since a rota can fail long before it. The
        share in time of each weekday is tested against all other days and against its own past; that of each part of a
        day against the same part of the other days: an evening is compared with evenings. Where you declared a
        calendar, time counts only while you say you are open, so that a day on which nobody is there stands out and a
        night does not. Days you declare closed are told apart: what customers meet who write then, in all hours, is an
        opportunity, no fault. The evening before a gap is part of the gap.

    How it is scored
        The share answered in time on the worst day that is not declared closed and has ten customers or more.

    What to do
        Lay the hours at which tickets arrive over the hours at which people are there.

    When it is wrong
        Where the time zone of the source or the company is not declared: every hour is then another hour. Without a
        declared calendar a closed week-end looks like a gap.

    References
        conventions of the field, 3.4: calendar and business hours both.
    """
    limit = "in the time usual for their channel"
    counted = f"{limit}, in working time" if facts.declared.calendar.declared else limit

    def say(d: Difference) -> tuple[str, str]:
        when, others = _when(d.scope)
        own, all_ = waits.curve(d.scope), waits.curve()
        halves = ""
        if own is not None and all_ is not None:
            halves = (
                f" Half of them wait {duration(own.quantile().value)} or less, nights and closed days included; "
                f"overall {duration(all_.quantile().value)}."
            )
        return (
            f"{when}: {share(d.value)} of customers who write then get a first answer {limit}, {others} "
            f"{share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} tickets were answered {counted}; {others} "
            f"{share(d.baseline)}.{halves}",
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{c.scope['weekday']}s: since {month(c.since)}, {share(c.value)} of customers who write then get an "
            f"answer {limit}, before {share(c.baseline)}",
            f"{share(c.value)} of {grouped(c.n)} tickets of that day since {month(c.since)} were answered {limit}; "
            f"before {share(c.baseline)}.",
        )

    yardstick = Yardstick("in_time", LEAST, "higher", "share", say, binary=True)
    compared = against_rest(Cells(in_time.total, in_time.cells, (("weekday",),)), yardstick)
    changed = lasting(in_time, (("weekday",),), yardstick, say_change)
    blocks = [
        among_equals(in_time, scope, "part_of_day", yardstick) for scope, _ in in_time.along("weekday", "part_of_day")
    ]
    closed = _closed(facts)
    open_days = [
        replace(t, explains=(), chart=t.chart if t.onset else _chart(in_time, t.scope["weekday"], counted))
        for t in (*compared.tests, *changed, *(b for b in blocks if b is not None))
        if t.status is not Status.GOOD_PRACTICE and t.scope["weekday"] not in closed
    ]
    tests = _told_apart(open_days, in_time, yardstick)
    shut = _shut(any_hour, closed, yardstick)
    worst = min(
        (mean(m, binary=True) for s, m in in_time.along("weekday") if m.g >= 10 and s["weekday"] not in closed),
        key=lambda i: i.value,
        default=None,
    )
    return Looked(
        headline=_headline(in_time, counted),
        tests=(*tests, *shut.tests),
        score=None if worst is None else Score.of_good(worst),
        short=compared.short,
        chart=_chart(in_time, "", counted),
    )


def _when(scope: Scope) -> tuple[str, str]:
    """Return a time of the week in words, and what it is compared with."""
    day, part = scope["weekday"], scope.get("part_of_day")
    if part is None:
        return f"{day}s", "on the other days"
    at = part if part.startswith("after") else "at night" if part == "night" else f"in the {part}"
    return f"{day}s {at}", f"{at} of the other days"


def _closed(facts: Facts) -> frozenset[str]:
    calendar = facts.declared.calendar
    if not calendar.declared:
        return frozenset()
    return frozenset(d for d in DAYS if d[:3].lower() not in calendar.working_days)


def _shut(any_hour: Cells, closed: frozenset[str], yardstick: Yardstick) -> Compared:
    """Return what customers meet, in all hours, on the days that are declared closed: opportunities, no faults.

    A choice that was declared weighs no more than the least effect, however long the waits.
    """
    own = Yardstick("any_hour", LEAST, "higher", "share", _say_shut, binary=True, worse=Status.OPPORTUNITY)
    compared = against_rest(Cells(any_hour.total, any_hour.cells, (("weekday",),)), own)
    kept = [t for t in compared.tests if t.status is Status.OPPORTUNITY and t.scope["weekday"] in closed]
    weighed = (
        replace(
            t,
            explains=(),
            within=False,
            shrunk=max(t.shrunk, -LEAST),
            chart=_chart(any_hour, t.scope["weekday"], "in time, all hours counted"),
        )
        for t in kept
    )
    return Compared(tuple(weighed), ())


def _say_shut(d: Difference) -> tuple[str, str]:
    return (
        f"{d.scope['weekday']}s, when you are closed: {share(d.value)} of customers who write then are answered in "
        f"time, all hours counted; on the other days {share(d.baseline)}",
        f"{share(d.value)} of {grouped(d.n)} tickets opened on that day were answered within the time promised, else "
        f"usual for their channel, nights and closed days counted; on the other days {share(d.baseline)}. You "
        "declare the day closed: whether to open is a choice.",
    )


def _told_apart(tests: Sequence[Test], cells: Cells, yardstick: Yardstick) -> tuple[Test, ...]:
    """List under each gap what is only a part of it or the evening before it."""
    best: dict[Place, Test] = {}
    for t in sorted((t for t in tests if t.p_value < SURE), key=lambda t: (t.p_value, -abs(t.effect.value))):
        best.setdefault(_place(t.scope), t)
    head = {
        one: next((t for t in best if t != one and _echo(best[one], best[t], cells, yardstick)), one) for one in best
    }
    explains: dict[Place, list[Scope]] = {}
    for one, by in head.items():
        for _ in DAYS:
            by = head[by]
        if by != one:
            explains.setdefault(by, []).append(dict(one))
    return tuple(replace(t, explains=tuple(explains.get(_place(t.scope), ()))) for t in tests)


def _place(scope: Scope) -> Place:
    return tuple(sorted(scope.items()))


def _echo(one: Test, head: Test, cells: Cells, yardstick: Yardstick) -> bool:
    """Tell whether a gap is part of another one, or of the evening before it."""
    day, gap = one.scope["weekday"], head.scope["weekday"]
    if day == gap:
        part, whole = (head, one) if len(head.scope) > 1 else (one, head)
        if len(part.scope) == len(whole.scope):
            return False
        only_part = part.p_value < whole.p_value and not _left_over(day, part.scope, cells, yardstick)
        return only_part if part is head else not only_part
    if DAYS[(DAYS.index(day) + 1) % 7] != gap or len(head.scope) > 1:
        return False
    evening = {"weekday": day, "part_of_day": LAST_PART}
    return dict(one.scope) == evening or (len(one.scope) == 1 and not _left_over(day, evening, cells, yardstick))


def _left_over(day: str, part: Scope, cells: Cells, yardstick: Yardstick) -> bool:
    """Tell whether a day still stands out without one part of it, among the other parts of other days."""
    own, block = cells.get({"weekday": day}), cells.get(part)
    others = cells.get({"part_of_day": part["part_of_day"]})
    if own is None or block is None or others is None:
        return own is not None
    alone, rest = less(own, block), less(less(cells.total, own), less(others, block))
    if min(alone.n, rest.n) < yardstick.min_rows:
        return False
    return p_worse(contrast_between(alone, rest, binary=True), yardstick) < SURE


def _headline(cells: Cells, limit: str) -> str:
    means = {s["weekday"]: m.mean for s, m in cells.along("weekday") if m.n >= 30}
    if len(means) < 2:
        return f"{share(cells.total.mean)} of tickets get a first answer {limit}; too few to compare days."
    low, high = min(means, key=lambda d: (means[d], d)), max(means, key=lambda d: (means[d], d))
    return (
        f"A first answer {limit}: {share(means[low])} of those who write on a {low}, {share(means[high])} on a {high}."
    )


def _chart(cells: Cells, marked: str, counted: str) -> Chart:
    """Return the picture of the week, day by day; `counted` says within what time, in which hours."""
    bars = []
    for day in DAYS:
        moments = cells.get({"weekday": day})
        if moments is not None and moments.g >= 10:
            i = mean(moments, binary=True)
            bars.append(Bar(day, i.value, i.low, i.high, i.n, day == marked))
    return Chart("dots", f"Answered {counted}, by day of the week", "share", tuple(bars), cells.total.mean, "all")
