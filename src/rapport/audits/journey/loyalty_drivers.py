"""What do new customers do that makes some of them stay and recommend you?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, Outcome, Short, Status, Test
from rapport.core.words import grouped, share
from rapport.measures.alike import FIRST, LATER, SECOND, Counts, among, counted
from rapport.measures.cells import Cells
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.mantel_haenszel import Common
from rapport.models.proportions import wilson
from rapport.models.student import two_sided

LEAST = 0.05
FOUND = 0.05
"""What is looked for in the first half need only show itself there; the other half and the later cohort decide."""
FEWEST = 30
OUTCOMES = {
    "stay": "are still there half a year later",
    "come back": "come back within the half year after",
    "recommend you": "recommend you within the half year after",
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """One behaviour and one outcome: the difference among equals in each part of the customers."""

    behaviour: str
    outcome: str
    found: Common
    confirmed: Common
    second: Common
    later: Common
    crude: float


@audit(
    question="What unexpectedly makes customers stay?",
    criteria="No single thing that new customers do in their first four weeks goes with five points more who stay, "
    "come back or recommend you, among customers equally busy, of equal worth and from the same channel.",
    source="the company's own other new customers",
    least_effect=LEAST,
    unit="share",
    inputs={
        "everybody": Breakdown("newcomer_outcomes", "happened", by=(("outcome",), ("outcome", "part", "alike"))),
        "done": Breakdown(
            "early_behaviours", "happened", by=(("behaviour", "outcome"), ("behaviour", "outcome", "part", "alike"))
        ),
    },
    needs=("subscriptions.valid_from|orders.ordered_at",),
    defect="users of one small feature refer and stay",
    owner="Product",
)
def loyalty_drivers(everybody: Cells, done: Cells, facts: Facts) -> Outcome:
    """Ask what customers who turn out loyal did in their first weeks that others like them did not.

    What it asks
        Which single thing done in the first four weeks (a feature used, a category bought, a step taken, a question
        asked) goes with staying, coming back or recommending in the half year after them.

    Why it matters
        The reasons for loyalty are often small and not on the plan. What is known can be shown to every new customer.

    How it is measured
        Behaviour is counted in the first 28 days only, the outcome in the 180 days after them only, and only of
        customers who were still there when the first weeks were over. Who did something is compared with who did not
        among customers alike: equally busy in those weeks (fifths of the days with any sign of them), of the same plan
        and price (buyers: the same third of spending), from the same acquisition channel. The common difference is that
        of Mantel and Haenszel. Things are looked for in one half of the customers, drawn by their id, and count only if
        the other half and the newest third, who were not looked at before, say the same: their difference is tested.

    How it is scored
        Not scored: it looks for what is worth more of, not for a fault.

    What to do
        Show it to half of the new customers in their first week, drawn by lot, and compare how many stay.

    When it is wrong
        Where something done early only shows what kind of customer it is: no record of the past can rule that out, a
        trial can. Where an event is something that happens to customers. Where the early weeks hold the decision itself
        (a yearly contract signed).

    References
        Mantel & Haenszel (1959), J. National Cancer Institute 22:719; Sato (1989), Biometrics 45:1323; van Houwelingen
        (2007), Scandinavian J. Statistics 34:70, on landmarks and immortal time.
    """
    whole, own = counted(everybody, ("outcome",)), counted(done, ("behaviour", "outcome"))
    looked, short = [], []
    for (behaviour, outcome), counts in sorted(own.items()):
        one = _look(behaviour, outcome, counts, whole[(outcome,)])
        if one is None:
            n = round(sum(n for n, _ in counts.values()))
            short.append(Short({"behaviour": behaviour, "outcome": outcome}, n, 3 * FEWEST))
        else:
            looked.append(one)
    return Looked(
        headline=_headline(everybody, looked),
        tests=_tests(looked),
        score=None,
        short=tuple(short),
        chart=_chart(looked),
    )


def _look(behaviour: str, outcome: str, did: Counts, everybody: Counts) -> _Looked | None:
    """Compare those who did it with those who did not in each part; None where there are too few of either."""
    parts = [among(did, everybody, part) for part in ((FIRST,), (SECOND, LATER), (SECOND,), (LATER,))]
    known = [p for p in parts if p is not None and min(p.n, p.n_rest) >= FEWEST]
    if len(known) < len(parts):
        return None
    n, s = (sum(c[i] for c in did.values()) for i in (0, 1))
    rest_n, rest_s = (sum(c[i] for c in everybody.values()) for i in (0, 1))
    crude = s / n - (rest_s - s) / (rest_n - n)
    found, confirmed, second, later = known
    return _Looked(behaviour, outcome, found, confirmed, second, later, crude)


def _tests(looked: list[_Looked]) -> tuple[Test, ...]:
    """Return the tests of what showed itself in the first half; of everything, where none of it is near a finding."""
    shown = [_test(one) for one in looked if _shows(one)]
    return tuple(shown if any(t.p_value < FOUND for t in shown) else [_test(one) for one in looked])


def _shows(one: _Looked) -> bool:
    return p_beyond(one.found.effect, one.found.se, 0.0, 1) < FOUND


def _test(one: _Looked) -> Test:
    """Return the test on those who were not looked at before; nothing is claimed that they do not repeat."""
    c = one.confirmed
    again = min(one.second.effect, one.later.effect) > LEAST / 2
    reach = two_sided(0.95) * c.se
    then = OUTCOMES[one.outcome]
    return Test(
        scope={"behaviour": one.behaviour, "outcome": one.outcome},
        status=Status.OPPORTUNITY,
        p_value=p_beyond(c.effect, c.se, LEAST, 1) if _shows(one) and again else 1.0,
        value=wilson(c.value * c.n, c.n),
        effect=Interval(c.effect, c.effect - reach, c.effect + reach, c.n),
        baseline=c.rest,
        n=c.n,
        customers=c.n,
        title=f"Of new customers who {one.behaviour} in their first four weeks {share(c.value)} {then}, "
        f"of others like them {share(c.rest)}",
        statement=f"{share(c.value)} of {grouped(c.n)} new customers who {one.behaviour} in their first four weeks "
        f"{then}; of {grouped(c.n_rest)} others, equally busy, of equal worth and from the same channel, "
        f"{share(c.rest)}.",
        input="done",
        shrunk=c.effect,
        within=is_within(c.effect, c.se, LEAST),
        detectable=detectable(c.se, LEAST),
        cause=_cause(one),
    )


def _cause(one: _Looked) -> Cause:
    def points(effect: float) -> str:
        return f"{grouped(100 * effect, 1)} points"

    return Cause(
        "hypothesis",
        "They did it first and turned out loyal after it. Whether it makes others loyal takes a trial.",
        (
            Alternative(
                "Busy, valuable customers do everything and stay",
                f"{points(one.crude)} without, {points(one.confirmed.effect)} with customers held alike.",
            ),
            Alternative(
                "Chance among many things looked at", f"{points(one.second.effect)} in the half not looked at."
            ),
            Alternative("It was so once", f"{points(one.later.effect)} among the newest third."),
        ),
    )


def _headline(everybody: Cells, looked: list[_Looked]) -> str:
    said = [
        f"{share(m.mean)} of {grouped(m.n)} new customers {OUTCOMES[scope['outcome']]}"
        for scope, m in everybody.along("outcome")
    ]
    things = len({one.behaviour for one in looked})
    if not things:
        return f"{'; '.join(said)}. Nothing is known that enough of them, and not all, did in their first four weeks."
    return f"{'; '.join(said)}. {grouped(things)} things they do in their first four weeks were looked at."


def _chart(looked: list[_Looked]) -> Chart | None:
    """Return the differences among equals for the outcome most is known of, those not looked at before."""
    outcomes = sorted({one.outcome for one in looked}, reverse=True)
    if not outcomes:
        return None
    bars = tuple(_bars(one for one in looked if one.outcome == outcomes[0]))
    return Chart("dots", f"More who {outcomes[0]} than among others like them", "share", bars, 0.0, "no difference")


def _bars(looked: Iterator[_Looked]) -> Iterator[Bar]:
    for one in sorted(looked, key=lambda one: one.confirmed.effect)[-14:]:
        c, reach = one.confirmed, two_sided(0.95) * one.confirmed.se
        yield Bar(one.behaviour, c.effect, c.effect - reach, c.effect + reach, c.n)
