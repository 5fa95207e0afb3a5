"""Do parcels arrive by the day that was promised, everywhere?"""

from __future__ import annotations

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.outcome import Looked, Outcome, Score
from rapport.core.words import opening, place, share
from rapport.measures.cells import Cells
from rapport.measures.compare import against_rest
from rapport.measures.yardstick import Difference, Yardstick
from rapport.models.clustered import mean

LEAST = 0.10


# --8<-- [start:declaration]
@audit(
    question="Do parcels arrive by the promised day?",
    criteria="Each region and channel gets about as many parcels in time as the others.",
    source="the company's own other regions and channels",
    least_effect=LEAST,
    unit="share",
    category="journey",
    inputs={
        # The measure (one row is an order promised by a day), what is averaged, and the ways to cut it.
        "in_time": Breakdown(
            "promised_deliveries",
            "on_time",
            by=(("region",), ("channel",), ("region", "channel")),
        ),
    },
    needs=("orders.promised_at", "orders.delivered_at"),
    defect="parcels to one region take two days longer",
    owner="Logistics",
)
# --8<-- [end:declaration]
def late_parcels(in_time: Cells, facts: Facts) -> Outcome:
    """Ask whether parcels to some place come late.

    What it asks
        Whether some region or channel gets fewer of its parcels by the promised day than the others.

    Why it matters
        Who waits alone does not see that the average is fine.

    How it is measured
        Orders with a promised day: the share that arrived by then, by region and channel. What has not arrived although
        the day has passed is late. Each place is tested against all the others, rows of one customer kept together.

    How it is scored
        The share of parcels that arrive by the promised day.

    What to do
        Compare the carriers and the warehouses that serve the slow place.

    When it is wrong
        Where the record does not know when a parcel arrived, only when it left.

    References
        None.
    """

    # --8<-- [start:decision]
    def say(d: Difference) -> tuple[str, str]:
        told = f"{share(d.value)} of parcels arrive by the promised day, elsewhere {share(d.baseline)}"
        return f"{opening(place(d.scope))}: {told}", f"{told} ({d.n} parcels)."

    yardstick = Yardstick("in_time", LEAST, "higher", "share", say, binary=True)
    compared = against_rest(in_time, yardstick)
    overall = mean(in_time.total, binary=True)
    return Looked(
        headline=f"{share(overall.value)} of parcels arrive by the promised day.",
        tests=compared.tests,
        score=Score(100 * overall.value, 100 * (overall.low or 0.0), 100 * (overall.high or 1.0)),
        short=compared.short,
    )
    # --8<-- [end:decision]
