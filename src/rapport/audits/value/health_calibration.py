"""Do the customers leave who looked healthy, and what did their health not see?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import contrast_between, mean

LEAST = 0.05
WAYS = ("sponsor", "plan", "region")
THIRDS = ("healthy", "middle", "unwell")
SPONSOR = {
    "replaced": "whose main contact had left within half a year",
    "in place": "whose main contact is still there",
}


@audit(
    question="Are the green ones leaving?",
    criteria="Of the customers who looked healthy as many stay in each plan and region, and with a new main "
    "contact, as of all others who looked healthy.",
    source="the company's own other customers of the healthier half, at earlier moments",
    least_effect=LEAST,
    unit="share",
    inputs={
        "left": Breakdown(
            "health_backtest",
            "left_within",
            by=tuple((w,) for w in WAYS),
            where="looked_healthy",
        ),
        "thirds": Breakdown("health_backtest", "left_within", by=(("third",),)),
    },
    defect="high usage hides a replaced sponsor",
    owner="Customer success",
)
def health_calibration(left: Cells, thirds: Cells, facts: Facts) -> Outcome:
    """Ask who of those that looked healthy left all the same.

    What it asks
        Whether customers with a good health score stay, and among which of them it misleads.

    Why it matters
        A score is trusted where it is green: nobody calls those customers. Whoever leaves from there leaves unseen, and
        what they have in common is what the score does not look at.

    How it is measured
        At up to six earlier moments, about a quarter apart, health is measured as it could have been then. The
        healthier half of the customers who could leave is followed for the horizon (`risk_learning`). Among them each
        plan and region, and those whose main contact had left within the half-year before, are compared with all
        others of the half, rows of one customer together.

    How it is scored
        The share of the healthier half that stayed, with its interval.

    What to do
        Speak with the customers it was found among before their next renewal, whatever their score says; add what they
        have in common to what you watch.

    When it is wrong
        Health is a measurement, no forecast: it need not tell who leaves, and the risk is another number. Where a
        source names champions only today, a person who left long ago and was no champion then is taken for one. Moments
        at which fewer than thirty customers could leave are left out.

    References
        Spiegelhalter (1986), Statistics in Medicine 5:421, for calibration within groups.
    """
    healthy = thirds.cells.get((("third", "healthy"),))
    unwell = thirds.cells.get((("third", "unwell"),))
    if healthy is None or unwell is None or not left.total.n:
        return NotAssessable("No third of the customers could be told from another by their health.")

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{_who(d)}: {share(d.value)} of those who looked healthy left, of the others {share(d.baseline)}",
            f"{grouped(d.n)} times a customer there looked healthy at an earlier moment, each moment counted; after "
            f"{share(d.value)} of these they left within the horizon, after {share(d.baseline)} of all other such "
            f"times. Their use and their answers did not show it.",
        )

    yardstick = Yardstick("left", LEAST, "lower", "share", say, binary=True)
    found = against_rest(left, yardstick)
    gone, spared = mean(left.total, binary=True), contrast_between(healthy, unwell, binary=True)
    return Looked(
        headline=f"{share(mean(healthy, binary=True).value)} of the healthiest third left, of the least healthy third "
        f"{share(mean(unwell, binary=True).value)}.",
        tests=found.tests,
        score=Score.of_bad(gone),
        short=found.short,
        notes=(_told(spared.effect, spared.low, spared.high),),
        chart=_chart(thirds),
    )


def _who(d: Difference) -> str:
    rest = {name: value for name, value in d.scope.items() if name != "sponsor"}
    sponsor = SPONSOR.get(d.scope.get("sponsor", ""), "")
    if not sponsor:
        return opening(place(rest))
    return f"{opening(place(rest)) if rest else 'Customers'} {sponsor}"


def _told(effect: float, low: float, high: float) -> str:
    """Say whether the thirds differ at all, which is what a score is worth as a warning."""
    if high < 0:
        return (
            f"Health tells apart who stays: of the healthiest third fewer leave than of the least healthy, by "
            f"{_points(-effect)} points ({_points(max(0.0, -high))} to {_points(-low)})."
        )
    return "Health does not tell apart who stays: the thirds leave about as often. Go by the risk of leaving instead."


def _points(difference: float) -> str:
    return grouped(100 * difference, 1)


def _chart(thirds: Cells) -> Chart:
    bars = []
    for name in THIRDS:
        moments = thirds.cells.get((("third", name),))
        if moments is not None:
            value = mean(moments, binary=True)
            bars.append(Bar(name, value.value, value.low, value.high, value.n))
    return Chart("dots", "Share of customers who left, by how healthy they had looked", "share", tuple(bars))
