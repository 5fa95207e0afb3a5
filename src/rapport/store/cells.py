"""What counts as an empty cell, and how a cell becomes text: `NA`, `?` and `-` say nothing, 0 is a value."""

from __future__ import annotations

from rapport.store.connection import literal

NOTHING = ("", "NA", "N/A", "NULL", "NONE", "?", "-")
LONGEST_NOTHING = max(len(word) for word in NOTHING)
BLANKS = " \t\r\n\u00a0"


def filled_text(cell: str) -> str:
    """Return SQL for the trimmed text of a cell, NULL where it is empty or a usual word for nothing.

    Trimming costs far more than looking at the first and the last letter, so only cells with blanks at an end are;
    what a cell begins with is soonest seen by comparing.
    """
    trimmed = f"trim({cell}, {literal(BLANKS)})"
    edges = " OR ".join(f"ends_with({cell}, {literal(b)})" for b in BLANKS)
    begins = f"({cell} >= '\u00a0' AND {cell} < '\u00a1')"
    return (
        f"CASE WHEN {cell} < '!' OR {begins} OR {edges} "
        f"THEN CASE WHEN {_says_nothing(trimmed)} THEN NULL ELSE {trimmed} END "
        f"WHEN strlen({cell}) <= {LONGEST_NOTHING} AND ({_says_nothing(cell)}) THEN NULL ELSE {cell} END"
    )


def _says_nothing(text: str) -> str:
    """Return SQL for whether a text is a usual word for nothing; a long IN would be joined to every cell of a file.

    DuckDB 2 makes an IN of list_contains, but not of list_position.
    """
    return f"coalesce(list_position([{', '.join(map(literal, NOTHING))}], upper({text})), 0) > 0"


def as_text(cell: str, sql_type: str) -> str:
    """Return SQL for a typed cell as text: whole numbers without `.0`, nested values as JSON."""
    kind = sql_type.upper()
    if kind == "VARCHAR":
        return cell
    if kind in {"DOUBLE", "FLOAT"}:
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < 1e18"
        return f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
    if kind == "BLOB":
        return f"coalesce(nullif(try(decode({cell})), ''), hex({cell}))"
    if kind.startswith("TIMESTAMP"):
        zoned = f"timezone('UTC', {cell})" if "TIME ZONE" in kind else f"CAST({cell} AS TIMESTAMP)"
        return f"strftime({zoned}, '%Y-%m-%dT%H:%M:%S')"
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]") or kind == "JSON":
        return f"CAST(to_json({cell}) AS VARCHAR)"
    return f"CAST({cell} AS VARCHAR)"


def without_zeros(text: str) -> str:
    """Return SQL for an id that a spreadsheet wrote as a number with decimals: `17850.0` is 17850."""
    whole = f"ends_with({text}, '.0') AND regexp_full_match({text}, '-?[0-9]+\\.0')"
    return f"CASE WHEN {whole} THEN left({text}, length({text}) - 2) ELSE {text} END"
