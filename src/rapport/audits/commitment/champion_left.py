"""When the person who spoke for you at an account leaves, does the account follow?"""

from __future__ import annotations

from dataclasses import dataclass

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, money, share
from rapport.measures.cells import Cells, Totals
from rapport.models.clustered import contrast
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.student import two_sided

LEAST = 0.30
SURE = 0.05
LEFT, LATER = {"champion": "left"}, {"champion": "leaves later"}
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Fall:
    """A change of those whose champion left, net of those whose champion leaves later, in shares of the usual."""

    value: float
    se: float
    df: float

    @property
    def p_value(self) -> float:
        """The p-value of "it falls by at most the least effect"."""
        return p_beyond(self.value, self.se, LEAST, -1, self.df)

    def interval(self, n: int) -> Interval:
        """Return it with its 95 % interval."""
        half = two_sided(0.95, self.df) * self.se
        return Interval(self.value, self.value - half, self.value + half, n)


@audit(
    question="Did your person leave?",
    criteria="After its champion has left, an account is used at least seven tenths as much as accounts whose champion "
    "leaves later are in the same months.",
    source="the company's own accounts whose champion leaves later",
    least_effect=LEAST,
    unit="share",
    inputs={
        "after": Breakdown("champion_leavings", "after_change", by=(("champion",),)),
        "before": Breakdown("champion_leavings", "before_change", by=(("champion",),)),
        "bend": Breakdown("champion_leavings", "bend", by=(("champion",),)),
        "usual": Breakdown("champion_leavings", "weighted_usual", by=(("champion",),)),
        "kind": Sums("champion_leavings", (("use", "MAX(CASE WHEN counts = 'use' THEN 1 ELSE 0 END)"),)),
        "alone": Sums(
            "without_champion", (("accounts", "COUNT(revenue)"), ("revenue", "CAST(SUM(revenue) AS DOUBLE)"))
        ),
    },
    optional={"alone"},
    needs=("contacts.champion", "contacts.left_at", "usage.day|orders.ordered_at"),
    defect="the main contact leaves, and the account's use follows",
    owner="Customer success",
)
def champion_left(
    after: Cells, before: Cells, bend: Cells, usual: Cells, kind: Totals, alone: Totals | None, facts: Facts
) -> Outcome:
    """Ask what becomes of accounts whose main contact has left.

    What it asks
        How much less an account is used in the three months after its champion, the person who speaks for you there,
        has left.

    Why it matters
        Many accounts hang on one person. Who comes after them did not choose you, was not trained by you and has a
        favourite of their own. The use falls months before the contract does; until then it can be saved.

    How it is measured
        An event study. Accounts whose champion left in a month are compared with accounts whose champion leaves more
        than three months later and is still there: days of use (of ordering, where no use is recorded) in the three
        months after the month, less those in the three before it, as a share of the usual. Comparing with accounts that
        lose their champion later, in the same months, takes out the season, whatever happens to everybody, and what is
        special about accounts that lose one. Only accounts that were customers all the time are compared, rows of one
        account kept together. The same is asked of the time before: had the use fallen already between the six and the
        three months before? A finding needs a fall after the leaving that is beyond the least effect by itself and
        beyond it net of the fall before; where only the time before, or only the plain fall, is beyond it, nothing is
        established. Some dip while a successor settles in is usual: hence the least effect of
        three tenths.

    How it is scored
        The use after the leaving in percent of what it would have been; 100 is as much or more.

    What to do
        Know at least two people at every account. When one leaves, ring the successor in the first week.

    When it is wrong
        Where leavings are written down only when an account is in trouble: then trouble comes first and the record
        shows it as a fall before, or, where somebody dates it back, as none. Accounts that left altogether within the
        three months are not compared: `churn` asks about these. The mark `champion` is today's.

    References
        Sun & Abraham (2021) and Callaway & Sant'Anna (2021), J. Econometrics 225:175 and 225:200 (accounts not yet
        treated as the comparison); Roth (2022), AER: Insights 4:305 (a pre-trend that is not significant proves little,
        hence the change net of it).
    """
    left, later = usual.get(LEFT), usual.get(LATER)
    if left is None or later is None or min(left.g, later.g) < FEWEST or left.mean <= 0:
        found = 0 if left is None else left.g
        return NotAssessable(
            f"{found} accounts lost their champion with six months of the record before and three after it, and others "
            f"to compare them with that lose theirs later; it takes {FEWEST} of each.",
            ("contacts.left_at",),
            FEWEST,
        )
    size, n = left.mean, left.g
    fell, had_fallen, net = (_fall(cells, size) for cells in (after, before, bend))
    what = "used" if kind.total["use"] else "ordered from"
    story = (
        f"Of {grouped(n)} accounts whose champion left, use in the three months after it changed by {_percent(fell)} "
        f"against {grouped(later.g)} accounts whose champion left later; in the three months before it by "
        f"{_percent(had_fallen)}."
    )
    if min(fell.p_value, had_fallen.p_value) < SURE <= net.p_value:
        return NotAssessable(
            f"{story} It had begun to fall before they left, so that it cannot be established that their leaving is "
            f"why.",
        )
    test = Test(
        scope={},
        status=Status.NONCONFORMING,
        p_value=max(fell.p_value, net.p_value),
        value=Interval(1 + fell.value, *_ends(fell.interval(n), 1.0), n),
        effect=fell.interval(n),
        baseline=1.0,
        n=n,
        customers=n,
        title=f"When their champion leaves, accounts are {what} {share(abs(fell.value))} "
        f"{'less' if fell.value < 0 else 'more'} in the three months after",
        statement=story,
        input="after",
        shrunk=fell.value,
        within=is_within(min(fell.value, 0.0), fell.se, LEAST, df=fell.df),
        detectable=detectable(fell.se, LEAST, df=fell.df),
        cause=_cause(had_fallen, net),
        consequence=_consequence(alone, n, facts),
        chart=_chart(usual, after, before),
    )
    kept = Score(*(100 * min(1.0, max(0.0, 1 + x)) for x in (fell.value, *_ends(fell.interval(n), 0.0))))
    return Looked(headline=story, tests=(test,), score=kept, chart=test.chart)


