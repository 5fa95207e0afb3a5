"""Shrinking before ranking: against scipy-free arithmetic, statsmodels' random effects, and simulation."""

import math

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from rapport.models.shrinkage import shrink, shrunk


def test_eight_schools_are_pulled_together() -> None:
    # Rubin (1981): the between-school variance is estimated as 0, so every school gets the pooled 7.69
    effects, ses = [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]
    assert shrink(effects, ses) == pytest.approx(np.full(8, 7.69), abs=0.01)


def test_variance_between_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(1)
    ses = rng.uniform(0.2, 2, 25)
    effects = rng.normal(1, 1.5, 25) + rng.normal(0, ses)
    theirs = combine_effects(effects, ses**2, method_re="iterated", atol=1e-10, maxiter=500)
    mine = shrunk(effects, ses)
    assert mine.tau2 == pytest.approx(theirs.tau2, rel=1e-4)
    assert mine.centre == pytest.approx(theirs.mean_effect_re, rel=1e-4)


def test_known_truth_is_recovered() -> None:
    rng = np.random.default_rng(2)
    tau2 = [shrunk(rng.normal(3, 2, 60) + rng.normal(0, 1, 60), np.ones(60)).tau2 for _ in range(200)]
    assert np.mean(tau2) == pytest.approx(4, abs=4 * np.std(tau2) / math.sqrt(200))


def test_the_top_five_of_sixty_are_not_overstated() -> None:
    rng, runs, raw, shrunken, covered = np.random.default_rng(3), 400, [], [], []
    for _ in range(runs):
        truth = rng.normal(0, 1, 60)
        seen = truth + rng.normal(0, 1, 60)
        guess = shrunk(seen, np.ones(60))
        top = np.argsort(guess.values)[-5:]
        raw.append(seen[top].mean() / truth[top].mean())
        shrunken.append(guess.values[top].mean() - truth[top].mean())
        covered.append(np.mean(np.abs(guess.values - truth) <= 1.96 * guess.sds))
    assert np.median(raw) > 1.8  # as measured they are overstated about twofold
    assert np.mean(shrunken) == pytest.approx(0, abs=4 * np.std(shrunken) / math.sqrt(runs))
    assert np.mean(covered) > 0.92


def test_edges() -> None:
    assert shrink([4.0], [2.0]).tolist() == [4.0]
    assert shrink([1.0, 3.0, 2.0], [1, 1, math.inf])[2] == pytest.approx(2.0)
    assert shrunk([5.0, 7.0], [1, 1], centre=0.0).values[1] < 7
    assert shrink([], []).size == 0
    assert shrink([math.nan], [1.0]).tolist() == [0.0]
    with pytest.raises(ValueError, match="positive"):
        shrink([1.0], [0.0])
    with pytest.raises(ValueError, match="one length"):
        shrink([1.0, 2.0], [1.0])
