"""Do customers use what they pay for?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Short, Status, Test
from rapport.core.words import grouped, month, opening, place, share
from rapport.measures.cells import Cells, Totals
from rapport.measures.change_reasons import beside
from rapport.measures.explaining import less
from rapport.measures.onset import Change
from rapport.measures.side_by_side import side_by_side
from rapport.measures.since import lasting
from rapport.measures.steady import halves
from rapport.measures.whole_company import since_when
from rapport.measures.yardstick import Difference, Say, Yardstick
from rapport.models.clustered import mean
from rapport.models.moments import Moments

LEAST = 0.10


@audit(
    question="Do customers use what they pay for?",
    criteria="On each plan about as many customers use a feature as on the other plans that have it, above all the one "
    "that most others use; and customers use no smaller part of what their plan has than before.",
    source="the company's own other plans, and its own past in the same season",
    least_effect=LEAST,
    unit="share",
    inputs={
        "core": Breakdown("feature_adoption", "adopted", by=(("plan",),), where="core"),
        "adopted": Breakdown("feature_adoption", "adopted", by=(("feature",), ("plan", "feature"))),
        "cores": Sums("feature_adoption", (("customers", "COUNT(*)"),), by=(("plan", "feature"),), where="core"),
        "used": Breakdown("plan_use", "used_share", by=(("plan",), ("month",), ("plan", "month"))),
        "counted": Sums("plan_use", (("features", "AVG(features)"), ("offers", "AVG(offers)"))),
    },
    needs=("usage.feature",),
    defect="one plan never adopts the core feature",
    owner="Product",
)
def usage_breadth(core: Cells, adopted: Cells, cores: Totals, used: Cells, counted: Totals, facts: Facts) -> Outcome:
    """Ask how much of what customers pay for they use, and on which plan something is left unused.

    What it asks
        Which part of what their plan has customers use in a month, whether that part shrinks, and whether a feature is
        taken up on one plan and not on another.

    Why it matters
        What is not used is not missed when it is gone. Whoever uses one feature only can replace you in an afternoon,
        and the feature that everybody else lives by is the first thing to look for where a plan does not hold.

    How it is measured
        For each customer and full month with any use: the features used, as a share of those that the plan has. A plan
        has what at least two percent of its customers use on it; what a plan does not have cannot be taken up. The
        share is tested for a lasting change, each plan against its own past net of all others, the company against the
        same months of other years. And on each plan the share of customers who used a feature at all in the last
        twelve months is tested against the other plans that have it. The core feature of a plan is the one that most
        customers of the other plans use; it is expected of every plan, also where nobody uses it. A customer's first 90
        days do not count, nor months in which the plan changed.

    How it is scored
        The part of what their plan has that customers use in a month, with its interval.

    What to do
        Show the feature to ten customers of the plan who do not use it, and watch where they stop.

    When it is wrong
        Where a plan was sold without the feature that most others use: then nobody can use it, and the finding says no
        more than that. Where a plan is for another kind of work. Where a source logs what runs by itself as use.
        Customers who use nothing at all are not counted here; whether they are leaving is another question.

    References
        Rogers (2003), Diffusion of Innovations, ch. 5 (from knowing to using); Cochran (1977), Sampling Techniques, 6.
    """
    if not adopted.total.n or not used.total.n:
        return NotAssessable(
            "No customer has used the software in three full months after their first 90 days.", ("usage",), 100
        )
    tests, short = _by_plan(core, adopted, cores)
    overall = mean(used.total, binary=False)
    series = Yardstick("used", LEAST, "higher", "share", _unsaid, binary=False)
    months = replace(used, by=tuple(names for names in used.by if "month" in names))
    parts = halves(lasting(months, [("plan",)], series, _changed), months, series)
    features, offers = float(counted.total["features"]), float(counted.total["offers"])
    return Looked(
        headline=f"In a month customers use {grouped(features, 1)} of the {grouped(offers, 1)} features of their plan; "
        f"{share(core.total.mean)} use {_named(cores)} at all.",
        tests=(*tests, *beside(parts, since_when(months, series, _changed), months, series)),
        score=Score.of_good(overall),
        short=short,
        chart=_picture(adopted),
    )


def _by_plan(core: Cells, adopted: Cells, cores: Totals) -> tuple[list[Test], tuple[Short, ...]]:
    """Return the tests of each plan's core feature, and of its other features, against the other plans with it."""
    firsts = {scope["plan"]: scope["feature"] for scope, _ in cores.along("plan", "feature")}
    tests: list[Test] = []
    short: list[Short] = []
    for scope, own in adopted.along("plan", "feature"):
        plan, feature = scope["plan"], scope["feature"]
        everyone = adopted.get({"feature": feature})
        others = less(everyone, own) if everyone is not None else None
        if others is None or others.n <= 0:
            continue
        is_core = firsts.get(plan) == feature
        mine = core.get({"plan": plan}) if is_core else own
        yardstick = Yardstick(
            "core" if is_core else "adopted",
            LEAST,
            "higher",
            "share",
            _of(plan, feature, is_core),
            binary=True,
            worse=Status.NONCONFORMING if is_core else Status.OPPORTUNITY,
        )
        place_of: Mapping[str, str] = {"plan": plan} if is_core else scope
        found = side_by_side(mine or own, others, place_of, yardstick, _but_worst(adopted, others, plan, feature))
        tests += [replace(t, chart=_picture(adopted, feature, plan)) for t in found]
        if not found:
            short.append(Short(dict(place_of), round(own.n), None))
    return tests, tuple(short)


