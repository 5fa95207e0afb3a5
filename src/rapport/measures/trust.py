"""Says how far a finding may be trusted when part of the table it rests on is missing, doubled or moved."""

from __future__ import annotations

CERTAIN = 0.001
"""Only what is found with a p-value below this casts doubt on a table."""
MOST, LEAST = 0.8, 0.3


def cap(affected: float) -> float:
    """Return the highest confidence for what rests on a table of which this share of rows is affected.

    0.8 for the smallest defect, less by the share of rows, never below 0.3.
    """
    return round(max(LEAST, MOST - max(0.0, affected)), 3)
