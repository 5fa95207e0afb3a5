"""Do the customers who answer stand for those who do not, or were never asked?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Chart, Doubt, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.compare import Compared, against_rest, dots
from rapport.measures.since import tested_by
from rapport.measures.trust import CERTAIN, cap
from rapport.measures.unheard import csat_of_all, nps_of_all
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.representativeness import r_indicator

LEAST, OF_USUAL = 0.10, 1 / 3
ALL_ANSWERED = 0.995
WHO = ("region", "segment", "plan", "acquisition_channel")
ANSWERING = (*WHO, "team", "experience", "lately", "last_time", "afterwards")
SINGLE = tuple((who,) for who in WHO)
CASES = (("team",), ("topic",), ("channel",), ("experience",), *SINGLE, ("team", "experience"), ("team", "topic"))
ORDERS = (("channel",), ("experience",), *SINGLE, ("channel", "experience"))
CUSTOMERS = (*SINGLE, ("lately",))
ANSWERS = (*((name,) for name in ANSWERING), ("team", "experience"))
TESTED = {"cases": CASES, "orders": ORDERS, "customers": CUSTOMERS}
"""The cuts that are tested; finer ones beside them only tell which of two places explains the other."""
WHOM = {
    "cases": "of those who bring a solved case",
    "orders": "of those whose order arrived",
    "customers": "of the customers in a quarter",
}


@audit(
    question="Do those who answer stand for those who don't?",
    criteria="Every part of the customers is asked, and answers, about as often as all others: within ten points, or a "
    "third of the usual share where few are asked; so do those who leave soon after.",
    source="the company's own other customers",
    least_effect=LEAST,
    unit="share",
    inputs={
        "cases": Breakdown(
            "surveyed_cases",
            "asked",
            by=(*CASES, ("team", "channel"), ("topic", "experience"), ("team", "topic", "experience")),
            where="due",
        ),
        "orders": Breakdown(
            "surveyed_orders",
            "asked",
            by=(*ORDERS, ("region", "experience")),
            where="due",
        ),
        "customers": Breakdown("surveyed_customers", "asked", by=CUSTOMERS),
        "answered": Breakdown(
            "survey_questions",
            "answered_alike",
            by=(*ANSWERS, *((name, "afterwards") for name in ANSWERING[:-1])),
        ),
        "promoters": Breakdown("survey_questions", "nps_value", by=tuple((name,) for name in ANSWERING)),
        "nps_asked": Breakdown(
            "survey_questions", "answered", by=tuple((name,) for name in ANSWERING), where="kind = 'nps'"
        ),
        "satisfied": Breakdown("surveyed_cases", "satisfied", by=(("team", "experience"),), where="due"),
        "unsolved": Sums(
            "surveyed_cases",
            (("cases", "COUNT(*)"), ("asked", "SUM(CASE WHEN asked THEN 1 ELSE 0 END)")),
            where="never_solved",
        ),
    },
    optional={"cases", "orders", "customers", "answered", "promoters", "nps_asked", "satisfied", "unsolved"},
    needs=("feedback.customer_id",),
    defect="customers who are leaving stop answering; one team sends surveys only after happy endings",
    owner="Data",
)
def survey_representativeness(
    cases: Cells | None,
    orders: Cells | None,
    customers: Cells | None,
    answered: Cells | None,
    promoters: Cells | None,
    nps_asked: Cells | None,
    satisfied: Cells | None,
    unsolved: Totals | None,
    facts: Facts,
) -> Outcome:
    """Ask whose voice the surveys carry: who is asked at all, and who of those asked answers.

    What it asks
        Two questions kept apart. Of all who could have been asked, who was: by segment, region, plan, channel and team,
        and after which experience. Of those asked, who answered: by the same, by how they behaved before, by their last
        answer, and by whether they left soon after.

    Why it matters
        A score is read as the voice of all customers. Where only happy endings are followed by a survey, or those on
        their way out no longer answer, it rises while customers go.

    How it is measured
        Asked: the share of solved cases and of arrived orders that a survey is linked to, and of the customers of a
        quarter who were asked about the whole. Answered: the share of questions answered, as if all surveys were
        answered equally often and all customers had been here equally long (a survey's kind, occasion, channel, source
        and the customer's time as one are taken out). Each part is tested against all others, rows of one customer kept
        together. Leaving is known afterwards: within 90 days for subscribers; for buyers, no order for 180 days.
        The notes say what the scores would be if every stratum counted by its size.

    How it is scored
        100 times the R-indicator of the worst cut: 1 − 2·S, where S is how much the shares asked, or answering, differ
        between its parts, chance taken off.

    What to do
        Ask everybody, or draw by lot; call some of those who do not answer and compare what they say.

    When it is wrong
        Where surveys without an answer are not in the record: who was not asked and who did not answer cannot be told
        apart then, and it says so. Where surveys are not linked to cases and orders. Where customers asked lately are
        spared on purpose: those with many cases are then asked more rarely. Weighting corrects for what is in the
        record and for nothing else.

    References
        Schouten, Cobben & Bethlehem (2009), Survey Methodology 35:101; Groves (2006), Public Opinion Quarterly 70:646.
    """
    silent = nps_asked is None and answered is None
    complete = answered is not None and answered.total.mean < ALL_ANSWERED
    verb = "asked" if complete or silent else "heard"
    asked = {"cases": cases, "orders": orders, "customers": customers}
    looked = list(_asked(asked, verb))
    if complete and answered is not None:
        looked.append(("answered", answered, against_rest(tested_by(answered, *ANSWERS), _answering())))
    if not looked:
        return NotAssessable(
            "The record holds answers only, linked to no case, order or quarter: who was asked is not known.",
            ("feedback.asked_at", "feedback.ticket_id"),
        )
    tests = tuple(t for _, _, found in looked for t in found.tests if t.status is not Status.GOOD_PRACTICE)
    echoes = [(t.input, dict(s)) for t in tests for s in t.explains]
    heads = [t for t in tests if t.p_value < CERTAIN and (t.input, dict(t.scope)) not in echoes]
    return Looked(
        headline=" ".join(_headline(name, cells, verb) for name, cells, _ in looked),
        tests=tests,
        score=_score([cells for _, cells, _ in looked]),
        short=tuple(s for _, _, found in looked for s in found.short),
        doubts=tuple(_doubt(t, {name: cells for name, cells, _ in looked}) for t in heads),
        notes=tuple(_notes(heads, promoters, nps_asked, cases, satisfied, unsolved, complete)),
        chart=_chart(looked[-1][1], looked[-1][0]),
    )


def _asked(asked: dict[str, Cells | None], verb: str) -> Iterator[tuple[str, Cells, Compared]]:
    """Yield, for each occasion on which this company asks, who is asked more rarely than the others."""
    for name, cells in asked.items():
        if cells is None or not cells.total.s:
            continue
        least = min(LEAST, OF_USUAL * cells.total.mean)
        yardstick = Yardstick(name, least, "higher", "share", _say(name, verb), binary=True)
        yield name, cells, against_rest(tested_by(cells, *TESTED[name]), yardstick)


def _say(name: str, verb: str) -> Callable[[Difference], tuple[str, str]]:
    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} {WHOM[name]} are {verb}, elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} that could be {verb} were; of all others {share(d.baseline)}.",
        )

    return say


def _answering() -> Yardstick:
    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of the surveys sent are answered, "
            f"by all others {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} questions were answered; of all others {share(d.baseline)}, at equal "
            "kind of survey and equal time as a customer.",
        )

    return Yardstick("answered", LEAST, "higher", "share", say, binary=True)


def _headline(name: str, cells: Cells, verb: str) -> str:
    if name == "answered":
        return f"{share(cells.total.mean)} of {grouped(cells.total.n)} questions were answered."
    return f"{share(cells.total.mean)} {WHOM[name]} are {verb}."


def _score(looked: list[Cells]) -> Score | None:
    found = [r_indicator([m for _, m in cells.along(*by)]) for cells in looked for by in cells.by if len(by) == 1]
    known = [r for r in found if r.low is not None]
    return Score.of_good(min(known, key=lambda r: r.value)) if known else None


def _doubt(test: Test, looked: dict[str, Cells]) -> Doubt:
    affected = abs(test.effect.value) * test.n / looked[test.input].total.n
    return Doubt("feedback", cap(affected), f"{test.title}.")


def _notes(
    heads: list[Test],
    promoters: Cells | None,
    nps_asked: Cells | None,
    cases: Cells | None,
    satisfied: Cells | None,
    unsolved: Totals | None,
    complete: bool,
) -> Iterator[str]:
    if not complete:
        yield (
            "The record holds no question without an answer: those who were not asked and those who did not answer "
            "cannot be told apart."
        )
    worst = next((next(iter(t.scope)) for t in heads if t.input == "answered" and len(t.scope) == 1), "afterwards")
    if complete and promoters is not None and nps_asked is not None:
        yield from nps_of_all(promoters, nps_asked, worst)
    if cases is not None and satisfied is not None:
        yield from csat_of_all(satisfied, cases, ("team", "experience"))
    if unsolved is not None and unsolved.total["cases"]:
        n, asked = unsolved.total["cases"], unsolved.total["asked"] or 0
        yield f"{grouped(n)} cases were never solved; {share(asked / n)} of them were asked about."


def _chart(cells: Cells, name: str) -> Chart | None:
    by = next((b for b in (("afterwards",), ("experience",), *cells.by) if b in cells.by and len(b) == 1), None)
    first = next((scope for scope, _ in cells.along(*by)), None) if by else None
    if first is None:
        return None
    yardstick = replace(_answering(), input=name)
    return replace(dots(cells, first, yardstick), title="Share answered" if name == "answered" else "Share asked")
