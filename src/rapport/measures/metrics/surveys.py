"""What customers say when asked: would they recommend, are they satisfied, was it easy, and how many answer."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.measures.cells import Cells, Totals
from rapport.measures.nps_of import COUNTS, score_of
from rapport.models.clustered import mean

LEAST = 10
MONTHS = (("month",),)


@metric(
    id="nps",
    version=1,
    name="Net promoter score",
    unit="points",
    formula="100 · (share of 9 and 10 − share of 0 to 6); 7 and 8 count in the denominator alone",
    inclusion="all answers on a scale of 0 to 10 in the period; several answers of one customer all count",
    missing="0 is an answer; answers without a score, on another scale or off the scale are left out",
    least_n=LEAST,
    interval="±1.96 · 100 · √((p + d − (p − d)²)/n) where each customer answered once (adjusted, Rocks 2016, below ten "
    "answers or where all are of one kind); else clustered by customer",
    source="Reichheld (2003), Harvard Business Review 81:46; Rocks (2016), The American Statistician 70:365",
    inputs={
        "values": Breakdown("answers", "nps_value", by=MONTHS, where="kind = 'nps'"),
        "counts": Sums("answers", COUNTS, where="kind = 'nps'"),
    },
    higher_is_better=True,
    needs=("feedback.score",),
    trend_input="values",
)
def nps(values: Cells, counts: Totals, facts: Facts) -> Interval | None:
    """Return the net promoter score of the period."""
    return score_of(values.total, counts.total) if values.total.n >= LEAST else None


@metric(
    id="nps_response_rate",
    version=1,
    name="NPS response rate",
    unit="share",
    formula="answered NPS questions / NPS questions asked",
    inclusion="questions with a day of asking at least 14 days before the cut-off",
    missing="not known where the record holds no unanswered question at all: the source gives answers only",
    least_n=LEAST,
    interval="Wilson's at the effective number of customers",
    source="AAPOR (2023), Standard Definitions: RR2",
    inputs={"answered": Breakdown("answers", "answered", by=MONTHS, where="kind = 'nps' AND due")},
    higher_is_better=True,
    needs=("feedback.asked_at",),
    trend_input="answered",
)
def nps_response_rate(answered: Cells, facts: Facts) -> Interval | None:
    """Return how many of those asked answered; None where nobody is on record as not having answered."""
    known = answered.total.n >= LEAST and answered.total.s < answered.total.n
    return mean(answered.total, binary=True) if known else None


@metric(
    id="csat",
    version=1,
    name="Customer satisfaction",
    unit="share",
    formula="answers in the top two values of the scale / all answers (1–5: 4 and 5; 3 is not satisfied); the top "
    "value alone on scales of three values or fewer",
    inclusion="all CSAT answers of the period, all touchpoints; items of a questionnaire left out",
    missing="asked and not answered is left out; the scale is the declared one, else the one that the source's answers "
    "show; percentages are left out",
    least_n=LEAST,
    interval="Wilson's at the effective number of customers",
    source="Zendesk, CSAT (1–5: 4 and 5 good; 1–3: only 3); Wilson (1927), JASA 22:209",
    inputs={"satisfied": Breakdown("answers", "satisfied", by=MONTHS, where="kind = 'csat'")},
    higher_is_better=True,
    needs=("feedback.score",),
    trend_input="satisfied",
)
def csat(satisfied: Cells, facts: Facts) -> Interval | None:
    """Return the share of satisfied answers."""
    return mean(satisfied.total, binary=True) if satisfied.total.n >= LEAST else None


@metric(
    id="ces",
    version=1,
    name="Customer effort score (mean ease)",
    unit="score",
    formula="mean answer on 1 (hard) to 7 (easy); other scales stretched to it, reversed ones turned",
    inclusion="all CES answers of the period, all touchpoints",
    missing="asked and not answered, and answers off the scale, are left out",
    least_n=LEAST,
    interval="Student's t, rows of one customer one cluster",
    source="CEB (2013), Customer Effort Score 2.0: “made it easy for me to handle my issue”, 1–7, higher is easier",
    inputs={"ease": Breakdown("answers", "ease", by=MONTHS, where="kind = 'ces'")},
    higher_is_better=True,
    needs=("feedback.score",),
    trend_input="ease",
)
def ces(ease: Cells, facts: Facts) -> Interval | None:
    """Return the mean ease."""
    return mean(ease.total, binary=False) if ease.total.n >= LEAST else None


@metric(
    id="ces_share_easy",
    version=1,
    name="Customer effort score (share easy)",
    unit="share",
    formula="answers of 5 to 7 on 1 (hard) to 7 (easy) / all answers",
    inclusion="as for ces",
    missing="as for ces",
    least_n=LEAST,
    interval="Wilson's at the effective number of customers",
    source="CEB (2013), Customer Effort Score 2.0",
    inputs={"easy": Breakdown("answers", "easy", by=MONTHS, where="kind = 'ces'")},
    higher_is_better=True,
    needs=("feedback.score",),
    trend_input="easy",
)
def ces_share_easy(easy: Cells, facts: Facts) -> Interval | None:
    """Return the share of answers that say it was easy."""
    return mean(easy.total, binary=True) if easy.total.n >= LEAST else None
