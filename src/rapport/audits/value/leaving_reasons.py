"""Why do customers say they leave, and what does the record show before it?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence, Money
from rapport.core.inputs import Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Short, Status, Test
from rapport.core.words import grouped, share
from rapport.measures.among_alike import Alike, against
from rapport.measures.cells import Totals
from rapport.measures.said_and_seen import NAMES, PATHS, SAYS, Seen, cause_of, chart_of, seen_before, who
from rapport.models.least_effect import detectable, is_within, p_beyond
from rapport.models.proportions import wilson
from rapport.models.student import two_sided

LEAST = 0.10
FEWEST = 30
COUNTED = "COUNT(*)"


def _path(name: str, where: str = "TRUE") -> Sums:
    yes = f"SUM(CASE WHEN {name} THEN 1 ELSE 0 END)"
    return Sums(
        "leaving_paths",
        (("n", COUNTED), ("yes", yes)),
        by=(("outcome", "alike"), ("outcome", "said", "alike")),
        where=f"{name} IS NOT NULL AND {where}",
    )


@audit(
    question="Why do they say they leave, and is it so?",
    criteria="What those who leave had been through in the three months before, beyond what they say, is no more "
    "frequent among them than among those who stayed: of the same month, plan and age of the relationship.",
    source="the company's own subscribers who stayed in the same months",
    least_effect=LEAST,
    unit="share",
    inputs={
        "reasons": Sums(
            "leaving_paths",
            (("n", COUNTED), ("each", "AVG(CAST(mrr AS DOUBLE))")),
            by=(("said",),),
            where="outcome = 'left'",
        ),
        "unanswered": _path("unanswered"),
        "among_writers": _path("unanswered", "wrote"),
        "unpaid": _path("unpaid"),
        "risen": _path("risen"),
        "less_used": _path("less_used"),
    },
    optional={"reasons", "unanswered", "among_writers", "unpaid", "risen", "less_used"},
    needs=("subscriptions.valid_to", "subscriptions.cancel_reason|feedback.text"),
    defect='"price" is said, unanswered tickets are seen',
    owner="Customer success",
)
def leaving_reasons(
    reasons: Totals | None,
    unanswered: Totals | None,
    among_writers: Totals | None,
    unpaid: Totals | None,
    risen: Totals | None,
    less_used: Totals | None,
    facts: Facts,
) -> Outcome:
    """Ask why customers say they leave, and whether the record shows something else before it.

    What it asks
        What those who leave by choice give as their reason, and whether they had been through something in the three
        months before, more often than those who stayed, that they do not mention: questions left without an answer,
        payments that failed, a price rise.

    Why it matters
        "Too expensive" is the polite word. A company that believes it lowers its price for customers who had written
        twice and heard nothing, and goes on losing them at the lower price.

    How it is measured
        Reasons are the words given on leaving, by theme. On the first of each month every subscriber is looked at
        alike: what happened in the ninety days before (for cases, up to a week before) cannot come from leaving. Those
        who then left by choice within the month, for each reason, are compared with those who stayed, only within the
        same month, plan and age of the relationship (Mantel–Haenszel), and with the others who left. A path that the
        reason itself names is told and not tested. Use that falls before leaving is told and not tested either: it is
        what leaving looks like.

    How it is scored
        The share of those who gave a reason for whom nothing else stood out, with its interval.

    What to do
        Mend what was seen before you change what was said. Call some who left with the reason and ask about it.

    When it is wrong
        What comes before is not for that reason the cause: whoever means to leave anyway may ask more, and less kindly.
        The record cannot say whether an answer would have kept them. Themes are found by words; a code chosen by an
        agent says what the agent thought.

    References
        Breslow & Day (1987), Statistical methods in cancer research II, for risk sets; Mantel & Haenszel (1959), JNCI
        22:719.
    """
    totals = {"unanswered": unanswered, "unpaid": unpaid, "risen": risen}
    known = {path: Alike(found, "alike") for path, found in totals.items() if found is not None}
    if reasons is None or not known:
        return NotAssessable(
            "Nobody left by choice in a full month of the record, or it says nothing of cases, payments or prices.",
            ("subscriptions.cancel_reason", "tickets.first_reply_at", "payments.status"),
            FEWEST,
        )
    counts = {scope["said"]: values for scope, values in reasons.along("said")}
    found, short = [], []
    for said, values in counts.items():
        for path, alike in known.items():
            if SAYS.get(said) == path:
                continue
            seen = seen_before(said, path, alike)
            if seen.stayers.n < FEWEST or not math.isfinite(seen.stayers.se):
                short.append(Short({"said": said, "path": NAMES[path]}, int(values["n"]), FEWEST))
            else:
                found.append(seen)
    writers = Alike(among_writers, "alike") if among_writers is not None else None
    tests = tuple(_test(s, found, known, writers, counts[s.said], facts) for s in found)
    return Looked(
        headline=_headline(counts),
        tests=tests,
        score=_score(found),
        short=tuple(short),
        notes=(*_notes(known), *_fading(less_used)),
        chart=_chart(counts),
    )


def _test(
    seen: Seen,
    all_: Sequence[Seen],
    known: Mapping[str, Alike],
    writers: Alike | None,
    values: Mapping[str, float],
    facts: Facts,
) -> Test:
    s = seen.stayers
    half = two_sided(0.95) * s.se
    value = wilson(min(1.0, s.value) * s.n, s.n)
    had = PATHS[seen.path]
    return Test(
        scope={"said": seen.said, "path": NAMES[seen.path]},
        status=Status.NONCONFORMING,
        p_value=p_beyond(s.effect, s.se, LEAST, 1),
        value=value,
        effect=Interval(s.effect, s.effect - half, s.effect + half, s.n),
        baseline=s.others,
        n=s.n,
        customers=s.n,
        title=f"{who(seen.said)}: {share(s.value)} {had}, of those who stayed {share(s.others)}",
        statement=f"Of {grouped(s.n)} who left by choice and said so {share(s.value)} {had} in the three months "
        f"before; of those of the same month, plan and age of the relationship who stayed {share(s.others)}.",
        input=seen.path,
        shrunk=s.effect,
        within=is_within(s.effect, s.se, LEAST),
        detectable=detectable(s.se, LEAST),
        cause=cause_of(seen, known, writers),
        consequence=_consequence(seen, values, facts),
        chart=chart_of(seen.said, all_),
    )


def _consequence(seen: Seen, values: Mapping[str, float], facts: Facts) -> Consequence:
    s, economics = seen.stayers, facts.declared.economics
    excess = max(0.0, s.effect)
    each = float(values["each"] or 0) * economics.horizon_months * economics.gross_margin
    high = max(0.0, s.effect + two_sided(0.95) * s.se)
    margin = "at the declared margin" if economics.declared else "as revenue: no margin is declared"
    return Consequence(
        round(excess * s.n),
        Money(0.0, excess * s.n * each / 2, high * s.n * each),
        (
            "those who had it beyond what those who stayed would lead to expect",
            f"each would have paid on for {economics.horizon_months} months, {margin}",
            "between none and all of them would have stayed without it; the middle is half",
        ),
    )


def _headline(counts: Mapping[str, Mapping[str, float]]) -> str:
    everyone = sum(int(v["n"]) for v in counts.values())
    ranked = sorted(((int(v["n"]), said) for said, v in counts.items() if said != "no reason"), reverse=True)
    told = sum(n for n, _ in ranked)
    if not told:
        return f"None of {grouped(everyone)} who left by choice said why."
    parts = ", ".join(f"{said} {share(n / told)}" for n, said in ranked[:4])
    return f"{share(told / everyone)} of {grouped(everyone)} who left by choice said why: {parts}."


def _score(found: Sequence[Seen]) -> Score | None:
    worst: dict[str, Seen] = {}
    for seen in found:
        if seen.said != "no reason" and (
            seen.said not in worst or seen.stayers.effect > worst[seen.said].stayers.effect
        ):
            worst[seen.said] = seen
    rows = sum(s.stayers.n for s in worst.values())
    if not rows:
        return None

    def beside(z: float) -> float:
        return 100 * (
            1 - sum(s.stayers.n * max(0.0, s.stayers.effect + z * s.stayers.se) for s in worst.values()) / rows
        )

    return Score(beside(0.0), max(0.0, beside(two_sided(0.95))), min(100.0, beside(-two_sided(0.95))))


def _notes(known: Mapping[str, Alike]) -> tuple[str, ...]:
    """Say where what is said is also seen."""
    notes = []
    for said, path in SAYS.items():
        if path in known:
            seen = seen_before(said, path, known[path]).stayers
            if seen.n >= FEWEST:
                notes.append(
                    f"{who(said)}: {share(seen.value)} {PATHS[path]}, of those who stayed {share(seen.others)}."
                )
    return tuple(notes)


def _fading(less_used: Totals | None) -> tuple[str, ...]:
    if less_used is None:
        return ()
    alike = Alike(less_used, "alike")
    seen = against(alike.of({"outcome": "left"}), alike.of({"outcome": "stayed"}))
    if seen.n < FEWEST:
        return ()
    return (
        f"Before leaving {share(seen.value)} used less than half as much as before; of those who stayed "
        f"{share(seen.others)}.",
    )


def _chart(counts: Mapping[str, Mapping[str, float]]) -> Chart:
    everyone = sum(int(v["n"]) for v in counts.values())
    bars = []
    for said, values in sorted(counts.items(), key=lambda item: -int(item[1]["n"])):
        i = wilson(int(values["n"]), everyone)
        bars.append(Bar(said, i.value, i.low, i.high, int(values["n"])))
    return Chart("dots", "What those who leave by choice say", "share", tuple(bars))
