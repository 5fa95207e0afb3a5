"""Turns what an audit asked for into one query over a measure: two stages, customer by cell and then cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from sqlglot import exp, maybe_parse

from rapport.core.inputs import Breakdown, Input, Rows, Sums, Times
from rapport.measures.query import DIALECT, parse
from rapport.models.log_bins import BINS_PER_E

# The two columns that every case-level measure has: whose row it is, and the row's own id.
CUSTOMER, ROW = "customer_id", "row_id"


def dimensions(asked: Input) -> tuple[str, ...]:
    """Return the columns by which an input is cut, each once, in the order of first mention."""
    if isinstance(asked, Rows):
        return ()
    return tuple(dict.fromkeys(name for group in asked.by for name in group))


def narrowed(asked: Input, there: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of `by` whose columns hold anything, so that an empty column loses only its own breakdowns."""
    return () if isinstance(asked, Rows) else tuple(g for g in asked.by if all(c in there for c in g))


def columns_of(asked: Input) -> frozenset[str]:
    """Return the measure's columns that an input cannot do without (its value, duration and condition)."""
    texts = [asked.where] if asked.where else []
    if isinstance(asked, Breakdown):
        texts.append(asked.value)
    elif isinstance(asked, Times):
        texts += [asked.seconds, asked.ended]
    elif isinstance(asked, Sums):
        texts += [expression for _, expression in asked.values]
    else:
        texts += list(asked.columns)
    return frozenset().union(*(_mentioned(t) for t in texts))


@cache
def _mentioned(expression: str) -> frozenset[str]:
    """Return the columns in an expression."""
    tree: exp.Expr = maybe_parse(expression, dialect=DIALECT)
    return frozenset(c.name for c in tree.find_all(exp.Column))


def query_for(asked: Input, by: Sequence[tuple[str, ...]], clustered: bool = True) -> exp.Query:
    """Return the tree of `text_for`, for printing and for other engines."""
    return parse(text_for(asked, tuple(by), clustered))


@cache
def text_for(asked: Input, by: tuple[tuple[str, ...], ...], clustered: bool = True) -> str:
    """Return the query that answers `asked` over its measure's table, in the words of the declaration.

    Parameters
    ----------
    asked : the declared input.
    by : the sets of columns that the data allows (see `narrowed`).
    clustered : whether the measure has `customer_id` and `row_id`; without them each row is its own cluster.
    """
    if isinstance(asked, Breakdown):
        return _breakdown(asked, by, clustered)
    if isinstance(asked, Times):
        return _times(asked, by)
    if isinstance(asked, Sums):
        return _sums(asked, by)
    return _rows(asked)


def _sets(by: Sequence[tuple[str, ...]], *also: str) -> str:
    """Return the text of GROUPING SETS over names of columns, the total first."""
    quoted = [", ".join([*(f'"{c}"' for c in group), *also]) for group in ((), *by)]
    return ", ".join(f"({names})" for names in quoted)


def _counted(asked: Breakdown | Times | Sums, dims: Sequence[str], values: Sequence[str]) -> str:
    """Return the rows that count, with their dimensions and their values under short names."""
    columns = [*(f'"{d}"' for d in dims), *values]
    return f"SELECT {', '.join(columns or ['1 AS counted'])} FROM {asked.measure}{_where(asked)}"


def _where(asked: Input) -> str:
    return f" WHERE {asked.where}" if asked.where else ""


def _grouping(dims: Sequence[str]) -> str:
    """Return the expressions that tell which set a row of the result belongs to (1: not grouped by it)."""
    return "".join(f', GROUPING("{d}") AS "g_{d}"' for d in dims)


def _dims(by: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for group in by for c in group))


def _listed(dims: Sequence[str]) -> str:
    """Return the dimensions as text, which they become once they are grouped: there are fewer of them then."""
    return "".join(f'CAST("{d}" AS VARCHAR) AS "{d}", ' for d in dims)


def _breakdown(asked: Breakdown, by: Sequence[tuple[str, ...]], clustered: bool) -> str:
    """Return the two stages: each customer's rows and sum in each cell, then what a clustered test needs of them."""
    dims = _dims(by)
    who = f"COALESCE({CUSTOMER}, {ROW})" if clustered else ROW
    total = " AND ".join(f'"g_{d}" = 1' for d in dims) or "TRUE"
    cell = ", ".join([*(f'c."{d}"' for d in dims), *(f'c."g_{d}"' for d in dims)])
    return (
        f"WITH counted AS ({_counted(asked, dims, [f'{who} AS k', f'CAST(({asked.value}) AS DOUBLE) AS v'])}), "
        f"customers_by_cell AS (SELECT {_listed(dims)}k, COUNT(*) AS n, SUM(v) AS s{_grouping(dims)} "
        f"FROM counted WHERE v IS NOT NULL GROUP BY GROUPING SETS ({_sets(by, 'k')})), "
        f"whole AS (SELECT k, n, s FROM customers_by_cell WHERE {total}) "
        f"SELECT {cell + ', ' if dims else ''}COUNT(*) AS g, SUM(c.n) AS n, SUM(c.s) AS s, SUM(c.n * c.n) AS nn, "
        "SUM(c.s * c.s) AS ss, SUM(c.n * c.s) AS ns, SUM(c.n * t.n) AS nt, SUM(c.s * t.s) AS st, "
        "SUM(c.n * t.s) AS n_st, SUM(c.s * t.n) AS s_nt "
        "FROM customers_by_cell AS c JOIN whole AS t ON c.k = t.k" + (f" GROUP BY {cell}" if dims else "")
    )


def _times(asked: Times, by: Sequence[tuple[str, ...]]) -> str:
    dims = _dims(by)
    seconds = f"CAST({asked.seconds} AS DOUBLE)"  # GREATEST would make 0 of what is unknown
    bin_of = f"CAST(FLOOR(LN(CASE WHEN {seconds} < 0 THEN 0 ELSE {seconds} END + 1) * {BINS_PER_E}) AS INTEGER)"
    return (
        f"WITH counted AS ({_counted(asked, dims, [f'{bin_of} AS bin', f'{asked.ended} AS ended'])}) "
        f"SELECT {_listed(dims)}bin, COUNT(*) FILTER (WHERE ended) AS events, "
        f"COUNT(*) FILTER (WHERE NOT ended) AS censored{_grouping(dims)} FROM counted "
        f"WHERE bin IS NOT NULL AND ended IS NOT NULL GROUP BY GROUPING SETS ({_sets(by, 'bin')})"
    )


def _sums(asked: Sums, by: Sequence[tuple[str, ...]]) -> str:
    dims = _dims(by)
    used = frozenset().union(*(_mentioned(text) for _, text in asked.values))
    values = "".join(f'{text} AS "{name}", ' for name, text in asked.values).removesuffix(", ")
    return (
        f"WITH counted AS ({_counted(asked, dims, [f'{chr(34)}{c}{chr(34)}' for c in sorted(used - set(dims))])}) "
        f"SELECT {_listed(dims)}{values}{_grouping(dims)} FROM counted GROUP BY GROUPING SETS ({_sets(by)})"
    )


def _rows(asked: Rows) -> str:
    columns = ", ".join(asked.columns or ("*",))
    return f"SELECT {columns} FROM {asked.measure}{_where(asked)} ORDER BY {asked.order} LIMIT {asked.limit}"
