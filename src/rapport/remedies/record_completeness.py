"""What to do where a column stopped being filled."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="record-completeness",
    fix_condition="Fill the empty values since that month from the source, where it still has them.",
    fix_cause="Ask who changed the form, the export or the connector of {place} in that month, and make the field "
    "required there again.",
    effort="days",
    measure="share of empty values",
    retest="The share of empty values in {place} is back at its earlier level over the next month.",
)
