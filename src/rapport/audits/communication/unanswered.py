"""Does anyone write and never get an answer?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.core.outcome import Looked, Outcome, Score, Status, Test
from rapport.core.words import duration, grouped, month, opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest, dots
from rapport.measures.onset import Change
from rapport.measures.since import lasting, tested_by
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean
from rapport.models.least_effect import detectable, is_within, p_beyond

LEAST = 0.01
ALLOWED = 0.09
PLACES = (("channel",), ("team",), ("topic",))


@audit(
    question="Does anyone never get an answer?",
    criteria="Everybody who writes is answered, in every channel; nine in 100 are allowed for spam and duplicates.",
    source="the company's own other channels, teams and topics; for the whole, what spam and duplicates explain",
    least_effect=LEAST,
    unit="share",
    inputs={
        "never": Breakdown(
            "unanswered",
            "never",
            by=(
                *PLACES,
                ("channel", "team"),
                ("channel", "topic"),
                ("team", "topic"),
                ("month",),
                ("channel", "month"),
                ("team", "month"),
                ("channel", "team", "month"),
            ),
        ),
        "patience": Breakdown("unanswered", "patience_seconds"),
    },
    needs=("tickets.first_reply_at|messages.sent_at",),
    defect="three in a hundred tickets of one channel are dropped and never answered",
    owner="Support",
)
def unanswered(never: Cells, patience: Cells, facts: Facts) -> Outcome:
    """Ask whether some customers write and never hear from anybody.

    What it asks
        What share of tickets never gets a public answer by a person; in which channel, team or topic; since when.

    Why it matters
        Who is not answered cannot be satisfied, does not appear in a mean reply time, and seldom writes twice. One
        dropped in a hundred is a customer a day for a desk that gets a hundred tickets a day, and no report shows it:
        hence the least effect of one point.

    How it is measured
        Tickets opened by customers that are older than the time within which 199 of 200 answered tickets were
        answered. Younger ones are left out, answered or not, since their answer may be on its way; with less patience
        the newest months would look worse only because fewer late answers have come yet. Each channel, team and topic
        is tested against all others, rows of one customer kept together; each channel and team also against its own
        past. The company as a whole is compared with nine in a hundred, a generous allowance for spam and duplicates
        that are rightly closed in silence.

    How it is scored
        100 less five times the percentage never answered (20 % and more: 0).

    What to do
        Read ten of them. Usually one door leads nowhere: a form, a mailbox, a chat outside of hours.

    When it is wrong
        Where spam, duplicates and merged tickets stay in the record; where calls are answered and not written down.

    References
        conventions of the field, 3.4: show the share never answered beside every reply time.
    """
    after = duration(patience.total.mean)

    def say(d: Difference) -> tuple[str, str]:
        return (
            f"{opening(place(d.scope))}: {share(d.value)} of customers never get an answer, "
            f"elsewhere {share(d.baseline)}",
            f"Of {grouped(d.n)} tickets older than {after}, {share(d.value)} were never answered; of all others "
            f"{share(d.baseline)}. Of 200 answers 199 come within {after}.",
        )

    def say_change(c: Change) -> tuple[str, str]:
        return (
            f"{opening(place(c.scope))}: since {month(c.since)}, {share(c.value)} of customers never get an answer, "
            f"before {share(c.baseline)}",
            f"Of {grouped(c.n)} tickets opened since {month(c.since)}, {share(c.value)} were never answered; before "
            f"{share(c.baseline)}.",
        )

    yardstick = Yardstick("never", LEAST, "lower", "share", say, binary=True)
    compared = against_rest(tested_by(never, *PLACES), yardstick)
    changed = lasting(never, (("channel",), ("team",), ()), yardstick, say_change)
    overall = mean(never.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of {grouped(overall.n)} tickets old enough to judge were never answered.",
        tests=(*compared.tests, *changed, *_whole(never, overall)),
        score=Score(_score(overall.value), _score(overall.high or 1.0), _score(overall.low or 0.0)),
        short=compared.short,
        chart=dots(never, {"channel": ""}, yardstick) if ("channel",) in never.by else None,
    )


def _score(never: float) -> float:
    return max(0.0, 100 - 500 * never)


def _whole(never: Cells, overall: Interval) -> tuple[Test, ...]:
    """Return the test of the whole company against the allowance; nothing where the spread is unknown."""
    m = never.total
    if m.n < 100 or overall.low is None or overall.high is None:
        return ()
    robust = (m.residual_square() / m.n**2 * m.g / (m.g - 1)) ** 0.5
    se = max(robust, (ALLOWED * (1 - ALLOWED) / m.n) ** 0.5)
    effect, df = overall.value - ALLOWED, m.effective_clusters - 1
    return (
        Test(
            scope={},
            status=Status.NONCONFORMING,
            p_value=p_beyond(effect, se, LEAST, 1, df),
            value=overall,
            effect=Interval(effect, overall.low - ALLOWED, overall.high - ALLOWED, overall.n),
            baseline=ALLOWED,
            n=overall.n,
            customers=m.g,
            title=f"The whole company: {share(overall.value)} of customers never get an answer",
            statement=f"{share(overall.value)} of {grouped(overall.n)} tickets were never answered by a person; "
            f"spam and duplicates explain {share(ALLOWED)} at most.",
            input="never",
            shrunk=effect,
            within=is_within(max(effect, 0.0), se, LEAST, df=df),
            detectable=detectable(se, LEAST, df=df),
        ),
    )
