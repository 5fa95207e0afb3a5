"""What the shop's letters offer: each customer gets one category in each, drawn by lot."""

from __future__ import annotations

from typing import Any

import numpy as np

from rapport.worlds.buying import CATEGORIES
from rapport.worlds.export import text
from rapport.worlds.outreach import Sent
from rapport.worlds.streams import Streams


def with_offers(rows: dict[str, Any], streams: Streams, customers: int, part: Sent, place: int) -> dict[str, Any]:
    """Return contacts of one kind, promotions with the category that they offer; `place` is that of the kind."""
    if part.purpose != "promotion":
        return rows
    drawn = streams.uniform(customers, "offers/category", place)[part.who]
    return {**rows, "category": text(np.array(CATEGORIES)[(drawn * len(CATEGORIES)).astype(np.int64)])}
