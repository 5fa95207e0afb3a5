"""Runs the same measures on Spark, for records that one machine is too small for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from rapport.measures.asof import View
from rapport.measures.compose import body
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
        """Compute a measure and keep it as a cached view; what it reads must have been computed before."""
        query = body(self._measures[name], self._values, self.view, self._stored)
        self._session.sql(in_dialect(query, "spark")).cache().createOrReplaceTempView(name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return all rows of a computed measure, in no order."""
        return [row.asDict() for row in self._session.table(name).collect()]

    def answer(self, query: exp.Query) -> list[dict[str, Any]]:
        """Return the rows of a query over computed measures, in no order."""
        return [row.asDict() for row in self._session.sql(in_dialect(query, "spark")).collect()]

    def _stored(self, table: str) -> exp.Expr | None:
        return exp.to_table(RAW + table) if table in self._tables else None
