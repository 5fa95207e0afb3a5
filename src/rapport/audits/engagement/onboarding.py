"""How soon do new customers have what they came for, and where does it take longer?"""

from __future__ import annotations

import math
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums, Times
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Test
from rapport.core.words import duration, grouped, month, opening, place, share
from rapport.measures.cells import Cells, TimeCells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.10
DAY = 86400.0
WAYS = ("plan", "acquisition_channel", "region")
PAIRS = (("plan", "acquisition_channel"), ("plan", "region"), ("acquisition_channel", "region"))
CURVE = 12
"""Points of the curve that is drawn."""


@audit(
    question="Do new customers reach first value?",
    criteria="As many new customers of each plan, acquisition channel and region have what they came for within the "
    "usual (or declared) time as of all others, and as before.",
    source="the company's own other new customers, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "in_time": Breakdown(
            "first_value",
            "in_time",
            by=(
                *((w,) for w in WAYS),
                *PAIRS,
                ("month",),
                *((w, "month") for w in WAYS),
                *((*pair, "month") for pair in PAIRS),
            ),
        ),
        "until": Times("first_value", "seconds", "reached", by=tuple((w,) for w in WAYS)),
        "meant": Sums("first_value", (("what", "MIN(what)"), ("horizon", "MAX(horizon_days)"), ("all", "COUNT(*)"))),
    },
    needs=(
        "usage.feature|events.name|orders.delivered_at",
        "customers.created_at|subscriptions.valid_from|orders.delivered_at",
    ),
    defect="slow on one plan",
    owner="Customer success",
)
def onboarding(in_time: Cells, until: TimeCells, meant: Totals, facts: Facts) -> Outcome:
    """Ask how long it takes until new customers have what they came for.

    What it asks
        How long it takes a new customer to first value, where it takes longer, and since when.

    Why it matters
        Before first value a new customer has only paid. Who does not get there in the first weeks seldom gets there
        later, and leaves at the first renewal without having been a customer.

    How it is measured
        First value is the moment you declared under `[[journey.expected]]` (one without purpose and campaign, named
        like an event or a feature of the record); else the first use of the feature that most customers use; in a
        record without use, the delivery of the first order. The time to it is a Kaplan–Meier curve: who is not there
        yet, and who left before, is censored. Tested is the share of new customers who got there within the horizon:
        the days declared, else the time in which three quarters of those who get there do. Only customers at least that
        old count; who left before is one who did not get there. Each plan, channel and region is tested against all
        others and against its own earlier cohorts, the company against the same months of other years.

    How it is scored
        The share of new customers who reach first value within the horizon, with its interval.

    What to do
        Sit beside five new customers of the slow plan from the first hour to first value; note where they wait for you.

    When it is wrong
        Where the most used feature is not what customers come for: declare the moment. Where customers are created long
        before they begin, such as leads. Plans for larger customers may rightly take longer. Who began before the
        record does is left out.

    References
        Kaplan & Meier (1958), JASA 53:457; Brookmeyer & Crowley (1982), Biometrics 38:29, for the median's interval.
    """
    if not in_time.total.n:
        return NotAssessable(
            f"None of {grouped(meant.total['all'] or 0)} customers who began within the record is old enough to say "
            "whether they reached first value in the usual time.",
            ("customers.created_at",),
            300,
        )
    horizon = f"{meant.total['horizon']:.0f} days"
    done, moment = _named(str(meant.total["what"]), facts)

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of new customers {done} within {horizon}, "
            f"elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} new customers {done} within {horizon}; of all others "
            f"{share(d.baseline)}.{_half(until, d)}",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        return (
            f"{where}{share(c.value)} of customers who began since {month(c.since)} {done} within {horizon}, "
            f"before {share(c.baseline)}",
            f"{share(c.value)} of {grouped(c.n)} customers who began since {month(c.since)} {done} within {horizon}; "
            f"of those who began earlier {share(c.baseline)}.",
        )

    yardstick = Yardstick("in_time", LEAST, "higher", "share", say, binary=True)
    plain = Cells(in_time.total, in_time.cells, tuple(names for names in in_time.by if "month" not in names))
    level = against_rest(plain, yardstick)
    parts = halves(lasting(in_time, [(w,) for w in WAYS], yardstick, say_change), in_time, yardstick)
    tests: tuple[Test, ...] = level.tests + beside(
        parts, since_when(in_time, yardstick, say_change), in_time, yardstick
    )
    overall = mean(in_time.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of new customers {done} within {horizon}{_median(until)}.",
        tests=tests,
        score=Score.of_good(overall),
        short=level.short,
        notes=(f"First value is taken to be {moment}; another moment can be declared under [[journey.expected]].",),
        chart=_curve(until, float(meant.total["horizon"]), moment),
    )


def _named(what: str, facts: Facts) -> tuple[str, str]:
    """Return first value in words: what those who are there have done, and the moment."""
    if what == "delivery":
        return "have their first order", "the delivery of the first order"
    if any(m.moment == what and m.purpose is None and m.campaign is None for m in facts.declared.journey.expected):
        return f"have come to “{what}”", f"“{what}”, as declared"
    return f"have used {what}", f"the first use of {what}"


def _half(until: TimeCells, d: Difference) -> str:
    """Say by when half of a place's new customers got there, where half of them did."""
    curve = until.curve(d.scope) if len(d.scope) == 1 else None
    half = curve.quantile(0.5).value if curve is not None else math.inf
    return f" Half of them got there within {duration(half)}." if math.isfinite(half) else ""


def _median(until: TimeCells) -> str:
    curve = until.curve()
    half = curve.quantile(0.5).value if curve is not None else math.inf
    return f", half of them within {duration(half)}" if math.isfinite(half) else ""


def _curve(until: TimeCells, horizon: float, moment: str) -> Chart | None:
    """Return the share that is there after so many days, those who have had no time left out."""
    curve = until.curve()
    if curve is None:
        return None
    bars = []
    for i in range(CURVE + 1):
        days = 2 * horizon * i / CURVE
        left = curve.at(days * DAY)
        if math.isfinite(left):
            bars.append(Bar(f"{days:.0f}", 1 - left))
    drawn = Chart(
        "step", f"Share of new customers who have come to first value ({moment}), by days since they began", "share", ()
    )
    return replace(drawn, bars=tuple(bars)) if bars else None
