"""What Spark is asked for and what it is given, without a session; `tests/engines` compares the rows on one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from rapport.core.errors import QueryError
from rapport.measures.asof import View
from rapport.measures.catalogue import measures
from rapport.store.spark import SparkDatabase


def test_what_a_model_computes_is_refused_in_one_line() -> None:
    """Its query is the empty table of its columns, with which every audit that reads it would find nothing."""
    nowhere: Any = None
    spark = SparkDatabase(nowhere, {}, View(datetime(2026, 1, 1), True, {}), measures(), {})
    with pytest.raises(QueryError) as refused:
        spark.compute("prospects")
    assert str(refused.value) == (
        "estimate prospects: a model computes it on one machine, no query can — "
        "give its table with `keep`, as an audit leaves it in `estimates/`"
    )
