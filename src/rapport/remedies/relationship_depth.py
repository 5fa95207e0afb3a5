"""What to do where partners turn into occasional buyers."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="relationship-depth",
    fix_condition="Speak with twenty customers who were partners a year ago and are none today; ask what they now get "
    "elsewhere, and agree one goal with each.",
    fix_cause="Find which mark went first (breadth, conversation or goals) and who used to keep it alive; give that "
    "task back to a person with a name, for half of the former partners first.",
    effort="weeks",
    measure="share of partners among customers known for as long",
    retest="In six months the share of partners among customers of like tenure is within five points of what it was.",
)
