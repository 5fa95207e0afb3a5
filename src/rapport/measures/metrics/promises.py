"""How many of the company's promises are kept, promise by promise."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.measures.cells import Cells
from rapport.models.clustered import mean

LEAST = 10


@metric(
    id="promise_kept_share",
    version=1,
    name="Promise kept",
    unit="share",
    formula="cases within the promised target / cases that the promise covers, for each promise",
    inclusion="cases of the promised quantity and segment that began in the period",
    missing="a case that has not ended counts as broken once it is over the target, and is left out before that",
    least_n=LEAST,
    interval="Wilson's at the effective number of customers",
    source="[[promise]] in rapport.toml",
    inputs={"kept": Breakdown("promise_cases", "kept", by=(("promise_id",),))},
    higher_is_better=True,
)
def promise_kept_share(kept: Cells, facts: Facts) -> dict[str, Interval] | None:
    """Return the share kept of each promise with enough cases, as `promise=ID`."""
    shares = {
        f"promise={scope['promise_id']}": mean(m, binary=True) for scope, m in kept.along("promise_id") if m.n >= LEAST
    }
    return shares or None
