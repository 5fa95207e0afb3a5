"""Two levels of correction against scipy, statsmodels and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm
from statsmodels.stats.multitest import multipletests

from rapport.models.multiplicity import benjamini_hochberg, simes, two_level

PAPER = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_the_example_of_benjamini_and_hochberg_rejects_four() -> None:
    assert int((benjamini_hochberg(PAPER) <= 0.05).sum()) == 4
    assert benjamini_hochberg(PAPER) == pytest.approx(multipletests(PAPER, method="fdr_bh")[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_agree_with_scipy(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))
    assert simes(p) == pytest.approx(min(benjamini_hochberg(p)))


def test_edges() -> None:
    assert simes([]) == 1.0
    assert benjamini_hochberg([math.nan, 0.01]).tolist() == [1.0, 0.02]
    assert benjamini_hochberg([]).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        simes([1.2])
    assert two_level({}) == {}


def test_two_levels_by_hand() -> None:
    # Simes: a 0.002, b 0.4, c 0.03; BH over m = 3: a 0.006, c 0.045, b 0.4: R = 2, so within families 0.05·2/3
    result = two_level({"a": [0.001, 0.5], "b": [0.4], "c": [0.03], "empty": []})
    assert [result[k].selected for k in ("a", "b", "c", "empty")] == [True, False, True, False]
    assert result["a"].q == pytest.approx(0.006)
    assert result["c"].q == pytest.approx(0.045)
    assert result["a"].cell_q == pytest.approx((0.003, 0.75))
    assert result["a"].rejected == (True, False)
    assert result["c"].cell_q == pytest.approx((0.045,))
    assert result["empty"].cell_q == ()


@given(st.lists(st.lists(st.sampled_from([0.0, 0.001, 0.01, 0.02, 0.05, 0.3, 1.0]), max_size=6), max_size=8))
def test_a_cell_is_rejected_exactly_where_its_q_is_small(families: list[list[float]]) -> None:
    for family in two_level({str(i): p for i, p in enumerate(families)}).values():
        assert family.rejected == tuple(q <= 0.05 for q in family.cell_q)
        assert family.selected == any(family.rejected)


def test_certain_cells_do_not_loosen_the_threshold_for_the_doubtful() -> None:
    # One audit with 300 certain cells, 30 audits of 10 cells where nothing is wrong
    rng, runs = np.random.default_rng(5), 400
    flat_wrong = two_wrong = 0
    for _ in range(runs):
        families = {"sure": norm.sf(rng.normal(8, 1, 300))} | {f"none{i}": rng.random(10) for i in range(30)}
        together = np.concatenate(list(families.values()))
        flat_wrong += bool((benjamini_hochberg(together)[300:] <= 0.05).any())
        result = two_level({k: v.tolist() for k, v in families.items()})
        two_wrong += any(any(f.rejected) for k, f in result.items() if k != "sure")
    # two levels: at R = 1, about q·m0·2/m/2... at most 2q of the runs select an empty family; flat: nearly all
    assert two_wrong / runs < 0.1 + 4 * math.sqrt(0.09 / runs)
    assert flat_wrong / runs > 0.9


def test_false_discovery_rate_over_selected_families_is_kept() -> None:
    rng, runs, q = np.random.default_rng(6), 600, 0.1
    rates = []
    for _ in range(runs):
        families = {
            i: np.r_[norm.sf(rng.normal(3, 1, 3)), rng.random(12)] if i < 5 else rng.random(15) for i in range(20)
        }
        result = two_level({str(i): p.tolist() for i, p in families.items()}, q)
        chosen = [
            sum(f.rejected[3 if int(i) < 5 else 0 :]) / max(1, sum(f.rejected)) for i, f in result.items() if f.selected
        ]
        rates.append(float(np.mean(chosen)) if chosen else 0.0)
    assert np.mean(rates) < q + 4 * np.std(rates) / math.sqrt(runs)
