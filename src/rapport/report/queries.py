"""Two queries of one finding often begin alike: the second is printed from where it differs."""

from __future__ import annotations

import re

LAST_SELECT = re.compile(r"\n\)\n(?=SELECT\b)", re.IGNORECASE)


def tail(query: str, before: str) -> str:
    """Return the last SELECT of `query` if all that stands before it is the same as in the query printed `before` it.

    The two together are the whole: the beginning of the one, up to its last SELECT, and then this. Empty where they
    do not begin alike.
    """
    cut, other = _cut(query), _cut(before)
    return query[cut:] if cut and cut == other and query[:cut] == before[:other] else ""


def halves(query: str) -> tuple[str, str]:
    """Return a query's preparations (its WITH clauses) and its last SELECT, which says what is counted."""
    cut = _cut(query)
    return query[:cut], query[cut:]


def _cut(query: str) -> int:
    """Return where the last SELECT outside all WITH clauses begins, 0 where there is no WITH clause."""
    ends = [m.end() for m in LAST_SELECT.finditer(query)]
    return ends[-1] if ends else 0
