"""What to do where problems take too long to solve."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="resolution-time",
    fix_condition="Take the oldest open tickets of {place}, give each one owner and a date, and tell the customers.",
    fix_cause="Follow ten solved tickets of {place} from opening to solution and mark where they lay still; remove the "
    "longest stop, which is usually a wait for another team, a supplier or an approval.",
    effort="weeks",
    measure="share of tickets solved within the target",
    retest="The share in {place} lies within ten points of the rest, or of its own past, on the next 200 tickets.",
)
