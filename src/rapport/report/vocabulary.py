"""The plain words for how audits end, how grave a finding is and what an audit is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapport.report.words import glued

SENTENCE = re.compile(r"(.{1,110}?[.?!]) (.+)", re.DOTALL)

STATUSES: Mapping[str, tuple[str, str]] = {
    "nonconforming": ("Misses its criterion", "tested, and beyond the least effect worth acting on"),
    "opportunity": ("Opportunity", "no criterion is missed, but a tested difference shows value left on the table"),
    "good_practice": ("Good practice", "tested, and clearly better than the criterion"),
    "conforming": ("In order", "looked at, and the whole interval lies within the least effect worth acting on"),
    "not_assessable": ("Could not be assessed", "a table, a column or enough rows are missing; never a silent “fine”"),
    "error": ("Failed to run", "the audit itself broke; it lowers the coverage, never the score"),
}

ENDED: Mapping[str, tuple[str, str]] = {
    "nonconforming": ("misses its criterion", "miss their criterion"),
    "opportunity": ("is an opportunity", "are opportunities"),
    "good_practice": ("is good practice", "are good practice"),
    "conforming": ("is in order", "are in order"),
    "not_assessable": ("could not be assessed", "could not be assessed"),
    "error": ("failed to run", "failed to run"),
}

SEVERITIES: Mapping[str, str] = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}

CATEGORIES: Mapping[str, str] = {
    "foundations": "The record itself",
    "engagement": "Engagement",
    "communication": "Communication",
    "sentiment": "Sentiment",
    "journey": "The journey",
    "proactivity": "Proactive outreach",
    "commitment": "Commitment",
    "promise": "Promises",
    "value": "Value",
    "alignment": "Alignment",
}

OPINIONS: Mapping[str, tuple[str, str]] = {
    "unqualified": ("Reliable", "What was tested of the record is sound. Findings rest on it without reservation."),
    "qualified": (
        "Reliable, with reservations",
        "The record can be used. What is said below lowers the confidence of what rests on it.",
    ),
    "adverse": (
        "Not reliable",
        "The record is unsound in ways that reach the findings. Read every number below with that in mind.",
    ),
    "disclaimer": ("Could not be judged", "Too little was there to say whether the record can be trusted."),
}

CAUSES: Mapping[str, str] = {
    "established": "Established.",
    "supported": "Supported, not proven.",
    "hypothesis": "A hypothesis.",
    "not_established": "Not established.",
}

GRADE_TONES: Mapping[str, str] = {"A": "good", "B": "good", "C": "warn", "D": "bad", "E": "bad", "F": "bad"}


def status_word(status: str) -> str:
    """Return the words for how an audit ended."""
    return STATUSES.get(status, (worded(status), ""))[0]


def category_word(category: str) -> str:
    """Return the title of a category."""
    return CATEGORIES.get(category) or worded(category)


def severity_word(severity: str) -> str:
    """Return the word for a severity."""
    return SEVERITIES.get(severity) or worded(severity)


def severity_rank(severity: str) -> int:
    """Return the place of a severity: 0 is the gravest."""
    return [*SEVERITIES].index(severity) if severity in SEVERITIES else len(SEVERITIES)


def tone(grade: str | None) -> str:
    """Return the tone in which a grade is printed; the letter says the same."""
    return GRADE_TONES.get((grade or " ")[0].upper(), "none")


def worded(name: str) -> str:
    """Return an identifier as words: `first_reply` is `First reply`."""
    words = str(name).replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def opening(text: str) -> str:
    """Return a text with its first letter large."""
    return str(text)[:1].upper() + str(text)[1:]


def score_tone(score: float | None) -> str:
    """Return the tone of a score of 0 to 100, by the bounds of the grades A and B, C, and below."""
    return "none" if score is None else "good" if score >= 60 else "warn" if score >= 42 else "bad"


def headline(text: str) -> tuple[str, str]:
    """Split a statement into its first sentence and the rest, so that the first can be read at a glance."""
    whole = glued(str(text))
    found = SENTENCE.match(whole)
    return (found[1], found[2]) if found else ("", whole)
