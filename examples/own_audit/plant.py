"""Plants what the audit should find into a folder of exports: parcels to one region arrive two days later."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def main(folder: Path, region: str) -> int:
    """Move the arrivals of one region in every file of orders, and say how many."""
    moved = 0
    for file in sorted((folder / "orders").glob("*.parquet")):
        table = pq.read_table(file)
        there = pc.fill_null(pc.equal(table["region"], region), False)
        arrived = table["delivered_at"]
        later = pc.add(arrived, pa.scalar(2 * 24 * 3600, pa.duration("s")).cast(pa.duration(arrived.type.unit)))
        place = table.schema.get_field_index("delivered_at")
        pq.write_table(table.set_column(place, "delivered_at", pc.if_else(there, later, arrived)), file)
        moved += pc.sum(there).as_py()
    print(f"{moved:,} parcels to the {region} arrive two days later")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
