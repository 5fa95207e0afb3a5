"""Recency and frequency: every cell has one name, equal customers get equal scores, moves add up."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.models.rfm import NAMES, migration, named, scores

# The map of conventions.md, 3.7, written down once more by hand: (recency scores, frequency scores) -> name.
MAP = {
    "Hibernating": ((1, 2), (1, 2)),
    "At Risk": ((1, 2), (3, 4)),
    "Can't Lose Them": ((1, 2), (5,)),
    "About To Sleep": ((3,), (1, 2)),
    "Need Attention": ((3,), (3,)),
    "Loyal": ((3, 4), (4, 5)),
    "Promising": ((4,), (1,)),
    "New": ((5,), (1,)),
    "Potential Loyalists": ((4, 5), (2, 3)),
    "Champions": ((5,), (4, 5)),
}


def test_the_map_is_a_partition():
    said = {(r, f): [n for n, (rs, fs) in MAP.items() if r in rs and f in fs] for r in range(1, 6) for f in range(1, 6)}
    assert all(len(names) == 1 for names in said.values())
    assert {cell: NAMES[int(named([cell[0]], [cell[1]])[0])] for cell in said} == {c: n[0] for c, n in said.items()}
    assert Counter(n[0] for n in said.values()) == Counter(dict(zip(MAP, (4, 4, 2, 2, 1, 4, 1, 1, 4, 2), strict=True)))


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), st.randoms())
def test_equal_values_equal_scores_whatever_the_order_of_rows(values, random):
    found = scores(values)
    assert found.min() == 1
    assert found.max() <= 5
    by_value = dict(zip(values, found.tolist(), strict=True))
    assert found.tolist() == [by_value[v] for v in values]
    assert [by_value[v] for v in sorted(by_value)] == sorted(by_value.values())
    order = list(range(len(values)))
    random.shuffle(order)
    assert scores([values[i] for i in order]).tolist() == [found[i] for i in order]


def test_fifths_are_fifths_where_nothing_is_tied():
    assert Counter(scores(np.random.default_rng(1).permutation(1000)).tolist()) == dict.fromkeys(range(1, 6), 200)
    assert scores([10, 20, 30, 40, 50], higher_is_better=False).tolist() == [5, 4, 3, 2, 1]


def test_one_time_buyers_are_the_first_fifth_however_many():
    assert scores([1] * 70 + [2] * 20 + [9] * 10).tolist() == [1] * 70 + [4] * 20 + [5] * 10


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_missing_value_is_refused(bad):
    with pytest.raises(ValueError, match="missing"):
        scores([1.0, bad])


@pytest.mark.parametrize("cell", [(0, 3), (3, 6)])
def test_a_score_off_the_scale_is_refused(cell):
    with pytest.raises(ValueError, match="between 1 and 5"):
        named([cell[0]], [cell[1]])


def test_moves_by_hand():
    moved = migration([0, 0, 1, -1, -1, 1], [0, 1, -1, 1, -1, 1], ("near", "far"))
    assert moved.counts.tolist() == [[1, 1, 0], [0, 1, 1], [0, 1, 0]]
    assert moved.stayed == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="after"):
        migration([0, 1], [0])


@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(-1, 9)), max_size=80))
def test_moves_add_up(pairs):
    before, after = [p[0] for p in pairs], [p[1] for p in pairs]
    counts = migration(np.array(before, dtype=int), np.array(after, dtype=int)).counts
    for place in range(10):
        assert counts[place].sum() == before.count(place)
        assert counts[:, place].sum() == after.count(place)
