"""Is anyone sent advertising who had said no?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Looked, Outcome, Score, Status, Test
from rapport.core.words import grouped, place
from rapport.measures.cells import Cells, Totals
from rapport.models.clustered import mean

PLACES = ("campaign", "channel", "team", "purpose")
MOSTLY, RARELY = 0.9, 0.6


@audit(
    question="Is anyone contacted who objected?",
    criteria="No promotion and no win-back offer is sent to a customer who had objected before it was sent.",
    source="GDPR, articles 7(3) and 21(2)–(3)",
    least_effect=0.0,
    unit="share",
    inputs={
        "objected": Breakdown("marketing_touches", "objected", by=tuple((name,) for name in PLACES)),
        "breaches": Breakdown("marketing_touches", "objected", by=tuple((n,) for n in PLACES), where="objected"),
        "totals": Sums(
            "marketing_touches",
            (
                ("objected", "COUNT(*) FILTER (WHERE objected)"),
                ("known", "COUNT(*) FILTER (WHERE known)"),
                ("by_consents", "COUNT(*) FILTER (WHERE basis = 'consents')"),
                ("by_unsubscribing", "COUNT(*) FILTER (WHERE basis = 'unsubscribed')"),
                ("by_field", "COUNT(*) FILTER (WHERE basis = 'marketing_consent')"),
                ("within_a_day", "COUNT(*) FILTER (WHERE within_a_day)"),
                ("all", "COUNT(*)"),
            ),
        ),
    },
    optional={"breaches"},
    needs=("touches.purpose", "consents.granted|touches.unsubscribed_at|customers.consent_changed_at"),
    defect="40 promotions after opt-out",
    owner="Marketing",
)
def consent(objected: Cells, breaches: Cells | None, totals: Totals, facts: Facts) -> Outcome:
    """Ask whether advertising went to customers who had objected to it.

    What it asks
        How many promotions and win-back offers were sent to customers whose last word before that was no, and where
        they come from.

    Why it matters
        The right to object to direct marketing is absolute. One such message can cost a complaint to the authority, and
        it tells the customer that a no is not heard.

    How it is measured
        Every promotion and win-back contact is laid beside the consents on record at the moment it was sent: entries of
        `consents` for marketing and for that channel; an earlier contact of the same channel from which the customer
        unsubscribed; else `marketing_consent` with the day it changed. Service messages are not advertising. These are
        facts, not estimates: each row of the evidence is one, and the p-value of one or more is 0 by definition.

    How it is scored
        100 with none; otherwise 50, less 50 for every hundredth of the contacts that was sent after a refusal.

    What to do
        Stop the list or automation that sent them, and check consent at the moment of sending, not of planning.

    When it is wrong
        Where a consent given again is not on record; where contacts labelled promotion are service messages. A refusal
        without a date is not used, so the true number may be higher.

    References
        Regulation (EU) 2016/679, articles 7(3), 21(2) and 21(3).
    """
    n, known = int(totals.total["all"]), int(totals.total["known"])
    unknown = (
        f"For {grouped(n - known)} of {grouped(n)} contacts the record holds no word of the customer about consent."
    )
    notes = (unknown,) if n > known else ()
    if breaches is None or not breaches.total.n:
        headline = (
            f"None of {grouped(n)} promotions and win-back offers went to a customer on record as having objected."
        )
        return Looked(headline, (_none(objected),), Score(100, 100, 100), notes=notes)
    count = round(breaches.total.n)
    worst = max(0.0, 50 - 50 * 100 * count / n)
    return Looked(
        headline=f"{grouped(count)} of {grouped(n)} promotions and win-back offers were sent after the customer had "
        "objected.",
        tests=(_breach(objected, breaches, totals, facts.declared.privacy.minimum_group),),
        score=Score(worst, worst, worst),
        notes=notes,
    )


WAYS = {
    "by_consents": "against a consent withdrawn",
    "by_unsubscribing": "after unsubscribing",
    "by_field": "against the customer's own setting",
}


def _where(objected: Cells, breaches: Cells, minimum: int) -> dict[str, str]:
    """Return the one campaign, channel, team or purpose that nearly all come from, empty where there is none.

    A place with fewer than `minimum` customers may not be shown; what happened is then told of the whole company.
    """
    for name in PLACES:
        for scope, m in breaches.along(name):
            sent = objected.get(scope)
            mostly = m.g >= minimum and m.n >= MOSTLY * breaches.total.n
            if sent is not None and mostly and sent.n < RARELY * objected.total.n:
                return scope
    alone = [scope for scope, m in breaches.along("purpose") if m.g >= minimum and m.n == breaches.total.n]
    return alone[0] if alone else {}


def _breach(objected: Cells, breaches: Cells, totals: Totals, minimum: int) -> Test:
    scope = _where(objected, breaches, minimum)
    sent, found = objected.get(scope) or objected.total, breaches.get(scope) or breaches.total
    value = mean(sent, binary=True)
    ways = [f"{grouped(totals.total[k])} {words}" for k, words in WAYS.items() if totals.total[k]]
    soon = totals.total["within_a_day"]
    hasty = f"; {grouped(soon)} of them within a day of the refusal" if soon else ""
    return Test(
        scope=scope,
        status=Status.NONCONFORMING,
        p_value=0.0,
        value=value,
        effect=Interval(value.value, value.low, value.high, value.n),
        baseline=0.0,
        n=value.n,
        customers=found.g,
        title=f"{grouped(found.n)} promotions were sent to customers who had objected"
        + (f" ({place(scope)})" if scope and "purpose" not in scope else ""),
        statement=f"{grouped(found.n)} of {grouped(sent.n)} contacts went to {grouped(found.g)} customers who had "
        f"objected. In all: {', '.join(ways)}{hasty}. These are counted, not estimated: p is 0 by definition.",
        input="breaches",
        shrunk=value.value,
        within=False,
    )


def _none(objected: Cells) -> Test:
    value = mean(objected.total, binary=True)
    return Test(
        scope={},
        status=Status.NONCONFORMING,
        p_value=1.0,
        value=value,
        effect=value,
        baseline=0.0,
        n=value.n,
        customers=objected.total.g,
        title="No promotion went to a customer who had objected",
        statement=f"Of {grouped(value.n)} contacts none went to a customer on record as having objected.",
        input="objected",
        within=True,
    )
