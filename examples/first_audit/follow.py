"""Follows one finding of an audit down to its rows: runs the query that the audit printed, as an analyst would."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb


def main(folder: Path, about: str) -> int:
    """Print the first finding whose id begins with `about`, what its query says today and some of its rows."""
    run = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    finding = next(f for f in run["findings"] if f["id"].startswith(about))
    query = next(e for e in finding["evidence"] if e["kind"] == "query")
    rows = next(e for e in finding["evidence"] if e["kind"] == "rows")

    print("finding:", finding["id"])
    print("it says:", finding["condition"]["statement"])
    print("its query, run again:")
    database = duckdb.connect()
    database.execute(f"set file_search_path = '{folder}'")  # the query names the record's files relative to the audit
    for place, n, customers, value in database.sql(query["sql"]).fetchall():
        print(f"  {place:9}  {n:5,} tickets of {customers:3} customers  {value:.1%} in time")
    print(f"{rows['count']} tickets are meant, among them:")
    for row in rows["sample"][:3]:
        print(f"  {row['row_id']}  opened {row['opened_at']}  answered {row['replied_at']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
