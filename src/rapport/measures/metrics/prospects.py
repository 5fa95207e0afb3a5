"""What a relationship is worth, and how many of those who ever bought are still customers, as models see it."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Sums
from rapport.core.interval import Interval
from rapport.measures.cells import Totals

LEAST = 30
SOURCE = "Fader, Hardie & Lee (2005), J. Marketing Research 42:415; contracts: Fader & Hardie (2010), Marketing Science"
LIMITS = (
    "of the models: uncertainty of their parameters, and by how much their totals proved wrong on the past, 95 %; "
    "single customers stray further"
)


def _mean(column: str) -> tuple[tuple[str, str], ...]:
    """Return the mean of an estimate and of its limits: what is uncertain is uncertain of everybody at once."""
    return (
        ("value", f"AVG({column})"),
        ("low", f"AVG({column}_low)"),
        ("high", f"AVG({column}_high)"),
        ("n", "COUNT(*)"),
    )


def _interval(found: Totals) -> Interval | None:
    n = int(found.total["n"] or 0)
    if n < LEAST:
        return None
    value, low, high = (float(found.total[k]) for k in ("value", "low", "high"))
    return Interval(value, low, high, n)


@metric(
    id="clv_mean",
    version=1,
    name="What a relationship will bring",
    unit="money",
    formula="mean expected margin within the declared horizon (12 months else), discounted (10 % a year else)",
    inclusion="customers who ever bought or subscribed, without those whose contract ended and who bought nothing else",
    missing="without a declared margin it is revenue; amounts of other currencies are taken as they are",
    least_n=LEAST,
    interval=LIMITS,
    source=SOURCE,
    inputs={"values": Sums("relationship_values", _mean("value"))},
    higher_is_better=True,
)
def clv_mean(values: Totals, facts: Facts) -> Interval | None:
    """Return the mean expected discounted margin of a relationship."""
    return _interval(values)


@metric(
    id="probability_active_mean",
    version=1,
    name="Customers still active",
    unit="share",
    formula="mean probability to be still a customer",
    inclusion="customers who ever bought or subscribed",
    missing="a contract that runs counts 1, one that ended 0; without contracts a model tells it (never the BG/NBD of "
    "who bought once)",
    least_n=LEAST,
    interval=LIMITS,
    source=SOURCE,
    inputs={"values": Sums("prospects", _mean("probability_active"))},
    higher_is_better=True,
)
def probability_active_mean(values: Totals, facts: Facts) -> Interval | None:
    """Return the share of those who ever were customers that still are."""
    return _interval(values)
