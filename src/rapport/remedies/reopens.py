"""What to do where solved problems come back."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="reopens",
    fix_condition="Call the customers of {place} whose ticket came back in the last month, and finish it with them.",
    fix_cause="Close a ticket of {place} only after the customer said that it is solved, or a week after having asked; "
    "take the number of tickets closed out of what {place} is measured by.",
    effort="weeks",
    measure="share of solved tickets that are reopened",
    retest="The share in {place} lies within three points of the rest on the next 300 solved tickets.",
)