def _fall(cells: Cells, size: float) -> Fall:
    """Return the difference between both sides in shares of the usual use; that itself is taken as known."""
    own = cells.get(LEFT)
    assert own is not None
    c = contrast(own, cells.total, binary=False)
    return Fall(c.effect / size, c.se / size, c.df)


def _ends(interval: Interval, more: float) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return more + interval.low, more + interval.high


def _percent(fall: Fall) -> str:
    """Return a change as a signed percentage."""
    return f"{'+' if fall.value > 0 else ''}{grouped(100 * fall.value)} %"


def _cause(had_fallen: Fall, net: Fall) -> Cause:
    return Cause(
        "supported",
        "Use falls after the champion has left and not before, beside accounts in the same months whose champion was "
        "still there.",
        (
            Alternative(
                "the use had been falling already",
                f"{_percent(had_fallen)} in the three months before; net of it the change is {_percent(net)}",
            ),
            Alternative("season, or something that happened to everybody", "taken out: the same months are compared"),
        ),
    )


def _consequence(alone: Totals | None, n: int, facts: Facts) -> Consequence:
    """Say which accounts are without a champion today; what of their revenue is at risk, is not known."""
    if alone is None or not alone.total["accounts"]:
        return Consequence(n, None, ("accounts whose champion left",))
    accounts = int(alone.total["accounts"])
    brought = money(float(alone.total["revenue"]), facts.currency)
    return Consequence(
        accounts,
        None,
        (
            f"{grouped(accounts)} accounts are without a champion today",
            f"They brought {brought} in the last twelve months; how much of it is at risk, the record does not say.",
        ),
    )


def _chart(usual: Cells, after: Cells, before: Cells) -> Chart:
    """Return the days of use a month before and after, of both sides."""
    bars = []
    for scope, marked in ((LATER, False), (LEFT, True)):
        level, rise, fell = usual.get(scope), before.get(scope), after.get(scope)
        if level is None or rise is None or fell is None:
            continue
        times = (("4 to 6 months before", -rise.mean), ("3 months before", 0.0), ("3 months after", fell.mean))
        for when, change in times:
            bars.append(Bar(f"{when} · {scope['champion']}", (level.mean + change) / 3, n=level.g, marked=marked))
    return Chart("dots", "Days of use a month, by when the champion leaves", "count", tuple(bars))
