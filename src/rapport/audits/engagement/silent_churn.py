"""Who is leaving without a word, where, and since when?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence, Money
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Looked, Outcome, Score, Test
from rapport.core.words import grouped, money, month, opening, place, plural, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.compare import against_rest
from rapport.measures.onset import Change, monthly
from rapport.measures.since import lasting, series_of
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.0025
"""In four weeks: three customers in a hundred a year."""
LOOKS = 13
WAYS = ("region", "plan", "acquisition_channel")


@audit(
    question="Who is leaving without a word?",
    criteria="In each region, plan and channel as few customers fall silent for good as in the others, and as before.",
    source="each customer's own rhythm; the company's own other customers and its own past",
    least_effect=LEAST,
    unit="share",
    inputs={
        "silent": Breakdown(
            "silent_leavers",
            "silently",
            by=(
                *((w,) for w in WAYS),
                ("region", "plan"),
                ("plan", "acquisition_channel"),
                ("region", "acquisition_channel"),
                ("month",),
                *((w, "month") for w in WAYS),
                ("region", "plan", "month"),
                ("plan", "acquisition_channel", "month"),
                ("region", "acquisition_channel", "month"),
            ),
        ),
        "caught": Breakdown("silent_leavers", "caught"),
        "over_three_gaps": Breakdown("silent_leavers", "over_three_gaps"),
        "over_recency": Breakdown("silent_leavers", "over_recency"),
        "lead": Sums(
            "silent_leavers",
            (
                ("days", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY lead_days)"),
                ("gaps", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY lead_gaps)"),
                ("horizon", "MAX(horizon_days)"),
            ),
        ),
        "now": Sums(
            "silent_now",
            (
                ("flagged", "COUNT(*)"),
                ("value", "SUM(value_at_risk)"),
                ("each", "AVG(value)"),
                ("silent", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY silent_days)"),
                ("gap", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY own_gap_days)"),
            ),
        ),
    },
    optional={"caught", "over_three_gaps", "over_recency", "lead", "now"},
    defect="5 % of the customers of a region fade over four months and open no ticket",
    owner="Customer success",
)
def silent_churn(
    silent: Cells,
    caught: Cells | None,
    over_three_gaps: Cells | None,
    over_recency: Cells | None,
    lead: Totals | None,
    now: Totals | None,
    facts: Facts,
) -> Outcome:
    """Ask which customers have gone silent by their own rhythm and have said nothing.

    What it asks
        Who gives no sign of life any more without having complained, cancelled or closed; where more do so than
        elsewhere, and since when; and who seems to be leaving now.

    Why it matters
        Most who leave do not say so. By the time a quarter's figures show it they have found somebody else. A silence
        of two weeks is nothing for one customer and the end for another.

    How it is measured
        Signs of life are what customers do: orders, use, visits, clicks and answers, messages, cases, surveys answered.
        An opened letter is none (machines open them), a cancellation is none. Each customer's silence is held against
        their own pauses, drawn to those of customers alike as far as few pauses say little, and against their pace of
        late; what these mean was learned from the record's own past. Every four weeks back, as the record was known
        then, customers with a rhythm, no complaint and a running contract are watched; gone is who, four weeks later,
        gives no sign for so long as nineteen of twenty pauses last. A departure without a word counts in the four weeks
        of the last sign of life, if by the end nobody had complained, ended a contract or closed. Each region, plan and
        channel is tested against all others and against its own past net of theirs; rows of one customer are kept
        together.

    How it is scored
        The share that would still be there after a year of such four weeks, with its interval.

    What to do
        Call those who are flagged, the most valuable first; ask, do not sell. Where one place stands out, look at what
        changed there before they went quiet.

    When it is wrong
        Where signs of life are missing from the record (an app without its log, a second shop), customers look silent
        who are not. A pause of a season looks like an end where the record has not seen it once. Where one person has
        two ids, one of them falls silent.

    References
        Platzer & Reutterer (2016), Marketing Science 35:779 (regularity); Singer & Willett (1993), J. Educational
        Statistics 18:155 (learning from what was known at each moment).
    """

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of the customers leave without a word in four weeks, "
            f"elsewhere {share(d.baseline)}",
            f"Of customers watched {grouped(d.n)} times {share(d.value)} were gone without a word; of all others "
            f"{share(d.baseline)}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        where = "" if not c.scope else f"{opening(place(c.scope))}: "
        since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
        return (
            f"{where}{since} {share(c.value)} of the customers leave without a word in four weeks, before "
            f"{share(c.baseline)}",
            f"Of customers watched {grouped(c.n)} times since {month(c.since)}, {share(c.value)} were gone without a "
            f"word; before it was {share(c.baseline)}.",
        )

    yardstick = Yardstick("silent", LEAST, "lower", "share", say, binary=True, min_rows=100)
    plain = Cells(silent.total, silent.cells, tuple(names for names in silent.by if "month" not in names))
    level = against_rest(plain, yardstick)
    parts = halves(lasting(silent, [(w,) for w in WAYS], yardstick, say_change), silent, yardstick)
    tests = level.tests + beside(parts, since_when(silent, yardstick, say_change), silent, yardstick)
    overall = mean(silent.total, binary=True)
    return Looked(
        headline=_headline(now, silent, facts),
        tests=tuple(_valued(t, now) for t in tests),
        score=Score(*_kept(overall.value, overall.low, overall.high)),
        short=level.short,
        notes=_proof(caught, over_three_gaps, over_recency, lead),
        chart=monthly(series_of(silent, {}), yardstick, "the whole company"),
    )


def _kept(value: float, low: float | None, high: float | None) -> tuple[float, float, float]:
    """Return the share still there after a year, in hundredths, with its limits."""
    worst, best = (1.0 if high is None else high), (0.0 if low is None else low)
    return tuple(100 * (1 - p) ** LOOKS for p in (value, worst, best))  # type: ignore[return-value]


def _headline(now: Totals | None, silent: Cells, facts: Facts) -> str:
    lost = f"{share(silent.total.mean)} of the customers watched leave without a word in four weeks"
    if now is None or not now.total["flagged"]:
        return f"{lost}."
    flagged, value = int(now.total["flagged"]), now.total["value"]
    worth = f", with {money(float(value), facts.currency)} of expected margin at risk" if value else ""
    return (
        f"{lost}; {grouped(flagged)} {plural(flagged, 'is', 'are')} flagged now{worth}: half of them silent for "
        f"{float(now.total['silent']):.0f} days or more, where {float(now.total['gap']):.0f} are usual."
    )


def _proof(
    caught: Cells | None, over_three_gaps: Cells | None, over_recency: Cells | None, lead: Totals | None
) -> tuple[str, ...]:
    """Say how the flagging fared on the past, beside as many flagged by plain rules."""
    if caught is None or over_three_gaps is None or over_recency is None or caught.total.n < 1:
        return ("Too little is known yet of who went to say how such flagging would have fared.",)
    found = mean(caught.total, binary=True)
    against, unproved = [], []
    for name, cells in (
        ("three times their usual gap", over_three_gaps),
        ("the length of the silence alone", over_recency),
    ):
        more = mean(cells.total, binary=False)
        value, low, high = (f"{100 * (v or 0):+.1f}".replace("-", "−") for v in (more.value, more.low, more.high))
        against.append(f"{value} points ({low} to {high}) against as many by {name}")
        if more.low is None or more.low <= 0:
            unproved.append(name)
    told = f" It is not shown to catch more than {' or '.join(unproved)} would." if unproved else ""
    if lead is not None and lead.total["days"] is not None:
        told += (
            f" Half of those caught were known {float(lead.total['days']):.0f} days or more "
            f"({float(lead.total['gaps']):.1f} of their own usual gaps) before waiting would have shown it."
        )
    return (
        f"Looking back, the flagging caught {share(found.value)} of the {grouped(found.n)} who were gone: "
        f"{' and '.join(against)}.{told}",
    )


def _valued(test: Test, now: Totals | None) -> Test:
    """Say how many more went than elsewhere or before, and what they would have brought."""
    each = float(now.total["each"] or 0) if now is not None else 0.0
    low, high = test.effect.low, test.effect.high
    more = max(0, round(test.effect.value * test.n))
    value = None
    if each and low is not None and high is not None:
        value = Money(*(max(0.0, effect) * test.n * each for effect in (low, test.effect.value, high)))
    assumptions = ("each of them would have brought what those flagged now are expected to bring on average",)
    return replace(test, consequence=Consequence(more, value, assumptions if value else ()))
