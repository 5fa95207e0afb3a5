"""Sorts waiting times into fixed bins, so narrow that a median read from the counts is off by less than one percent.

SQL and Python must agree on the bin: it is floor(ln(x + 1)·BINS_PER_E), so that bin b holds the durations x with
exp(b/k) − 1 <= x < exp((b + 1)/k) − 1, k = BINS_PER_E. The unit of x (minutes, seconds) is the caller's; one bin is at
most 3.2 % wide, and below one unit 0.03 units. Ten years in minutes fit into 495 bins, in seconds into 626. (A duration
on an edge may fall on either side of it by a rounding of the logarithm, in either language: 1e-15 of its length.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS_PER_E = 32
"""Bins for each e-fold of (duration + 1): 73.7 a decade."""


@dataclass(frozen=True, slots=True)
class LogBins:
    """Fixed logarithmic bins for durations from 0 on."""

    per_e: int = BINS_PER_E

    def bin_of(self, x: float) -> int:
        """Return the bin of a duration; negative durations (clocks that disagree) count as 0."""
        return math.floor(math.log(max(0.0, x) + 1.0) * self.per_e)

    def bins_of(self, x: ArrayLike) -> NDArray[np.int64]:
        """Return the bins of many durations, shape kept."""
        duration = np.maximum(0.0, np.asarray(x, dtype=np.float64))
        return np.asarray(np.floor(np.log(duration + 1.0) * self.per_e), dtype=np.int64)

    def lower(self, b: ArrayLike) -> NDArray[np.float64]:
        """Return the lower edges of bins; the upper edge of b is the lower edge of b + 1."""
        return np.asarray(np.exp(np.asarray(b, dtype=np.float64) / self.per_e) - 1.0)

    def edges(self, longest: float = 1e7) -> NDArray[np.float64]:
        """Return all edges from 0 up to the first beyond the longest duration."""
        return self.lower(np.arange(self.bin_of(longest) + 2))


LOG_BINS = LogBins()
