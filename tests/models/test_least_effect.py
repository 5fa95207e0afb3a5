"""Testing against the size that matters: one-sided p-values, equivalence, power and rows."""

import math

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_ind

from rapport.models.least_effect import detectable, is_within, p_beyond, rows_needed


def test_beyond_and_within_agree_with_statsmodels() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(0.1, 1, 300), rng.normal(0, 1, 300)
    se = math.sqrt(a.var(ddof=1) / 300 + b.var(ddof=1) / 300)
    for least in (0.1, 0.2, 0.3, 0.4):
        p = ttost_ind(a, b, -least, least)[0]
        assert is_within(float(a.mean() - b.mean()), se, least, df=598) == (p < 0.05)
    assert p_beyond(1.0, 0.5, 0.0, 1) == pytest.approx(0.02275, abs=1e-5)
    assert p_beyond(-1.0, 0.5, 0.0, -1) == p_beyond(1.0, 0.5, 0.0, 1)
    assert p_beyond(1.0, 0.5, 1.0, 1) == 0.5


def test_what_is_not_known_is_never_an_alarm_nor_fine() -> None:
    for effect, se in ((1.0, math.inf), (math.nan, 1.0), (1.0, 0.0)):
        assert p_beyond(effect, se, 0.0, 1) == 1.0
        assert not is_within(effect, se, 10.0)
    assert detectable(math.inf, 1) == math.inf
    assert rows_needed(math.inf, 100, 1) is None
    assert rows_needed(1, 100, 0) is None
    with pytest.raises(ValueError, match="negative"):
        p_beyond(1, 1, -1, 1)


def test_a_trifle_in_ten_million_rows_alarms_only_the_test_against_zero() -> None:
    rng, runs, se = np.random.default_rng(2), 2000, 1 / math.sqrt(5e6)
    effects = rng.normal(0.003, se, runs)  # three thousandths of a standard deviation; 0.05 would matter
    assert np.mean([p_beyond(e, se, 0.05, 1) < 0.05 for e in effects]) == 0
    assert np.mean([p_beyond(e, se, 0.0, 1) < 0.05 for e in effects]) > 0.9
    assert all(is_within(e, se, 0.05) for e in effects)


def test_at_the_least_effect_itself_five_percent_alarm() -> None:
    rng, runs = np.random.default_rng(3), 20_000
    alarms = np.mean([p_beyond(e, 0.3, 1.0, 1) < 0.05 for e in rng.normal(1.0, 0.3, runs)])
    assert alarms == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / runs))


def test_detectable_and_rows_needed_keep_their_power() -> None:
    rng, runs = np.random.default_rng(4), 20_000
    slack = 4 * math.sqrt(0.16 / runs)
    truth = detectable(0.4, 1.0)
    found = np.mean([p_beyond(e, 0.4, 1.0, 1) < 0.05 for e in rng.normal(truth, 0.4, runs)])
    assert found == pytest.approx(0.8, abs=slack)
    rows = rows_needed(se=0.5, n=100, least=0.3)
    assert rows is not None
    se = 0.5 * math.sqrt(100 / rows)
    fine = np.mean([is_within(e, se, 0.3) for e in rng.normal(0, se, runs)])
    assert fine == pytest.approx(0.8, abs=slack + 0.005)
