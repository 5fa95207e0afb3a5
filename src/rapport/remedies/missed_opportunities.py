"""What to do where customers lack what customers like them own."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="missed-opportunities",
    fix_condition="Offer it to half of the customers in {place} who never had it and whose likes own it, drawn by lot; "
    "the list of what each may want next names them.",
    fix_cause="Look at why {place} is left out: a list that was built once, a rule that excludes it, or a price; then "
    "choose what is offered by what customers own and not by who they are.",
    effort="days",
    measure="share of what customers may want that was offered to them, in {place} and elsewhere",
    retest="What is offered in {place} is within ten points of what is offered elsewhere; those drawn by lot buy more.",
)
