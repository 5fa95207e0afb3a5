"""What to do with something that loyal customers did early."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="loyalty-drivers",
    fix_condition="Show what is found here ({place}) to half of the new customers in their first week, drawn by lot, "
    "and leave the others as they are.",
    fix_cause="If those who were shown it stay, come back or recommend you more often, make it a step of every "
    "beginning; if not, it only shows what kind of customers they are.",
    effort="weeks",
    measure="share of new customers who turn out loyal, shown it and not",
    retest="Of the new customers drawn by lot to be shown it, more turn out loyal than of the others.",
)