def _but_worst(adopted: Cells, others: Moments, plan: str, feature: str) -> Moments | None:
    """Return the other plans with a feature without the one on which fewest use it; None where that leaves nobody."""
    plans = [m for s, m in adopted.along("plan", "feature") if s["feature"] == feature and s["plan"] != plan and m.n]
    return less(others, min(plans, key=lambda m: m.mean)) if len(plans) > 1 else None


def _of(plan: str, feature: str, is_core: bool) -> Say:
    def say(d: Difference) -> tuple[str, str]:
        who = "no customer uses" if d.value == 0 else f"{share(d.value)} of customers use"
        why = " It is the feature that most customers of the other plans use." if is_core else ""
        doubt = f" If {plan} does not have {feature}, this says no more than that." if d.value == 0 else ""
        return (
            f"Plan {plan}: {who} {feature}, on the other plans with it {share(d.baseline)}",
            f"Of {grouped(d.n)} customers on {plan} {share(d.value)} used {feature} in the last twelve months; of "
            f"those on the other plans that have it {share(d.baseline)}.{why}{doubt}",
        )

    return say


def _unsaid(d: Difference) -> tuple[str, str]:
    """Return nothing: how large a part plans use is not compared, for they have not the same features."""
    return "", ""


def _changed(c: Change) -> tuple[str, str]:
    where = "" if not c.scope else f"{opening(place(c.scope))}: "
    since = f"since {month(c.since)}," if where else f"Since {month(c.since)},"
    return (
        f"{where}{since} customers use {share(c.value)} of what their plan has, before {share(c.baseline)}",
        f"In {grouped(c.n)} months of customers since {month(c.since)}, {share(c.value)} of the features of the plan "
        f"were used; before it was {share(c.baseline)}.",
    )


def _named(cores: Totals) -> str:
    """Return the core feature in words: its name where it is the same on all plans."""
    names = {scope["feature"] for scope, _ in cores.along("plan", "feature")}
    return next(iter(names)) if len(names) == 1 else "the feature that most others use"


def _picture(adopted: Cells, feature: str = "", plan: str = "") -> Chart | None:
    """Return who uses a feature, plan by plan; without a feature, each feature over all plans that have it."""
    names = ("plan", "feature") if feature else ("feature",)
    bars = []
    for scope, moments in adopted.along(*names):
        if scope["feature"] == (feature or scope["feature"]) and moments.n:
            i = mean(moments, binary=True)
            label = scope["plan"] if feature else scope["feature"]
            bars.append(Bar(label, i.value, i.low, i.high, i.n, bool(plan) and label == plan))
    bars.sort(key=lambda b: -(b.value or 0.0))
    title = f"Share of customers who use {feature}, by plan" if feature else "Share of customers who use each feature"
    return Chart("dots", title, "share", tuple(bars)) if bars else None
