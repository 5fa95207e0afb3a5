"""Is keeping a customer cheaper than winning one, by the company's own books?"""

from __future__ import annotations

from dataclasses import dataclass

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence, Money
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Short, Status, Test
from rapport.core.words import grouped, money, share
from rapport.measures.cells import Cells, Totals
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, p_beyond
from rapport.models.moments import Moments

LEAST = 0.10
FEWEST = 30
YEAR = 12


@dataclass(frozen=True, slots=True)
class Won:
    """What winning customers through one channel (or all) cost and what they bring in their first year."""

    channel: str | None
    spent: float
    margins: Moments

    @property
    def cost(self) -> float:
        """What one customer cost."""
        return self.spent / self.margins.n

    @property
    def back(self) -> Interval:
        """What comes back for each euro spent, within the first year."""
        i = mean(self.margins, binary=False)
        low, high = (None if b is None else b / self.cost for b in (i.low, i.high))
        return Interval(i.value / self.cost, low, high, i.n)

    @property
    def name(self) -> str:
        """The subject of a sentence."""
        return f"Customers won through {self.channel}" if self.channel is not None else "Customers"


@audit(
    question="Is keeping cheaper than winning here?",
    criteria="Customers bring, in their first year, at least the margin that winning them cost: on the whole and "
    "through each channel.",
    source="the company's own spend and what its customers brought",
    least_effect=LEAST,
    unit="ratio",
    inputs={
        "won": Breakdown("won_value", "margin", by=(("acquisition_channel",),)),
        "sought": Breakdown("won_value", "margin", by=(("acquisition_channel",),), where="paid_for"),
        "spent": Sums(
            "spending",
            (
                ("judged", "SUM(CASE WHEN kind = 'acquisition' AND judged THEN CAST(amount AS DOUBLE) ELSE 0 END)"),
                ("winning", "SUM(CASE WHEN kind = 'acquisition' AND last_year THEN CAST(amount AS DOUBLE) ELSE 0 END)"),
                ("keeping", "SUM(CASE WHEN kind = 'retention' AND last_year THEN CAST(amount AS DOUBLE) ELSE 0 END)"),
                ("serving", "SUM(CASE WHEN kind = 'service' AND last_year THEN CAST(amount AS DOUBLE) ELSE 0 END)"),
            ),
            by=(("channel",), ("currency",)),
        ),
        "currencies": Sums("won_value", (("most", "MAX(currencies)"),)),
        "kept": Sums(
            "kept_customers", (("months", "COUNT(*)"), ("there", "SUM(customers)"), ("margin", "SUM(margin)"))
        ),
    },
    optional={"won", "sought", "currencies", "kept"},
    needs=("spend.amount", "orders.customer_id|subscriptions.customer_id"),
    defect="– (must reproduce the arithmetic)",
    owner="Management",
)
def retention_economics(
    won: Cells | None, sought: Cells | None, spent: Totals, currencies: Totals | None, kept: Totals | None, facts: Facts
) -> Outcome:
    """Ask what winning and keeping a customer cost, and what each brings.

    What it asks
        What it costs to win a customer and to keep one for a year, by the company's own books; what customers bring in
        the first year after they were won, and what those who are there bring in a year; and whether each channel
        brings back what winning through it costs.

    Why it matters
        "Keeping is five times cheaper than winning" is a figure from somebody else's business. Here are yours, as far
        as they are written down.

    How it is measured
        Winning: what was spent on acquisition in months whose customers have all had a whole year since, over the
        customers won in these months; beside it the margin they brought in their first 365 days (orders less refunds,
        subscriptions at the price of each month's beginning, times the declared gross margin). Keeping: what was spent
        on retention in the last twelve full months over the customers who were there, times twelve; beside it the
        margin these brought in that time. Each channel, by the months in which something was spent on it, and all
        together are tested against bringing back what they cost. All are averages: everything customers brought stands
        beside what was spent, also what they would have brought without it. What the next euro brings only a trial with
        a holdout tells.

    How it is scored
        The part of the spend on winning that stands beside at least as much margin within a year.

    What to do
        Spend less where customers do not bring back their cost in the time you can wait, and try what more spent on
        keeping does for a part of the customers chosen by lot.

    When it is wrong
        Where spend is not written down by channel, channels cannot be told apart; where wages are not in it, winning
        looks cheaper than it is. Customers who come by themselves, and are booked to a channel, make it look better.
        Channels whose customers stay for years may pay back later than in the first one.

    References
        Gupta & Lehmann (2003), J. Interactive Marketing 17:9; Blattberg & Deighton (1996), Harvard Business Review
        74(4):136.
    """
    if len(list(spent.along("currency"))) > 1 or (currencies is not None and (currencies.total["most"] or 0) > 1):
        return NotAssessable(
            "Spend or revenue is in several currencies, which are never added: declare rates for them.",
            ("spend.currency",),
        )
    if won is None or sought is None or won.total.n < FEWEST or not spent.total["judged"]:
        return NotAssessable(
            "It takes spend on acquisition in months that lie a year back, and thirty customers won in these months.",
            ("spend.month",),
            FEWEST,
        )
    everyone, channels, short = _channels(won, sought, spent)
    tests = tuple(_test(one, facts) for one in (everyone, *channels))
    keeping, notes = _keeping(kept, spent, facts)
    return Looked(
        headline=f"Winning a customer costs {_amount(everyone.cost, facts)} and brings "
        f"{_amount(everyone.margins.mean, facts)} of margin in the first year{keeping}.",
        tests=tests,
        score=_score(channels or [everyone]),
        short=short,
        notes=(*notes, *_elsewhere(won, spent, facts)),
        chart=_chart([everyone, *channels]),
    )


