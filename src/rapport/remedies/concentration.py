"""What to do where the company hangs on one customer."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="concentration",
    fix_condition="Agree a longer contract with the largest customer, and let at least three people on each side know "
    "each other.",
    fix_cause="Put the next quarter's effort in sales into customers outside the largest ten, and set a share above "
    "which no single customer is to grow without a decision of the management.",
    effort="months",
    measure="share of revenue of the largest customer",
    retest="Over the next two quarters the largest customer's share falls, while the revenue of all others does not.",
)
