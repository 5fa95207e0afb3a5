"""Are customers satisfied, and where no longer?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.words import grouped, share
from rapport.measures.cells import Cells
from rapport.measures.survey import OPTIONAL, Spoken, Survey, followed, survey_inputs
from rapport.models.clustered import mean

LEAST, LEAST_LEVEL = 0.05, 0.10


@audit(
    question="Are customers satisfied?",
    criteria="At each touchpoint the share of satisfied customers is no lower than before by more than five points.",
    source="the company's own earlier answers",
    least_effect=LEAST,
    unit="share",
    inputs=survey_inputs("csat", "satisfied"),
    optional=OPTIONAL,
    needs=("feedback.score",),
    defect="one touchpoint falls",
    owner="Customer experience",
)
def csat(
    level: Cells,
    months: Cells,
    previous: Cells | None,
    year_before: Cells | None,
    same_previous: Cells | None,
    same_year_before: Cells | None,
    facts: Facts,
) -> Outcome:
    """Ask what share of customers is satisfied, at which touchpoint it fell, and since when.

    What it asks
        How many of those who answered were satisfied, and which touchpoint, channel, source, region, plan or segment
        lost satisfied customers.

    Why it matters
        Satisfaction is asked right after a moment, so it says where something broke, often before anyone complains.

    How it is measured
        The share of answers in the top two values of the scale: 4 and 5 on 1 to 5, the 3 counted with the others; on a
        scale of three values only the best. Never a mean. The scale is the declared one, else the one the answers of
        the same source show. Each part is compared with its own past, net of what all the others did; the company's
        newest 91 days with the wave before and with the same weeks a year before, customers who answered both times as
        the same people. Parts whose standing level is more than ten points from the rest are opportunities. Rows of one
        customer are kept together; changes are split into mix and change within.

    How it is scored
        The share satisfied, with its interval.

    What to do
        Look at what changed at that touchpoint in the month the fall began; read the words of the dissatisfied there.

    When it is wrong
        Where the scale is not declared and nobody ever gave the best value; where the scale or the moment of asking was
        changed; where surveys are sent only after happy endings (see survey-representativeness).

    References
        Zendesk, "CSAT: good and bad ratings" (1–5: 4 and 5 are good; 1–3: only 3); Wilson (1927), JASA 22:209.
    """
    spoken = Spoken("the share of satisfied customers", share, lambda x: f"{grouped(100 * x, 1)} points")
    found = followed(
        Survey(spoken, LEAST, LEAST_LEVEL, "share", binary=True),
        level,
        months,
        previous,
        year_before,
        same_previous,
        same_year_before,
    )
    overall = mean(level.total, binary=True)
    low, high = overall.low or 0.0, 1.0 if overall.high is None else overall.high
    return Looked(
        headline=f"{share(overall.value)} of customers are satisfied ({share(low)} to {share(high)}), "
        f"from {grouped(overall.n)} answers.",
        tests=found.tests,
        score=Score.of_good(overall),
        short=found.short,
        chart=found.chart,
    )
