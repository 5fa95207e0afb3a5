"""Says the same query in another engine's words; what differs between engines is mended here and nowhere else."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from rapport.core.errors import QueryError

OTHERS = ("spark", "postgres")


def in_dialect(query: exp.Query, dialect: str) -> str:
    """Return the text of `query` for another engine; raises QueryError for what that engine cannot do.

    Three things would change their meaning if transpiled as they are: on Spark an exact quantile becomes an approximate
    one, seconds since 1970 lose their fractions, and means and quotients of decimals are cut to a few digits.
    """
    written = query.transform(_for_spark) if dialect == "spark" else query
    try:
        return written.sql(dialect=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as problem:
        raise QueryError(f"{dialect} cannot say it: {problem}", todo="stay in the portable subset") from problem


def _for_spark(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0]
        return exp.Anonymous(this="PERCENTILE", expressions=[ordered.this, node.this.this])
    if isinstance(node, exp.TimeToUnix):
        micros = exp.Anonymous(this="UNIX_MICROS", expressions=[exp.cast(node.this, "timestamptz")])
        return exp.paren(exp.Div(this=micros, expression=exp.Literal.number("1000000"), typed=False, safe=False))
    if isinstance(node, (exp.Avg, exp.Div)) and not isinstance(node.this, exp.Distinct):
        node.set("this", exp.cast(node.this, "double"))
    return node
