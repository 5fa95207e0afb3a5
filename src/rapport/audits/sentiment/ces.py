"""Is it easy to be your customer, and where did it become hard?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.words import grouped, share
from rapport.measures.cells import Cells
from rapport.measures.survey import OPTIONAL, Spoken, Survey, followed, survey_inputs
from rapport.models.clustered import mean

LEAST, LEAST_LEVEL = 0.3, 0.6


@audit(
    question="Is it easy?",
    criteria="At each touchpoint the mean ease, on 1 (hard) to 7 (easy), is no lower than before by more than 0.3.",
    source="the company's own earlier answers",
    least_effect=LEAST,
    unit="score",
    inputs={**survey_inputs("ces", "ease"), "easy": Breakdown("answers", "easy", where="kind = 'ces'")},
    optional=OPTIONAL,
    needs=("feedback.score",),
    defect="the returns process gets hard",
    owner="Customer experience",
)
def ces(
    level: Cells,
    months: Cells,
    previous: Cells | None,
    year_before: Cells | None,
    same_previous: Cells | None,
    same_year_before: Cells | None,
    easy: Cells,
    facts: Facts,
) -> Outcome:
    """Ask whether customers find it easy to get things done, where it became harder, and since when.

    What it asks
        How easy customers say it was to handle their issue, and which touchpoint, channel, source, region, plan or
        segment became harder.

    Why it matters
        Effort is what customers remember of a process: a return or a change that takes three attempts costs more
        goodwill than a friendly answer earns.

    How it is measured
        Answers to "the company made it easy for me" on 1 (not at all) to 7 (very), higher being easier: the mean, and
        beside it the share of 5 to 7. Other scales are stretched to 1 to 7; a scale declared the other way round
        (`scale_min` 7, `scale_max` 1) is turned. Each part is compared with its own past, net of what all the others
        did; the company's newest 91 days with the wave before and with the same weeks a year before. Parts whose
        standing level is more than 0.6 from the rest are opportunities. Rows of one customer are kept together.

    How it is scored
        The mean moved to 0 to 100: (mean − 1) / 6.

    What to do
        Walk through that process yourself as a customer would, and count the steps, waits and repeated questions.

    When it is wrong
        Where the source counts effort upwards (7: very hard) and does not say so: everything is then upside down. It is
        a measure of one moment, not of the relationship.

    References
        Dixon, Freeman & Toman (2010), Harvard Business Review 88:116; CEB (2013), Customer Effort Score 2.0.
    """
    spoken = Spoken("the mean ease (1 to 7)", lambda x: grouped(x, 1), lambda x: grouped(x, 2))
    found = followed(
        Survey(spoken, LEAST, LEAST_LEVEL, "score", binary=False),
        level,
        months,
        previous,
        year_before,
        same_previous,
        same_year_before,
    )
    overall, part = mean(level.total, binary=False), mean(easy.total, binary=True)
    low, high = (1.0 if overall.low is None else max(1.0, overall.low)), min(7.0, overall.high or 7.0)
    return Looked(
        headline=f"The mean ease is {grouped(overall.value, 1)} on 1 (hard) to 7 (easy), {grouped(low, 1)} to "
        f"{grouped(high, 1)}, from {grouped(overall.n)} answers; {share(part.value)} found it easy.",
        tests=found.tests,
        score=Score(100 * (overall.value - 1) / 6, 100 * (low - 1) / 6, 100 * (high - 1) / 6),
        short=found.short,
        chart=found.chart,
    )
