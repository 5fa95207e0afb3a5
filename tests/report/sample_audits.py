"""How each audit of a gift shop that does not exist ended."""

from __future__ import annotations

from rapport.core.canonical import digest
from rapport.core.run import AuditResult
from tests.report.hostile import HOSTILE
from tests.report.sample_findings import findings
from tests.report.sample_parts import course, dots

QUESTIONS: list[tuple[str, str, str, str]] = [
    ("record-completeness", "foundations", "Is the record complete?", "conforming"),
    ("record-gaps", "foundations", "Did part of the record stop arriving?", "conforming"),
    ("control-totals", "foundations", "Do the totals reconcile?", "nonconforming"),
    ("duplicate-customers", "foundations", "Is one customer several?", "conforming"),
    ("clock-shift", "foundations", "Do the sources keep the same time?", "conforming"),
    ("lost-scores", "foundations", "Were answers lost on the way?", "conforming"),
    ("survey-representativeness", "foundations", "Do those who answer stand for those who don't?", "not_assessable"),
    ("repeat-purchase", "engagement", "Does a first purchase become a second?", "opportunity"),
    ("retention", "engagement", "Do cohorts last as long as they used to?", "good_practice"),
    ("fading-loyals", "engagement", "Are loyal customers becoming disengaged?", "nonconforming"),
    ("usage-breadth", "engagement", "Do customers use what they pay for?", "not_assessable"),
    ("discount-dependence", "engagement", "Do customers wait for discounts?", "conforming"),
    ("first-reply", "communication", "Are you responsive?", "nonconforming"),
    ("resolution-time", "communication", "Are problems solved in good time?", "conforming"),
    ("unanswered", "communication", "Does anyone never get an answer?", "conforming"),
    ("contact-drivers", "communication", "What do customers have to ask?", "nonconforming"),
    ("hold-time", "communication", "How long do people wait on the line?", "not_assessable"),
    ("channel-effectiveness", "communication", "Are the channels still effective?", "error"),
    ("nps", "sentiment", "Would customers recommend you?", "nonconforming"),
    ("csat", "sentiment", "Are customers satisfied?", "conforming"),
    ("ces", "sentiment", "Is it easy?", "not_assessable"),
    ("praise", "sentiment", "What delights?", "good_practice"),
    ("delivery", "journey", "Do deliveries arrive as promised?", "nonconforming"),
    ("returns-refunds", "journey", "What comes back?", "conforming"),
    ("silence-ledger", "proactivity", "Who suffers in silence?", "nonconforming"),
    ("recognition", "proactivity", "Is loyalty recognised?", "opportunity"),
    ("milestones", "proactivity", "Are foreseeable moments met?", "not_assessable"),
    ("advocacy", "commitment", "Do customers bring others?", "not_assessable"),
    ("promises", "promise", "Do you keep what you promise?", "nonconforming"),
    ("churn", "value", "How many leave, and what do they take?", "conforming"),
    ("concentration", "value", "Do a few customers carry the company?", "conforming"),
    ("offer-harm", "value", f"Do offers do harm? {HOSTILE}", "not_assessable"),
]


def audits() -> tuple[AuditResult, ...]:
    by_audit: dict[str, list[str]] = {}
    for one in findings():
        by_audit.setdefault(one.audit, []).append(one.id)
    reasons = {
        "nonconforming": "A difference beyond the least effect worth acting on was found and confirmed.",
        "opportunity": "No criterion is missed; a tested difference shows value left on the table.",
        "good_practice": "Clearly better than the criterion.",
        "conforming": "The whole interval lies within the least effect worth acting on.",
        "not_assessable": "Only 12 rows where 385 would do; the table `touches` is not in the record.",
        "error": "KeyError: the measure returned a column it did not declare.",
    }
    results = []
    for i, (id_, category, question, status) in enumerate(QUESTIONS):
        tested = status not in ("not_assessable", "error")
        score = (34.0 + (i * 7) % 40 if status == "nonconforming" else 78.0 + i % 20) if tested else None
        results.append(
            AuditResult(
                id=id_,
                category=category,
                question=question,
                status=status,
                score=score,
                score_low=None if score is None else score - 5,
                score_high=None if score is None else min(100.0, score + 6),
                reason=reasons[status],
                findings=tuple(by_audit.get(id_, ())),
                notes=("The topic “fax” has 9 rows; 120 would do.",) if i % 5 == 0 else (),
                tests=(4 + i * 3) if tested else 0,
                p_value=0.4 / (i + 1) if tested else None,
                q_value=0.6 / (i + 1) if tested else None,
                criteria=f"What should be, in words, for “{question}”",
                least_effect=0.02 if i % 2 else 30.0,
                unit="share" if i % 2 else "minutes",
                detectable=(0.013 if i % 2 else 22.0) if tested and i % 3 else None,
                frozen_hash=digest([id_, question]),
                chart=dots(
                    "Rows per day that are missing a customer",
                    "share",
                    [("Orders", 0.011, 0.009, 0.013, 22064, False), ("Tickets", 0.034, 0.03, 0.039, 9211, True)],
                    0.05,
                    "tolerated",
                )
                if id_ == "record-completeness"
                else course("Satisfied after a contact, by month", "share", 0.82, 0.0003, 0.012)
                if id_ == "csat"
                else None,
            )
        )
    return tuple(results)
