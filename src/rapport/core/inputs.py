"""What an audit or a metric asks the record for: declared beforehand, so that it receives this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Means of one value by cells, with rows of one customer kept together.

    Parameters
    ----------
    measure : the measure whose rows are counted (its file name without `.sql`).
    value : a column of the measure, or an SQL expression over its columns; booleans are 0 and 1, nulls left out.
    by : sets of columns; each set is one way to cut the rows (the total is always there).
    where : an SQL condition over the measure's columns; empty for all rows.
    """

    measure: str
    value: str
    by: tuple[tuple[str, ...], ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """Durations by cells as fixed log-histograms of ended and censored cases.

    `seconds` is how long a case has lasted so far, `ended` whether it ended; both are columns or expressions.
    """

    measure: str
    seconds: str
    ended: str
    by: tuple[tuple[str, ...], ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Plain totals by cells: named aggregate expressions, for counts and money that no test is made on.

    `values` are pairs (name, aggregate expression), such as `("revenue", "sum(amount)")`.
    """

    measure: str
    values: tuple[tuple[str, str], ...]
    by: tuple[tuple[str, ...], ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The first `limit` rows of a measure in the order of `order` (columns, `desc` allowed), never all rows."""

    measure: str
    order: str
    columns: tuple[str, ...] = ()
    limit: int = 200
    where: str = ""


Input = Breakdown | Times | Sums | Rows
