"""Are customers answered in good time, and by whom not?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Times
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.words import duration, grouped, opening, place, share
from rapport.measures.cells import Cells, TimeCells
from rapport.measures.compare import Difference, Yardstick, against_rest
from rapport.models.clustered import mean

LEAST = 0.10


@audit(
    question="Are you responsive?",
    criteria="Each team, channel, topic and priority answers about as many customers in time as all the others.",
    source="a declared promise or policy for first_reply_hours, else the company's own other tickets",
    least_effect=LEAST,
    unit="share",
    inputs={
        "in_time": Breakdown(
            "replies",
            "in_time",
            by=(
                ("team",),
                ("channel",),
                ("topic",),
                ("priority",),
                ("team", "part_of_day"),
                ("team", "channel"),
                ("team", "topic"),
            ),
        ),
        "target": Breakdown("replies", "target_seconds"),
        "waits": Times("replies", "wait_seconds", "answered", by=(("team",), ("channel",), ("team", "part_of_day"))),
    },
    needs=("tickets.first_reply_at|messages.sent_at",),
    defect="one team is slow after 15:00",
    owner="Support",
)
def first_reply(in_time: Cells, target: Cells, waits: TimeCells, facts: Facts) -> Outcome:
    """Ask how long customers wait until a person first answers them.

    What it asks
        Whether customers get a first public answer by a person in good time, and which team, channel, topic, priority
        or part of the day lets them wait.

    Why it matters
        The wait before the first answer is what customers notice of a help desk. A slow average says little: the harm
        sits where one team or one hour is slow.

    How it is measured
        The share of tickets answered within a target: the promise or policy you declared, else the time within which
        three quarters of your answered tickets were answered. Tickets still waiting count as missed once they are older
        than the target, and are left out before that. Medians are Kaplan–Meier medians: an unanswered ticket is a wait
        that has not ended, not one of zero length. Each cell is tested against all other tickets, rows of one customer
        kept together.

    How it is scored
        The share answered in time, with its interval.

    What to do
        Look at who works when in the slow place; move people or hours before adding any.

    When it is wrong
        Where the source counts robots or private notes as replies and the record holds no messages; where tickets are
        opened by staff and `opened_by` does not say so.

    References
        Zendesk, "About native Support time duration metrics" (first reply time); Kaplan & Meier (1958), JASA 53:457.
    """
    limit = duration(target.total.mean)

    def say(d: Difference) -> tuple[str, str]:
        own, all_ = waits.curve(d.scope), waits.curve()
        medians = ""
        if own is not None and all_ is not None:
            half, usual = duration(own.quantile().value), duration(all_.quantile().value)
            medians = f" Half of them wait {half} or less; overall {usual}."
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of customers get a first answer within {limit}, "
            f"elsewhere {share(d.baseline)}",
            f"{share(d.value)} of {grouped(d.n)} tickets were answered within {limit}; "
            f"of all others {share(d.baseline)}.{medians}",
        )

    compared = against_rest(in_time, Yardstick("in_time", LEAST, "higher", "share", say, binary=True))
    overall = mean(in_time.total, binary=True)
    curve = waits.curve()
    median = duration(curve.quantile().value) if curve is not None else "unknown"
    return Looked(
        headline=f"{share(overall.value)} of tickets get a first answer within {limit}; the median wait is {median}.",
        tests=compared.tests,
        score=Score(100 * overall.value, 100 * (overall.low or 0.0), 100 * (overall.high or 1.0)),
        short=compared.short,
    )
