"""What is a relationship worth, and where is it worth less?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Rows, Sums
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Status
from rapport.core.words import grouped, money, opening, place, share
from rapport.measures.cells import Cells, Sample, Totals
from rapport.measures.compare import against_rest
from rapport.measures.yardstick import Difference, Yardstick

LEAST = 0.25
LEAST_CUSTOMERS = 30
PLACES = (("acquisition_channel",), ("region",), ("country",))
SHOWN = (("segment",), ("plan",), *PLACES)
SHOWN_MOST = 12
MEANS = (
    ("value", "AVG(value)"),
    ("low", "AVG(value_low)"),
    ("high", "AVG(value_high)"),
    ("active", "AVG(probability_active)"),
    ("n", "COUNT(*)"),
)
Row = Mapping[str, Any]


@audit(
    question="What is a relationship worth?",
    criteria="A relationship is worth about as much in each acquisition channel and region; the forecast holds.",
    source="the company's own other customers, and the newest part of its record, held back from the models",
    least_effect=LEAST,
    unit="ratio",
    inputs={
        "worth": Breakdown(
            "relationship_values",
            "relative",
            by=(*PLACES, ("acquisition_channel", "region"), ("acquisition_channel", "country")),
            where="lively",
        ),
        "values": Sums("relationship_values", MEANS, by=SHOWN),
        "purchases": Rows("purchases_foretold", "row_id", where="what IN ('model', 'baseline')"),
        "contracts": Rows("contracts_foretold", "row_id", where="what IN ('model', 'baseline')"),
    },
    optional={"purchases", "contracts"},
    defect="none is planted: what is foretold must be within the published error",
    owner="Management",
)
def lifetime_value(
    worth: Cells, values: Totals, purchases: Sample | None, contracts: Sample | None, facts: Facts
) -> Outcome:
    """Ask what margin a customer will still bring, and how far that can be believed.

    What it asks
        What a relationship brings in the time ahead: on average, by channel and region; and how nearly the same
        models foretold the newest part of your own record.

    Why it matters
        It is what a customer may cost to win and to keep. A sum of past orders is no forecast, and a forecast whose
        error nobody printed is no number to decide by.

    How it is measured
        Expected margin within the declared horizon (twelve months else), discounted, of everybody who ever bought or
        holds a contract. Purchases are foretold by the model that did it best within the record (`prospects`),
        contracts by the chance of leaving at their age and plan. The newest part of the record is held back, foretold
        from what was known before, and compared: the total, and the deviance customer by customer, beside plain rules.
        Limits carry the models' uncertainty and by how much they proved wrong. Channels and regions are compared among
        customers who are rather active than not, against all others; different plans and segments are meant to be
        worth different amounts and are shown only.

    How it is scored
        Not: a high value is no conduct.

    What to do
        Spend on winning a customer what the lower limit allows. Where a channel's relationships are worth less, ask
        what its customers were promised.

    When it is wrong
        Where the time ahead is not like the past: a season that the record has not seen twice, a price rise, a new
        competitor. Without a declared margin it is revenue, not profit. The first order in a record is not always a
        customer's first.

    References
        Fader, Hardie & Lee (2005), Marketing Science 24:275; Batislam et al. (2007), IJRM 24:201; Fader & Hardie
        (2013), "The Gamma-Gamma model of monetary value"; Singer & Willett (1993), J. Educational Statistics 18:155.
    """
    everyone = values.total
    n = int(everyone["n"] or 0)
    if n < LEAST_CUSTOMERS:
        return NotAssessable(
            f"There are {n} customers whose future can be foretold; {LEAST_CUSTOMERS} are needed.",
            needed=LEAST_CUSTOMERS,
        )

    def say(d: Difference) -> tuple[str, str]:
        mine = _at(values, d.scope)
        amount = f" ({_amount(mine, facts)})" if mine else ""
        return (
            f"{opening(place(d.scope))}: a relationship is worth {share(d.value / d.baseline)} of what it is elsewhere",
            f"The {grouped(d.n)} active customers are worth {share(d.value)} of the mean{amount}; all others "
            f"{share(d.baseline)}.",
        )

    yardstick = Yardstick("worth", LEAST, "higher", "ratio", say, worse=Status.OPPORTUNITY)
    plain = Cells(worth.total, worth.cells, PLACES)
    compared = against_rest(plain, yardstick)
    economics = facts.declared.economics
    counted = "margin" if economics.declared else "revenue (no margin is declared)"
    return Looked(
        headline=f"A relationship is worth {_amount(everyone, facts)} of {counted} over the next "
        f"{economics.horizon_months} months.",
        tests=compared.tests,
        score=None,
        short=compared.short,
        notes=(*_held_back(purchases, "purchases"), *_held_back(contracts, "customers with a contract")),
        chart=_chart(values),
    )


def _amount(found: Row, facts: Facts) -> str:
    low, high = money(float(found["low"]), facts.currency), money(float(found["high"]), facts.currency)
    return f"{money(float(found['value']), facts.currency)} ({low} to {high})"


def _at(values: Totals, scope: Mapping[str, str]) -> Row | None:
    return next((found for own, found in values.along(*scope) if own == dict(scope)), None)


def _held_back(found: Sample | None, of: str) -> Iterator[str]:
    """Say how the forecast of the newest part of the record fared."""
    rows = found.rows if found is not None else ()
    chosen = next((r for r in rows if r["what"] == "model"), None)
    if chosen is None:
        return
    actual, foretold = float(chosen["actual"]), float(chosen["foretold"])
    plain = [r for r in rows if r["what"] == "baseline"]
    what = "were made" if of == "purchases" else "stayed"
    said = f"{grouped(chosen['low'])} to {grouped(chosen['high'])}" if chosen["low"] is not None else "no limits known"
    held = chosen["low"] is not None and chosen["low"] <= actual <= chosen["high"]
    yield (
        f"Held back: in the last {chosen['horizon_days']:.0f} days {grouped(actual)} {of} {what}; from what was known "
        f"before, {chosen['name']} foretold {grouped(foretold)} ({said}: {'held' if held else 'not held'}). Deviance "
        f"{grouped(chosen['deviance'])}; "
        + ", ".join(f"{r['name']} {grouped(r['deviance'])} (foretold {grouped(r['foretold'])})" for r in plain)
        + "."
    )


def _chart(values: Totals) -> Chart | None:
    """Return what a relationship is worth by the first of segment, plan, channel, region that has two or more."""
    for names in SHOWN:
        cells = [(own, v) for own, v in values.along(*names) if int(v["n"]) >= LEAST_CUSTOMERS]
        if len(cells) > 1:
            cells = sorted(cells, key=lambda c: -int(c[1]["n"]))[:SHOWN_MOST]
            bars = [
                Bar(own[names[0]], float(v["value"]), float(v["low"]), float(v["high"]), int(v["n"]))
                for own, v in sorted(cells, key=lambda c: float(c[1]["value"]))
            ]
            title = f"What a relationship is worth, by {names[0].replace('_', ' ')}"
            return Chart("dots", title, "money", tuple(bars), float(values.total["value"]), "all")
    return None