def _amount(value: float, facts: Facts) -> str:
    """Return an amount with cents where it is small."""
    if abs(value) >= FEWEST:
        return money(value, facts.currency)
    return money(0, facts.currency).replace("0", grouped(value, 2))


def _channels(won: Cells, sought: Cells, spent: Totals) -> tuple[Won, list[Won], tuple[Short, ...]]:
    costs = {scope["channel"]: float(v["judged"] or 0) for scope, v in spent.along("channel")}
    everyone = Won(None, float(spent.total["judged"]), won.total)
    channels, short = [], []
    for scope, _ in won.along("acquisition_channel"):
        name, moments = scope["acquisition_channel"], sought.get(scope)
        if not costs.get(name):
            continue
        if moments is None or moments.n < FEWEST:
            short.append(Short(dict(scope), 0 if moments is None else round(moments.n), FEWEST))
        else:
            channels.append(Won(name, costs[name], moments))
    return everyone, channels, tuple(short)


def _test(one: Won, facts: Facts) -> Test:
    back = one.back
    i = mean(one.margins, binary=False)
    df = one.margins.effective_clusters - 1
    low, high = back.low, back.high
    se = (high - low) / 2 / 1.96 if low is not None and high is not None else float("inf")
    effect = back.value - 1
    missing = max(0.0, one.cost - i.value) * one.margins.n
    bounds = [max(0.0, one.cost - (b if b is not None else i.value)) * one.margins.n for b in (i.high, i.low)]
    return Test(
        scope={} if one.channel is None else {"acquisition_channel": one.channel},
        status=Status.NONCONFORMING,
        p_value=p_beyond(effect, se, LEAST, -1, df if df > 0 else None),
        value=back,
        effect=Interval(effect, None if low is None else low - 1, None if high is None else high - 1, back.n),
        baseline=1.0,
        n=back.n,
        customers=one.margins.g,
        title=f"{one.name} bring back {share(back.value)} of what winning them cost within a year",
        statement=f"{grouped(back.n)} customers were won for {_amount(one.spent, facts)}, {_amount(one.cost, facts)} "
        f"each; in their first year they brought {_amount(i.value, facts)} of margin each.",
        input="won" if one.channel is None else "sought",
        shrunk=effect,
        within=low is not None and low - 1 >= -LEAST,
        detectable=detectable(se, LEAST),
        consequence=Consequence(
            one.margins.g,
            Money(bounds[0], missing, bounds[1]),
            (
                "what winning them cost beyond the margin of their first year",
                "all that they brought is counted as brought by the spend; later years are not counted",
            ),
        ),
    )


def _keeping(kept: Totals | None, spent: Totals, facts: Facts) -> tuple[str, tuple[str, ...]]:
    """Say what keeping costs beside what those kept bring, for the headline; and what was spent on what, as notes."""
    parts = {name: float(spent.total[name] or 0) for name in ("winning", "keeping", "serving")}
    named = (("winning", "winning customers"), ("keeping", "keeping them"), ("serving", "serving them"))
    notes = [", ".join(f"{_amount(parts[name], facts)} on {words}" for name, words in named if parts[name])]
    told = (f"Spent in the last twelve full months: {notes[0]}.",) if notes[0] else ()
    if kept is None or not kept.total["there"] or not parts["keeping"]:
        return "", (*told, "What keeping costs is not known: the spend has nothing of kind retention in the last year.")
    there = float(kept.total["there"]) / float(kept.total["months"])
    years = float(kept.total["months"]) / YEAR
    cost, brings = parts["keeping"] / there / years, float(kept.total["margin"]) / there / years
    return (
        f"; keeping one costs {_amount(cost, facts)} a year and those who are there bring {_amount(brings, facts)}",
        (
            *told,
            f"There were {grouped(there)} customers on average; everything they brought stands beside the spend, also "
            "what they would have brought without it.",
        ),
    )


def _elsewhere(won: Cells, spent: Totals, facts: Facts) -> tuple[str, ...]:
    """Say which spend belongs to channels that no customer came by."""
    known = {scope["acquisition_channel"] for scope, _ in won.along("acquisition_channel")}
    lost = [(s["channel"], float(v["judged"] or 0)) for s, v in spent.along("channel") if s["channel"] not in known]
    return tuple(
        f"{_amount(amount, facts)} was spent on {name}, by which no customer is known to have come."
        for name, amount in lost
        if amount
    )


def _score(channels: list[Won]) -> Score:
    spent = sum(one.spent for one in channels)

    def paid(bound: str) -> float:
        values = ((one.spent, getattr(one.back, bound)) for one in channels)
        return 100 * sum(cost * min(1.0, max(0.0, back if back is not None else 0.0)) for cost, back in values) / spent

    return Score(paid("value"), paid("low"), paid("high"))


def _chart(all_: list[Won]) -> Chart:
    bars = [
        Bar(one.channel or "all", b.value, b.low, b.high, b.n, one.channel is None) for one in all_ for b in (one.back,)
    ]
    title = "Margin of the first year for each euro spent on winning"
    return Chart("dots", title, "ratio", tuple(bars), 1.0, "what it cost")
