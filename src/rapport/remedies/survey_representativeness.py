"""What to do where some customers are not heard."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="survey-representativeness",
    fix_condition="Call thirty of those in {place} who were not asked or did not answer, drawn by lot, and compare "
    "what they say with the answers you have.",
    fix_cause="Let a machine send the survey after every case and order in {place}, or to a share drawn by lot, so "
    "that nobody chooses who is asked; print the share that answers beside every score.",
    effort="days",
    measure="share asked and share answering, in {place} and elsewhere",
    retest="The share asked, and the share answering, in {place} is within ten points of all others.",
)
