"""Are the customers who bring the most looked after, or do they hear from nobody?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, money, share
from rapport.measures.against_limit import above_limit
from rapport.measures.cells import Cells, Totals
from rapport.measures.compare import against_rest, dots
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import Moments

LEAST = 0.10
BEST = {"value_tier": "best tenth"}
USUAL_DAYS = 90.0
ALLOWED, HALF = 0.10, 0.50
SURE = 0.05
LEAST_BEST = 20


@audit(
    question="Are the best customers looked after?",
    criteria="Of the tenth with the most revenue no more are left without a useful contact than of the others; where "
    "useful_contact_days is declared, at most one in ten; else fewer than half within 90 days.",
    source="the company's own other customers; a declared policy for useful_contact_days",
    least_effect=LEAST,
    unit="share",
    inputs={
        "forgotten": Breakdown("attention", "forgotten", by=(("value_tier",),)),
        "untouched": Breakdown("attention", "untouched", by=(("value_tier",),)),
        "days": Sums(
            "attention",
            (
                ("half", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days_since)"),
                ("revenue", "CAST(SUM(CASE WHEN untouched THEN revenue ELSE 0 END) AS DOUBLE)"),
            ),
            by=(("value_tier",),),
        ),
    },
    needs=(
        "orders.amount|subscriptions.mrr",
        "touches.purpose|touches.replied_at|tickets.first_reply_at|messages.author_kind",
    ),
    defect="nobody gets in touch with the top tenth by revenue for 120 days",
    owner="Customer success",
)
def neglected_value(forgotten: Cells, untouched: Cells, days: Totals, facts: Facts) -> Outcome:
    """Ask how long ago the best customers last had a useful contact.

    What it asks
        Whether the customers who bring the most hear from the company at least as lately as all the others do.

    Why it matters
        Attention goes to those who are new and to those who complain. Who buys much and never complains is easily
        taken for granted, and is the one a competitor calls.

    How it is measured
        For each customer who is one today, the days since the last contact that was of use to them: one that the
        company began and that is neither a welcome, a promotion, a survey nor a win-back offer; an answer by a person;
        a contact to which they replied. Customers are ranked by their net revenue of the last twelve months; those
        with the same revenue stand together. Who buys much also writes much, and is answered: therefore those are
        compared who did not write within the limit (a declared `useful_contact_days`, else 90 days), whom only the
        company's own step could reach: the share of the top tenth of them that heard nothing useful, and that of all
        others. Beside it the share of the whole top tenth without a useful contact is held against what may be: one in
        ten where a limit is declared, half where none is (an opportunity, then). Only customers who have been known for
        two such limits are compared: new ones have just been welcomed.

    How it is scored
        100 less the percentage of the top tenth without a useful contact in that time.

    What to do
        Divide the list among people by name, and let each speak with theirs this month: not to sell, but to ask how it
        is going and what comes next.

    When it is wrong
        Where the best are looked after in person and nobody writes it down: then the record is the finding. Where
        routine mails are labelled service. Where nearly all pay the same, there is no top tenth.

    References
        conventions of the field, 3.8: "no reach-out" as a sign of an account gone dark (Staircase); quarterly reviews.
    """
    limit = facts.declared.target("useful_contact_days")
    window = USUAL_DAYS if limit is None else limit
    best = untouched.get(BEST)
    if best is None or best.n < LEAST_BEST:
        found = 0 if best is None else round(best.n)
        return NotAssessable(
            f"Of the tenth of the customers with the most revenue {found} have been known for {2 * window:.0f} days; "
            f"it takes {LEAST_BEST}, and revenues that differ.",
            (),
            10 * LEAST_BEST,
        )
    halves = {scope["value_tier"]: float(v["half"]) for scope, v in days.along("value_tier")}
    at_stake = next(float(v["revenue"]) for scope, v in days.along("value_tier") if scope == BEST)

    def say(d: Difference) -> tuple[str, str]:
        others = ", ".join(f"of the {name} {half:.0f}" for name, half in halves.items() if name != BEST["value_tier"])
        return (
            f"Of your best customers who did not write themselves, {share(d.value)} have heard nothing useful from you "
            f"for {window:.0f} days, of the others {share(d.baseline)}",
            f"{grouped(d.n)} customers of the tenth with the most revenue did not write in the last {window:.0f} days; "
            f"{share(d.value)} of them had no useful contact in this time, of all others who did not write "
            f"{share(d.baseline)}. Half of the whole best tenth last had one {halves[BEST['value_tier']]:.0f} days ago "
            f"or longer, {others}.",
        )

    yardstick = Yardstick("forgotten", LEAST, "lower", "share", say, binary=True, min_rows=LEAST_BEST)
    compared = [_one_sided(t) for t in against_rest(forgotten, yardstick).tests if t.scope == BEST]
    among = mean(best, binary=True)
    worse = any(t.status is Status.NONCONFORMING and t.p_value < SURE for t in compared)
    tests = (*compared, *(() if worse else _against_limit(best, untouched.total, window, limit is not None)))
    return Looked(
        headline=f"{share(among.value)} of the tenth of customers with the most revenue had no useful contact for "
        f"{window:.0f} days, of all customers {share(untouched.total.mean)}.",
        tests=tuple(_with_stake(t, at_stake, facts) for t in tests),
        score=Score.of_bad(among),
        chart=dots(forgotten, BEST, yardstick),
    )


def _one_sided(test: Test) -> Test:
    """Return the test such that nothing is open where the best are looked after better than the others."""
    return replace(test, within=test.effect.high is not None and test.effect.high <= LEAST)


def _against_limit(best: Moments, all_: Moments, window: float, declared: bool) -> tuple[Test, ...]:
    """Return the test of the best tenth by itself, for where the others are left alone as often."""
    allowed = ALLOWED if declared else HALF
    part = share(best.mean)
    said = (
        f"{part} of your best customers have heard nothing useful from you for {window:.0f} days",
        f"Of {grouped(best.n)} customers in the tenth with the most revenue, {part} had no useful contact in the last "
        f"{window:.0f} days, of all customers {share(all_.mean)}. At most {share(allowed)} should be.",
    )
    status = Status.NONCONFORMING if declared else Status.OPPORTUNITY
    test = above_limit(best, allowed, LEAST, scope={}, status=status, said=said, input="untouched")
    return () if test is None else (test,)


def _with_stake(test: Test, revenue: float, facts: Facts) -> Test:
    """Say how much revenue rests on the best customers who were left alone; what of it is at risk, is not known."""
    if test.status is Status.GOOD_PRACTICE:
        return test
    beyond = max(0, round(test.value.value * test.n))
    told = f"They brought {money(revenue, facts.currency)} in the last twelve months; how much of it is at risk, the "
    return replace(test, consequence=Consequence(beyond, None, (told + "record does not say.",)))
