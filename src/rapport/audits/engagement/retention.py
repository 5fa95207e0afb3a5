"""Do customers who came lately stay as long as those who came before them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside, one_per_scope
from rapport.measures.onset import Change
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import narrowed_to, since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import Moments, added

LEAST = 0.05
WAYS = ("acquisition_channel", "region", "plan")
AGES = {"orders": (2, 3, 4), "subscriptions": (3, 6, 12)}
"""In steps. The first stretch of buyers is what repeat-purchase asks; after 30 days nearly all subscribers pay."""
NEWEST_COHORTS = 6
LEAST_DRAWN = 30


@dataclass(frozen=True, slots=True)
class Age:
    """One age of the relationship at which cohorts are compared, in words."""

    kind: str
    number: int
    step_days: float

    @property
    def who(self) -> str:
        """Who was due, as the subject of a sentence."""
        return "new customers" if self.kind == "orders" else "new subscribers"

    @property
    def stays(self) -> str:
        """What those who are still there do."""
        if self.kind == "subscriptions":
            return f"still pay after {self.number * self.step_days:.0f} days"
        first, last = (self.number - 1) * self.step_days, self.number * self.step_days
        return f"order between day {first:.0f} and {last:.0f} after their first order"

    @property
    def short(self) -> str:
        """The age as a label."""
        return f"{self.number * self.step_days:.0f} days"


@audit(
    question="Do cohorts last as long as they used to?",
    criteria="At the same age as many customers of newer cohorts are still there as of older ones.",
    source="the company's own older cohorts, begun in the same season where the record reaches back a year",
    least_effect=LEAST,
    unit="share",
    inputs={
        "active": Breakdown(
            "cohort_ages",
            "active",
            by=(
                ("kind", "age"),
                ("kind", "age", "month"),
                *(("kind", "age", w, "month") for w in WAYS),
                ("kind", "age", "acquisition_channel", "region", "month"),
                ("kind", "age", "acquisition_channel", "plan", "month"),
                ("kind", "age", "region", "plan", "month"),
            ),
        ),
        "steps": Sums("cohort_ages", (("step_days", "MAX(step_days)"),), by=(("kind",),)),
    },
    needs=("orders.customer_id|subscriptions.customer_id",),
    defect="recent cohorts decay faster",
    owner="Customer success",
)
def retention(active: Cells, steps: Totals, facts: Facts) -> Outcome:
    """Ask whether new customers stay as long as earlier ones did.

    What it asks
        Whether customers who began lately are as often still there, at the same age, as those who began before.

    Why it matters
        Growth hides decay: as long as enough new customers come, nobody sees that they stay for a shorter time than
        those before them. By the time the total shrinks, a year of cohorts is lost.

    How it is measured
        Customers are grouped by the month in which they began. For buyers, an age is a stretch as long as the time in
        which three quarters of those who return do so, and being there is ordering in it; for subscribers it is a paid
        period that runs 90, 180 or 360 days after the first began. Only customers who have reached an age count at
        it. At each age the cohorts since some month are compared with those before, each calendar month with its
        namesakes where the record reaches back a year (a December's gift buyers are measured against December's); and
        each channel, region and plan with its own past, net of all others.

    How it is scored
        What newer cohorts keep in percent of what older ones kept at the same age; 100 is as much or more.

    What to do
        Ask what changed in the month in which the decay begins: who was addressed, what was promised, how they were
        received; then speak with customers of these cohorts who are about to reach the age at which others left.

    When it is wrong
        Where the source holds only subscriptions that still run, old cohorts consist of survivors and look too good.
        Where it is not known when a customer was created, cohorts at the left edge of the record are left out.

    References
        Frisch & Waugh (1933), Econometrica 1:387, for the season; Kaplan & Meier (1958), JASA 53:457.
    """
    tests: list[Test] = []
    drawn: list[Age] = []
    for age in _ages(steps):
        cells = narrowed_to(active, kind=age.kind, age=str(age.number))
        if not cells.total.n:
            continue
        found = _at(age, cells)
        tests += found
        drawn += [age] if found else []
    if not drawn:
        return NotAssessable(
            "No cohort whose beginning is known is old enough: it takes at least five months of cohorts with 30 "
            "customers each, at an age that all of them have reached.",
            ("customers.created_at",),
            150,
        )
    merged = one_per_scope(tests)
    first = drawn[0]
    overall = mean(narrowed_to(active, kind=first.kind, age=str(first.number)).total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of {first.who} {first.stays}.",
        tests=merged,
        score=_score(merged),
        notes=tuple(
            f"{opening(who)} are compared {', '.join(a.short for a in drawn if a.who == who)} after their beginning."
            for who in dict.fromkeys(a.who for a in drawn)
        ),
        chart=_curves(active, drawn),
    )


def _ages(steps: Totals) -> list[Age]:
    return [
        Age(scope["kind"], number, float(values["step_days"]))
        for scope, values in steps.along("kind")
        for number in AGES[scope["kind"]]
    ]


def _at(age: Age, cells: Cells) -> list[Test]:
    """Return the tests at one age."""

    def say(d: Difference) -> tuple[str, str]:
        return (f"{opening(place(d.scope))}: {share(d.value)} of {age.who} {age.stays}", "")

    def say_change(c: Change) -> tuple[str, str]:
        begun = f"who began since {month(c.since)}"
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        subject = f"{share(c.value)} of {age.who} {begun}"
        return (
            f"{where}{subject} {age.stays}, before {share(c.baseline)}",
            f"Of {grouped(c.n)} {age.who} {begun} {share(c.value)} {age.stays}; of those who began earlier "
            f"{share(c.baseline)} did at the same age.",
        )

    yardstick = Yardstick("active", LEAST, "higher", "share", say, binary=True)
    parts = halves(lasting(cells, [(w,) for w in WAYS], yardstick, say_change), cells, yardstick)
    return list(beside(parts, since_when(cells, yardstick, say_change), cells, yardstick))


def _score(tests: Sequence[Test]) -> Score | None:
    """Return what newer cohorts keep of what older ones kept, from the whole company's most certain test."""
    whole = [t for t in tests if not t.scope and t.status is Status.NONCONFORMING and t.baseline > 0]
    if not whole:
        return None
    test = min(whole, key=lambda t: t.p_value)

    def kept(effect: float | None) -> float:
        return 100 * min(1.0, max(0.0, 1 + (effect or 0.0) / test.baseline))

    return Score(kept(test.effect.value), kept(test.effect.low), kept(test.effect.high))


def _curves(active: Cells, ages: Sequence[Age]) -> Chart | None:
    """Return both groups of cohorts at each age, with how many were at risk: the newest marked."""
    bars = []
    for age in ages:
        cells = narrowed_to(active, kind=age.kind, age=str(age.number))
        series = [(scope["month"], m) for scope, m in cells.along("month")]
        groups = (("earlier", series[:-NEWEST_COHORTS], False), ("newest", series[-NEWEST_COHORTS:], True))
        for name, part, marked in groups:
            moments: Moments = added([m for _, m in part])
            if moments.n >= LEAST_DRAWN:
                i = mean(moments, binary=True)
                bars.append(Bar(f"{age.short} · {name}", i.value, i.low, i.high, i.n, marked))
    title = "Still there at the same age: the newest six cohorts and the earlier ones"
    return Chart("dots", title, "share", tuple(bars)) if bars else None
