"""What to do where customers write and never get an answer."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="unanswered",
    fix_condition="Answer the unanswered tickets of {place} now, with an apology; begin with the newest.",
    fix_cause="Read ten of them and find the door that leads nowhere in {place}: a form, a mailbox, a rule that closes "
    "silently; then let a list of tickets without an answer after one day go to one person every morning.",
    effort="days",
    measure="share of tickets never answered",
    retest="At most one ticket in a hundred more than elsewhere is unanswered in {place} over the next 1,000.",
)
