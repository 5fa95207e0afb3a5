"""What to do where existing customers bring less and less."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="revenue-retention",
    fix_condition="Call the ten customers of {place} who pay most and whose renewal is next; ask what the price is "
    "worth to them before they ask themselves.",
    fix_cause="Look at what changed for {place} when the losses rose: a new price, less in the plan, another team. "
    "Where it was the price, offer those who have not decided the old one for a year, and test the next rise on a few.",
    effort="weeks",
    measure="share of the revenue of existing customers that is lost in a month",
    retest="Over the next three full months {place} loses no more than half a point of its revenue a month above the "
    "others.",
)
