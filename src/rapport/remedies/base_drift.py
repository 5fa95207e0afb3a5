"""What to do where other customers come than those the company grew with."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="base-drift",
    fix_condition="Ask ten new customers of {place} what they came for and what would bring them back, and decide "
    "whether they are wanted.",
    fix_cause="Find which campaign, partner or price brings {place}, and judge it by what its customers bring in a "
    "year, not by their number; then move half of what is spent on it and compare.",
    effort="days",
    measure="how new customers are made up, against the same season before",
    retest="In the next half-year the shift at {place} has stopped, or is planned for and told apart in every average.",
)
