"""What to do where a first purchase does not become a second."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="repeat-purchase",
    fix_condition="Write once to the first buyers of {place} who have not come back, about what they bought; keep a "
    "tenth of them back to see whether it works.",
    fix_cause="Compare what {place} promises and costs with what its buyers bring in a year; change the promise or "
    "stop paying for it.",
    effort="weeks",
    measure="share of first buyers who buy again within the usual time",
    retest="First buyers of {place} of the next two months come back within five points of the others.",
)
