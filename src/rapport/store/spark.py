"""Runs the same measures on Spark, for records that one machine is too small for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from rapport.core.errors import QueryError
from rapport.measures.asof import View
from rapport.measures.compose import body
from rapport.measures.estimate import Estimate
from rapport.measures.query import Measure, Value
from rapport.store.dialects import in_dialect

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RAW = "record_"


class SparkDatabase:
    """A record opened on a Spark session: computes measures as temporary views.

    Parameters
    ----------
    session : a session whose `spark.sql.session.timeZone` is UTC.
    files : the Parquet file (or folder) of each table that has rows.
    view, measures, values : as for `rapport.store.database.Database`.
    """

    def __init__(
        self,
        session: SparkSession,
        files: Mapping[str, Path],
        view: View,
        measures: Mapping[str, Measure],
        values: Mapping[str, Value],
    ) -> None:
        self._session = session
        self._measures = measures
        self._values = values
        self.view = view
        self._tables = set(files)
        for name, path in files.items():
            session.read.parquet(str(path)).createOrReplaceTempView(RAW + name)

    def compute(self, name: str) -> None:
        """Compute a measure now and keep it as a view of its rows; what it reads must have been computed before.

        The rows stay with the executors, without the plan they came from: measures that read measures would else be
        planned from the record on each time. An executor that is lost takes its rows along; compute anew then.

        Raises
        ------
        QueryError
            For an estimate: a model makes its table, no query can.
        """
        if isinstance(self._measures[name], Estimate):
            raise QueryError(
                "a model computes it on one machine, no query can",
                where=f"estimate {name}",
                todo="give its table with `keep`, as an audit leaves it in `estimates/`",
            )
        query = body(self._measures[name], self._values, self.view, self._stored)
        self._session.sql(in_dialect(query, "spark")).localCheckpoint().createOrReplaceTempView(name)

    def keep(self, name: str, made: pa.Table) -> None:
        """Keep the table that a model gave, for the measures and questions that read it."""
        self._session.createDataFrame(made).cache().createOrReplaceTempView(name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return all rows of a computed measure, in no order."""
        return [row.asDict() for row in self._session.table(name).collect()]

    def answer(self, query: exp.Query) -> list[dict[str, Any]]:
        """Return the rows of a query over computed measures, in no order."""
        return [row.asDict() for row in self._session.sql(in_dialect(query, "spark")).collect()]

    def _stored(self, table: str) -> exp.Expr | None:
        return exp.to_table(RAW + table) if table in self._tables else None
