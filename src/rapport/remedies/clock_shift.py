"""What to do where a source's clock is off."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="clock-shift",
    fix_condition="Load the rows of {place} since that day again with the right time zone.",
    fix_cause="Let {place} write times with their zone, or in UTC, and declare that zone for the import.",
    effort="days",
    measure="hours between the profiles of the day",
    retest="The hours of the day in {place} are those of before over the next eight weeks.",
)
