"""Are loyal customers becoming disengaged?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Alternative, Cause
from rapport.core.inputs import Breakdown, Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.compare import against_rest
from rapport.measures.evenly import Level, against_level, heads, p_against
from rapport.measures.yardstick import Difference, Scope, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import Moments

LEAST = 0.05
WAYS = ("cohort", "plan", "region", "acquisition_channel")
PAIRS = tuple((a, b) for i, a in enumerate(WAYS) for b in WAYS[i + 1 :])
FEWEST = 30
DAYS = (("then", "AVG(then_days)"), ("now", "AVG(now_days)"))


@audit(
    question="Are loyal customers becoming disengaged?",
    criteria="Customers who were loyal do as much as in the same season a year before: of what they did in both, at "
    "most five points less than a half falls into the newer one (a fifth less than before).",
    source="the same customers' own past, after the time in which they were chosen",
    least_effect=LEAST,
    unit="share",
    inputs={
        "loyal": Breakdown("loyal_days", "newer", by=(*((w,) for w in WAYS), *PAIRS), where="loyal"),
        "others": Breakdown("loyal_days", "newer", where="NOT loyal"),
        "days": Sums("loyal_windows", DAYS, by=tuple((w,) for w in WAYS), where="loyal"),
        "meant": Sums(
            "loyal_windows",
            (
                ("kind", "MIN(kind)"),
                ("window", "MAX(window_days)"),
                ("same_season", "MIN(CASE WHEN same_season THEN 1 ELSE 0 END)"),
                ("first", "AVG(CASE WHEN loyal THEN first_days END)"),
            ),
        ),
    },
    needs=("usage.day|orders.customer_id",),
    defect="the oldest cohort halves its use; and a twin of pure regression to the mean",
    owner="Customer success",
)
def fading_loyals(loyal: Cells, others: Cells, days: Totals, meant: Totals, facts: Facts) -> Outcome:
    """Ask whether those who were loyal do less than they did.

    What it asks
        Whether customers who were among the most active do less now than a year before, and which of them.

    Why it matters
        Loyal customers seldom complain and seldom leave at once: they come a little less often, until they come no
        more. They carry the revenue, and what has faded for a year does not come back for a voucher.

    How it is measured
        Three windows of half a year. The first chooses: loyal is who was among its most active third (days of use, or
        days with an order). The second, right after it, is the baseline; the third, the same season a year after the
        second, is tested against it. Whoever is chosen for a high value is lower afterwards, by chance alone; as the
        first window is not the baseline, this regression to the mean is no fading here. Customers under contract count
        if it ran all the time, others if they were active in both windows, so that leaving is not called fading either.
        Tested is the newer window's share of what they did in both: a half is unchanged, a third is half as much. It is
        measured against a half, and each cohort, plan, region and channel also against all other loyal customers. Where
        the record is too short for the same season twice, three windows follow each other, the customers who were
        not loyal are the measure, and leaving counts as fading.

    How it is scored
        What loyal customers do now in percent of what they did, at most 100.

    What to do
        Call twenty of those who faded most, without an offer, and ask what changed for them.

    When it is wrong
        Where one customer's use moved to another account or channel that the record does not hold. Where the product
        needs less use the better it is set up. In the shorter form the season is taken out only as far as loyal and
        other customers share it.

    References
        Galton (1886), J. Anthropological Institute 15:246; Barnett, van der Pols & Dobson (2005), Int. J. Epidemiology
        34:215, on choosing and measuring by the same value.
    """
    seasonal = bool(meant.total["same_season"])
    if loyal.total.g < FEWEST or (not seasonal and others.total.g < FEWEST):
        return NotAssessable(
            f"Only {grouped(loyal.total.g)} customers were loyal in a first window and could be followed through a "
            f"second and a third; it takes {FEWEST}, and the same season twice takes two years of record.",
            ("usage or orders",),
            FEWEST,
        )
    story = Story(meant.total, days)
    level = Level() if seasonal else Level.of(others.total)
    yardstick = Yardstick("loyal", LEAST, "higher", "share", story.of_part, binary=True, min_customers=FEWEST)
    compared = against_rest(loyal, yardstick)
    whole = against_level(loyal.total, level, yardstick, story.of_all(loyal.total, level), {})
    own = {i: _moments(loyal, t.scope) for i, t in enumerate(compared.tests)}
    faded = [_faded(t, own[i], level, yardstick) for i, t in enumerate(compared.tests)]
    parts = heads(faded, loyal.total, own, level, yardstick)
    tests = (*parts, *whole)
    kept = mean(loyal.total, binary=True)
    return Looked(
        headline=story.of_all(loyal.total, level)[0] + ".",
        tests=tuple(replace(t, same_season=seasonal, cause=_chance(story, seasonal)) for t in tests),
        score=_score(kept, level),
        short=compared.short,
        notes=(story.said,),
    )


@dataclass(frozen=True, slots=True)
class Story:
    """The words: what customers do, in which windows, and how much of it, place by place."""

    meant: Mapping[str, Any]
    days: Totals

    @property
    def _doing(self) -> str:
        return "use it on" if self.meant["kind"] == "usage" else "order on"

    @property
    def _before(self) -> str:
        return "a year before" if self.meant["same_season"] else "in as many days before"

    @property
    def said(self) -> str:
        """The windows in one sentence."""
        first, window = grouped(self.meant["first"], 1), grouped(self.meant["window"])
        what = "used it" if self.meant["kind"] == "usage" else "ordered"
        return f"Loyal is who {what} most in a first window of {window} days ({first} days on average)."

    def of_all(self, own: Moments, level: Level) -> tuple[str, str]:
        """Return the title and the statement of all loyal customers."""
        text = f"Loyal customers {self._counts(self.days.total)}"
        return text, f"{text}. {self._share(own.mean, round(own.n))}{_of_others(level)}"

    def of_part(self, d: Difference) -> tuple[str, str]:
        """Return the title and the statement of a part of them."""
        cells = {tuple(sorted(s.items())): v for s, v in self.days.along(*d.scope)} if len(d.scope) == 1 else {}
        values = cells.get(tuple(sorted(d.scope.items())))
        text = f"loyal customers {self._counts(values) if values else f'do {_less(d.value)}'}"
        where = place(d.scope)
        return (
            f"{opening(where)}: {text}",
            f"{opening(where)}: {text}. {self._share(d.value, d.n)} For all other loyal customers it is "
            f"{share(d.baseline)}.",
        )

    def _counts(self, values: Mapping[str, Any]) -> str:
        window, now, then = (grouped(float(x), n) for x, n in self._numbers(values))
        return f"{self._doing} {now} of {window} days, {self._before} on {then}"

    def _numbers(self, values: Mapping[str, Any]) -> tuple[tuple[Any, int], ...]:
        return (self.meant["window"], 0), (values["now"], 1), (values["then"], 1)

    def _share(self, value: float, n: int) -> str:
        return f"Of these customers' {grouped(n)} days in both windows {share(value)} are newer; half is unchanged."


def _less(now_share: float) -> str:
    """Return in words how much of before is left, from the newer part of both."""
    left = now_share / max(1 - now_share, 1e-9)
    return f"{share(1 - left)} less than before" if left < 1 else f"{share(left - 1)} more than before"


def _of_others(level: Level) -> str:
    return "" if level.se == 0 else f" For customers who were not loyal it is {share(level.value)}."


def _moments(cells: Cells, scope: Scope) -> Moments:
    found = cells.get(scope)
    return found if found is not None else cells.total


def _faded(test: Test, own: Moments, level: Level, yardstick: Yardstick) -> Test:
    """Return the test of a part: it must differ from the other loyal customers, and from what it was itself."""
    p = p_against(own, level, yardstick, better=test.status is Status.GOOD_PRACTICE)
    return replace(test, p_value=max(test.p_value, p))


def _chance(story: Story, seasonal: bool) -> Cause:
    tried = [Alternative("chosen for a chance high (regression to the mean)", story.said + " It is not the baseline.")]
    if seasonal:
        tried.append(Alternative("the season", "the same days a year before are compared"))
    return Cause("not_established", "The record shows who does less, not why.", tuple(tried))


def _score(kept: Interval, level: Level) -> Score:
    def percent(value: float | None, unknown: float) -> float:
        if value is None or value >= 1:
            return unknown
        before = level.value / (1 - level.value)
        return 100 * min(1.0, value / (1 - value) / before)

    return Score(percent(kept.value, 100.0), percent(kept.low, 0.0), percent(kept.high, 100.0))
