"""What to do where rows stopped arriving."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="record-gaps",
    fix_condition="Load the missing days of {place} again from the source; leave them out of comparisons until then.",
    fix_cause="Let the import of {place} say every day how many rows came, and alarm when a day brings less than half"
    " of its usual.",
    effort="days",
    measure="rows a day against the weekly rhythm",
    retest="No gap in {place} over the next eight weeks, and the missing days are filled.",
)
