"""What to do where answers were lost."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="lost-scores",
    fix_condition="Export the answers of {place} again, with 0 written as 0, and compute every score since then anew.",
    fix_cause="Treat empty and 0 as different in the export and in the import, and test it with a survey answered "
    "with 0.",
    effort="days",
    measure="share of answered surveys without a score",
    retest="Every value of the scale occurs in {place}, and fewer than five in a thousand answers are empty.",
)
