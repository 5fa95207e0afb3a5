"""What to do where customers leave who looked healthy."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="health-calibration",
    fix_condition="Call the healthy-looking customers of {place} before their next renewal and ask who decides there "
    "now and what they need.",
    fix_cause="Watch what the score did not see in {place}: when a main contact leaves, let somebody introduce "
    "themselves to the successor within two weeks.",
    effort="days",
    measure="share of the healthier half that leaves",
    retest="In half a year customers who look healthy leave as seldom in {place} as elsewhere.",
)
