"""What to do where customers cost more to win than they bring in a year."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="retention-economics",
    fix_condition="Halve for a quarter what is spent on winning customers through {place}, and see how many fewer "
    "come: the last euro is the one to judge.",
    fix_cause="Set beside the cost of each customer won what they bring in their first year, by channel and every "
    "month; move what does not come back to keeping those who are there.",
    effort="weeks",
    measure="what customers bring in their first year for each euro spent on winning them",
    retest="Customers won through {place} from the next quarter on bring in their first year what they cost.",
)
