"""Computes one measure of a folder of exports on Spark: how long customers wait for a first answer, by team."""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import SparkSession

from rapport.app.config import read_config
from rapport.app.ingest import ingest
from rapport.app.opening import open_record
from rapport.measures.catalogue import measures
from rapport.measures.parameters import parameters
from rapport.measures.query import in_order
from rapport.store.spark import SparkDatabase


def main(folder: Path, out: Path) -> int:
    """Read the exports into a record on this machine, then compute on Spark."""
    declared, mappings = read_config(folder)
    manifest = ingest(folder, out, declared=declared, mappings=mappings).manifest
    record = open_record(manifest, declared, out)
    files = {**manifest.files(), "calendar": next((out / "record").glob("calendar-*.parquet"))}

    session = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    database = SparkDatabase(session, files, record.database.view, measures(), parameters(record.facts))
    for name in in_order(frozenset({"replies"}), measures()):
        database.compute(name)
    session.table("replies").groupBy("team").avg("wait_seconds").orderBy("team").show()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
