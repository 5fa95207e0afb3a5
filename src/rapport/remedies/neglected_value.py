"""What to do where the best customers hear from nobody."""

from __future__ import annotations

from rapport.core.finding import Remedy

REMEDY = Remedy(
    audit="neglected-value",
    fix_condition="Print the list of the best customers without a contact, divide it among named people, and let each "
    "of them ring theirs within two weeks: ask how it is going, sell nothing.",
    fix_cause="Give every customer of the best tenth one person who answers for the relationship, and declare how many "
    "days may pass without a useful contact (useful_contact_days), so that it shows when it slips.",
    effort="days",
    measure="share of the best tenth without a useful contact within the limit",
    retest="In three months no more of the best tenth are without a contact than of the other customers.",
)
