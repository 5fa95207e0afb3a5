"""What to do where customers are lost by accident, because a payment failed."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="payment-failure",
    fix_condition="Write today to every customer of {place} whose last payment failed and was not made good: one "
    "link, one sentence, no reproach; keep the subscription open for thirty days.",
    fix_cause="Check in the settings of {place} that a failed payment is tried again, after three days and after "
    "seven, and that a person hears of it when the last attempt fails.",
    effort="days",
    measure="share of failed payments that are made good within 21 days",
    retest="Over the next three full months {place} makes good as many failed payments as the others, within ten "
    "points in a hundred.",
)
