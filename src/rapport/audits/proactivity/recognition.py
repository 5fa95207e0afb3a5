"""Do the most loyal customers ever get a thank-you?"""

from __future__ import annotations

from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, share
from rapport.measures.against_limit import above_limit
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest, dots
from rapport.measures.explaining import p_better
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import contrast, mean
from rapport.models.moments import Moments

LEAST = 0.10
LOYAL = {"loyalty": "most loyal fifth"}
HALF, SURE = 0.50, 0.05
LEAST_LOYAL = 20


@audit(
    question="Is loyalty recognised?",
    criteria="Of the most loyal fifth as many as of the other customers had a reward, thanks or a tier within a year, "
    "and at least half of them.",
    source="the company's own other customers of at least a year; half is what a thank-you a year to most amounts to",
    least_effect=LEAST,
    unit="share",
    inputs={
        "shown": Breakdown("recognition", "recognised", by=(("loyalty",),)),
        "passed_over": Breakdown("recognition", "CASE WHEN recognised THEN 0 ELSE 1 END", by=(("loyalty",),)),
        "usual": Breakdown("recognition", "tenure_days", by=(("loyalty",),)),
        "often": Breakdown("recognition", "active_days", by=(("loyalty",),)),
    },
    needs=("touches.purpose|loyalty.kind",),
    defect="the most loyal customers get no reward, no thanks and no tier",
    owner="Marketing",
)
def recognition(shown: Cells, passed_over: Cells, usual: Cells, often: Cells, facts: Facts) -> Outcome:
    """Ask whether those who have stayed longest and come most often ever hear a thank-you.

    What it asks
        What share of the most loyal customers had a reward, thanks or a tier in the last twelve months, beside the
        customers who are less loyal.

    Why it matters
        Offers go to those who are new and to those who leave. Who has stayed for years pays the full price for both and
        notices. Thanks cost little; being taken for granted is a reason to look around.

    How it is measured
        Customers who are one today and have been for a year are ranked by how long they have been with you and by the
        days of the last year on which they ordered or used what they pay for; the fifth with the highest mean place is
        the most loyal, and who is alike stands together. Recognised is who got a contact whose purpose is reward in the
        last 365 days, turned points into something in this time, or holds a tier. Points that were booked and never
        used are a promise and do not count. The share without any of it is compared with that of all the others, and
        with a half (an opportunity, where no other customers are treated better).

    How it is scored
        The percentage of the most loyal fifth who were recognised.

    What to do
        Thank them in person, without an offer attached, and let the programme count years and not only money.

    When it is wrong
        Where thanks are given by hand and nobody writes them down; where rewards are labelled promotion. Where the
        record holds neither a reward nor a tier of anybody, nothing is said.

    References
        conventions of the field, 3.7 (quintiles, ties by value).
    """
    loyal = shown.get(LOYAL)
    if loyal is None or loyal.n < LEAST_LOYAL:
        return NotAssessable(
            f"Of the most loyal fifth {0 if loyal is None else round(loyal.n)} customers have been here for a year; it "
            f"takes {LEAST_LOYAL}.",
            (),
            5 * LEAST_LOYAL,
        )
    if not shown.total.s:
        return NotAssessable(
            "No reward, thanks or tier of any customer is on record: either nobody gets any, or nobody writes it down.",
            ("touches.purpose (reward)", "loyalty"),
        )

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{share(d.value)} of your most loyal customers had any reward, thanks or tier within a year, of the "
            f"others {share(d.baseline)}",
            f"Of {grouped(d.n)} customers who have been here longest and come most often, {share(d.value)} had a "
            f"reward, thanks or a tier in the last twelve months; of all other customers of at least a year "
            f"{share(d.baseline)}. {_who(usual, often)}",
        )

    yardstick = Yardstick("shown", LEAST, "higher", "share", say, binary=True, min_rows=LEAST_LOYAL)
    better = p_better(contrast(loyal, shown.total, binary=True), yardstick)
    compared = [_finished(t, better) for t in against_rest(shown, yardstick).tests if t.scope == LOYAL]
    worse = any(t.status is Status.NONCONFORMING and t.p_value < SURE for t in compared)
    among = mean(loyal, binary=True)
    return Looked(
        headline=f"{share(among.value)} of the most loyal fifth had a reward, thanks or a tier within a year, of all "
        f"customers of at least a year {share(shown.total.mean)}.",
        tests=(*compared, *(() if worse else _at_least_half(passed_over.get(LOYAL)))),
        score=Score.of_good(among),
        notes=(_who(usual, often),),
        chart=replace(dots(shown, LOYAL, yardstick), title="Share with a reward, thanks or a tier within a year"),
    )


def _finished(test: Test, better: float) -> Test:
    """Return the test with what it lacks: nothing is open where the loyal are thanked more often than the others.

    better : the p-value of that, since of two groups each is all the others of the other one.
    """
    within = test.effect.low is not None and test.effect.low >= -LEAST
    if test.status is Status.GOOD_PRACTICE:
        return replace(test, within=within, p_value=better)
    beyond = round((1 - test.value.value) * test.n)
    return replace(test, within=within, consequence=Consequence(beyond, None, ("loyal customers who got nothing",)))


def _who(usual: Cells, often: Cells) -> str:
    """Say what the most loyal are like, so that a reader knows who is meant."""
    tenure, days = usual.get(LOYAL), often.get(LOYAL)
    if tenure is None or days is None:
        return ""
    return (
        f"The most loyal fifth have been here for {tenure.mean / 365:.1f} years on average and ordered or used "
        f"something on {days.mean:.0f} days of the last year."
    )


def _at_least_half(without: Moments | None) -> tuple[Test, ...]:
    """Return the test of the most loyal by themselves, for where the others are passed over as well."""
    if without is None:
        return ()
    part = share(1 - without.mean)
    said = (
        f"Only {part} of your most loyal customers had any reward, thanks or tier within a year",
        f"Of {grouped(without.n)} customers who have been here longest and come most often, {part} had a reward, "
        f"thanks or a tier in the last twelve months; half of them would be little.",
    )
    test = above_limit(without, HALF, LEAST, scope={}, status=Status.OPPORTUNITY, said=said, input="passed_over")
    return () if test is None else (test,)
