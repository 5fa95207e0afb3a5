"""Do the customers that each campaign and each team wins stay?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause, Consequence, Money
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Short, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.among_alike import Alike, against, against_alike, less
from rapport.measures.cells import Cells, Totals, key_of
from rapport.measures.change_reasons import one_per_scope
from rapport.measures.yardstick import Difference, Scope, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import added

LEAST = 0.05
LEAST_ANSWERS = 30
WAYS = ("acquisition_campaign", "acquired_by")
COUNTED = (
    ("n", "COUNT(*)"),
    ("yes", "SUM(CASE WHEN stays THEN 1 ELSE 0 END)"),
    ("days", "MAX(days)"),
)
CUTS = (*((w, "alike") for w in WAYS), ("alike",), (*WAYS, "alike"), *((w, "wave") for w in WAYS), ("wave",))


@dataclass(frozen=True, slots=True)
class Stay:
    """What staying means for one kind of customer: the rows, the days, and how it is said."""

    kind: str
    totals: Totals
    days: float

    @property
    def does(self) -> str:
        """What those who stay do."""
        if self.kind == "subscriptions":
            return f"still pay after {self.days:.0f} days"
        return f"buy again within {self.days:.0f} days"


@audit(
    question="Do the customers that each team wins stay?",
    criteria="Of the customers whom a campaign or a team won, as many stay as of others like them: of the same "
    "channel, region, plan, kind and size.",
    source="the company's own other customers of the same mix",
    least_effect=LEAST,
    unit="share",
    inputs={
        "subscribers": Sums("won_customers", COUNTED, by=CUTS, where="kind = 'subscriptions'"),
        "buyers": Sums("won_customers", COUNTED, by=CUTS, where="kind = 'orders'"),
        "subscribers_stay": Breakdown("won_customers", "stays", where="kind = 'subscriptions'"),
        "buyers_stay": Breakdown("won_customers", "stays", where="kind = 'orders'"),
        "felt": Sums(
            "won_customers", (("answers", "SUM(answers)"), ("good", "SUM(good_answers)")), by=tuple((w,) for w in WAYS)
        ),
        "later": Breakdown("visits", "amount", where="number > 1"),
        "paying": Sums("subscription_spans", (("each", "AVG(CAST(mrr AS DOUBLE))"),), by=(("currency",),)),
    },
    optional={"subscribers", "buyers", "subscribers_stay", "buyers_stay", "felt", "later", "paying"},
    needs=("customers.acquisition_campaign|customers.acquired_by", "orders.customer_id|subscriptions.customer_id"),
    defect="one campaign brings buyers who leave",
    owner="Marketing",
)
def after_the_sale(
    subscribers: Totals | None,
    buyers: Totals | None,
    subscribers_stay: Cells | None,
    buyers_stay: Cells | None,
    felt: Totals | None,
    later: Cells | None,
    paying: Totals | None,
    facts: Facts,
) -> Outcome:
    """Ask whether the customers whom campaigns and teams win stay as long as others like them.

    What it asks
        Which share of the customers whom each campaign and each team won is still there when it counts: buys again, or
        still pays after half a year.

    Why it matters
        Who wins customers is praised on the day they sign. Whether they stay is somebody else's number, months later;
        a campaign that promises too much looks like the best one until then.

    How it is measured
        Subscribers: a paid period runs 180 days after the first began. Buyers: a second purchase within the time in
        which three quarters of those who return do so. Only customers old enough count, and none whose beginning lies
        at the record's left edge. Campaigns and teams get different customers, and are not praised or blamed for that:
        each is compared only with other customers of the same acquisition channel, region, plan, kind and segment, and
        then over all of these (Mantel–Haenszel). Beside it the same comparison among customers of the same channel who
        came in the same half-year. A campaign that is a channel of its own cannot be told from its channel. Teams are
        those declared; a name that is no declared team may be a person, and persons are left out unless `name_staff`
        allows it.

    How it is scored
        The share of customers who stay, with its interval.

    What to do
        Compare what the campaign promises with what its customers meet, and judge it by those who stayed.

    When it is wrong
        What is not in the record cannot be adjusted for: a campaign may have been aimed at harder customers on purpose.
        Where campaigns are named after the fact, by what became of the customers, they foretell it.

    References
        Mantel & Haenszel (1959), JNCI 22:719; Sato (1989), Biometrics 45:1323, for the standard error.
    """
    found: list[Test] = []
    short: list[Short] = []
    kinds = [(k, t) for k, t in (("subscriptions", subscribers), ("orders", buyers)) if t is not None and t.total["n"]]
    told = [Stay(kind, totals, float(totals.total["days"] or 0)) for kind, totals in kinds]
    unnamed: set[str] = set()
    for stay in told:
        alike = Alike(stay.totals, "alike")
        places = [{w: v} for w in WAYS for v in alike.along(w) if w != "acquired_by" or _may_be_named(v, facts)]
        unnamed |= {v for v in alike.along("acquired_by") if not _may_be_named(v, facts)}
        tests, small = against_alike(alike, places, _yardstick(stay, felt))
        found += [_told(t, stay, later, paying, facts) for t in tests]
        short += small
    if not found:
        return NotAssessable(
            "No campaign or team has thirty customers who are old enough to say whether they stay and who can be "
            "compared with others of the same channel, region, plan and size.",
            ("customers.acquisition_campaign", "customers.acquired_by"),
            60,
        )
    overall = mean(added([c.total for c in (subscribers_stay, buyers_stay) if c is not None]), binary=True)
    said = "; ".join(f"{share(float(s.totals.total['yes']) / float(s.totals.total['n']))} {s.does}" for s in told)
    return Looked(
        headline=f"Of new customers {said}.",
        tests=one_per_scope(found),
        score=Score.of_good(overall),
        short=tuple(short),
        notes=_left_out(len(unnamed)),
    )


def _may_be_named(name: str, facts: Facts) -> bool:
    """Tell whether `acquired_by` names a team, or a person whom the company lets be named."""
    return facts.declared.privacy.name_staff or name in {team.name for team in facts.declared.teams}


def _left_out(names: int) -> tuple[str, ...]:
    if not names:
        return ()
    return (
        f"{grouped(names)} names of who won a customer are no declared teams and may be persons: they are left out. "
        "Declare the teams, or allow persons with name_staff.",
    )


def _yardstick(stay: Stay, felt: Totals | None) -> Yardstick:
    def say(d: Difference) -> tuple[str, str]:
        where = opening(place(d.scope)).replace("Acquisition campaign", "Campaign").replace("Acquired by", "Won by")
        return (
            f"{where}: {share(d.value)} of the customers {stay.does}, of others like them {share(d.baseline)}",
            f"Of {grouped(d.n)} customers {share(d.value)} {stay.does}; of other customers of the same channel, "
            f"region, plan, kind and segment {share(d.baseline)}.{_content(felt, d.scope)}",
        )

    name = "subscribers_stay" if stay.kind == "subscriptions" else "buyers_stay"
    return Yardstick(name, LEAST, "higher", "share", say, binary=True)


def _content(felt: Totals | None, scope: Scope) -> str:
    """Say how content they were in the beginning, where they were asked."""
    own = felt.cells.get(key_of(scope)) if felt is not None else None
    if felt is None or own is None:
        return ""
    answers, good = (float(own[name] or 0) for name in ("answers", "good"))
    rest = float(felt.total["answers"] or 0) - answers
    if min(answers, rest) < LEAST_ANSWERS:
        return ""
    others = (float(felt.total["good"] or 0) - good) / rest
    return f" Of their answers in the first half-year {share(good / answers)} were good, of others' {share(others)}."


def _told(test: Test, stay: Stay, later: Cells | None, paying: Totals | None, facts: Facts) -> Test:
    """Say whether it is only when they came, and what those who left beyond the others would have brought."""
    if test.status is Status.GOOD_PRACTICE:
        return test
    waves = Alike(stay.totals, "wave")
    own = waves.of(test.scope)
    rest = less(waves.of({}), own)
    seen = against(own, rest)
    plain = [sum(yes for _, yes in side.values()) / max(1.0, sum(n for n, _ in side.values())) for side in (own, rest)]
    tried = (
        Alternative(
            "they came at another time",
            f"of customers of the same channel who came in the same half-year {share(seen.others)} {stay.does}, of "
            f"these {share(seen.value)}",
        ),
        Alternative(
            "they are other customers (mix)",
            f"of all others, whoever they are, {share(plain[1])} {stay.does}, of these {share(plain[0])}; of others "
            f"like them {share(test.baseline)}",
        ),
    )
    cause = Cause("not_established", "The record shows whose customers leave, not why.", tried)
    missing = max(0.0, -test.effect.value) * test.n
    consequence = Consequence(round(missing), *_worth(test, stay, later, paying, facts))
    return replace(test, cause=cause, consequence=consequence)


def _worth(
    test: Test, stay: Stay, later: Cells | None, paying: Totals | None, facts: Facts
) -> tuple[Money | None, tuple[str, ...]]:
    economics = facts.declared.economics
    margin = "at the declared margin" if economics.declared else "as revenue: no margin is declared"
    said = "customers who left beyond what others like them would lead to expect"
    if stay.kind == "subscriptions":
        if paying is None or len(list(paying.along("currency"))) > 1 or not paying.total["each"]:
            return None, (said,)
        each, how = float(paying.total["each"]) * economics.horizon_months, f"for {economics.horizon_months} months"
    else:
        if later is None or not later.total.n:
            return None, (said,)
        each, how = later.total.mean, "one more order"
    low, high = test.effect.low or 0.0, test.effect.high or 0.0
    value = Money(*(max(0.0, -e) * test.n * each * economics.gross_margin for e in (high, test.effect.value, low)))
    return value, (said, f"each would have brought what is usual {how}, {margin}")
