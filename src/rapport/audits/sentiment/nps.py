"""Would customers recommend you, and is that changing?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Sums
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.words import grouped
from rapport.measures.cells import Cells, Totals
from rapport.measures.nps_of import COUNTS, score_of
from rapport.measures.survey import OPTIONAL, Spoken, Survey, followed, survey_inputs

LEAST, LEAST_LEVEL = 5.0, 10.0


@audit(
    question="Would customers recommend you?",
    criteria="The net promoter score is no lower than before, and than a year before, by more than five points.",
    source="the company's own earlier answers",
    least_effect=LEAST,
    unit="points",
    inputs={**survey_inputs("nps", "nps_value"), "counts": Sums("answers", COUNTS, where="kind = 'nps'")},
    optional=OPTIONAL,
    needs=("feedback.score",),
    defect="a real fall of 15 points; and a fall of 5 at n = 300 that must stay quiet",
    owner="Customer experience",
)
def nps(
    level: Cells,
    months: Cells,
    previous: Cells | None,
    year_before: Cells | None,
    same_previous: Cells | None,
    same_year_before: Cells | None,
    counts: Totals,
    facts: Facts,
) -> Outcome:
    """Ask whether customers would recommend the company, and whether fewer would than before.

    What it asks
        How many more customers would recommend you than not, whether that fell or rose, where, and since when.

    Why it matters
        The score is what most companies watch, and most of its movements are noise: at 400 answers a fall of five
        points is well within chance. A real fall is worth knowing the month it happens.

    How it is measured
        9 and 10 are promoters, 7 and 8 passives, 0 to 6 detractors (0 is an answer); the score is the share of
        promoters minus that of detractors, in points from −100 to 100. Only answers on 0 to 10 count. The company's
        newest 91 days with answers are compared with the wave before and with the same weeks a year before, customers
        who answered both times as the same people; and its months are split into before and after where that fits
        best. Touchpoints, channels, regions, plans and segments are each compared with their own past, net of what all
        the others did; those whose standing level differs from the rest by more than ten points are opportunities. A
        change is split into mix (other customers answered) and change within.

    How it is scored
        The score moved to 0 to 100: (NPS + 100) / 2.

    What to do
        Read the words of the newest detractors where it fell; what they share is the first suspect.

    When it is wrong
        Where those who answer are not like those who do not (see survey-representativeness); where a source lost its
        zeros (see lost-scores); where the way of asking changed in the month of the change.

    References
        Reichheld (2003), Harvard Business Review 81:46; Rocks (2016), The American Statistician 70:365; Kitagawa
        (1955), JASA 50:1168.
    """

    spoken = Spoken("the net promoter score", grouped, lambda x: f"{grouped(x)} points")
    found = followed(
        Survey(spoken, LEAST, LEAST_LEVEL, "points", binary=False),
        level,
        months,
        previous,
        year_before,
        same_previous,
        same_year_before,
    )
    overall, off_scale = score_of(level.total, counts.total), counts.total["off_scale"]
    low = -100.0 if overall.low is None else overall.low
    high = 100.0 if overall.high is None else overall.high
    return Looked(
        headline=f"The net promoter score is {grouped(overall.value)} ({grouped(low)} to {grouped(high)}) "
        f"from {grouped(overall.n)} answers.",
        tests=found.tests,
        score=Score((overall.value + 100) / 2, (low + 100) / 2, (high + 100) / 2),
        short=found.short,
        notes=(f"{grouped(off_scale)} answers on another scale than 0 to 10 are not counted.",) if off_scale else (),
        chart=found.chart,
    )
