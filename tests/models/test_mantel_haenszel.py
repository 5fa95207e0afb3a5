"""Equal customers compared: the same number as least squares with strata, an error that simulations confirm."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from rapport.models.mantel_haenszel import risk_difference


def drawn(seed, strata=60, size=12, effect=0.1, confounded=True):
    """Customers in small strata; in busy strata more did it and more stay."""
    chance = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(strata), size)
    busy = np.repeat(np.linspace(0, 1, strata), size)
    did = chance.random(stratum.size) < 0.2 + 0.5 * busy * confounded
    stays = chance.random(stratum.size) < 0.3 + 0.4 * busy + effect * did
    return pd.DataFrame({"stratum": stratum, "did": did.astype(float), "stays": stays.astype(float)})


def common(rows):
    k = rows["stratum"].nunique()

    def count(which, weights=None):
        return np.bincount(which["stratum"], weights=weights, minlength=k).astype(float)

    own, rest = rows[rows.did == 1], rows[rows.did == 0]
    return risk_difference(count(own, own.stays), count(own), count(rest, rest.stays), count(rest))


def test_the_effect_is_least_squares_with_a_dummy_for_every_stratum():
    rows = drawn(1)
    fit = smf.ols("stays ~ did + C(stratum)", rows).fit(cov_type="HC1")
    found = common(rows)
    assert found.effect == pytest.approx(fit.params["did"], abs=1e-10)
    assert found.value - found.rest == pytest.approx(found.effect)
    assert found.se == pytest.approx(fit.bse["did"], rel=0.05), "two consistent estimates of the same error"


def test_one_stratum_is_the_plain_difference_with_its_plain_error():
    found = risk_difference([30.0], [100.0], [20.0], [150.0])
    assert (found.value, found.rest, found.effect) == pytest.approx((0.3, 2 / 15, 0.3 - 2 / 15))
    plain = math.sqrt(0.3 * 0.7 / 100 + (2 / 15) * (13 / 15) / 150)
    assert found.se == pytest.approx(plain, rel=0.03), "Sato's pools a little"


@pytest.mark.parametrize("size", [3, 40])
def test_the_error_is_how_much_the_effect_varies_in_many_small_and_few_large_strata(size):
    found = [common(drawn(seed, strata=600 // size, size=size)) for seed in range(300)]
    effects, errors = np.array([f.effect for f in found]), np.array([f.se for f in found])
    assert effects.mean() == pytest.approx(0.1, abs=3 * effects.std() / math.sqrt(300))
    # the standard deviation of 300 draws has an error of 4 %
    assert np.sqrt((errors**2).mean()) == pytest.approx(effects.std(), rel=0.12)


def test_what_only_being_busy_does_is_no_effect():
    rows = drawn(4, strata=100, size=60, effect=0.0)
    crude = rows.stays[rows.did == 1].mean() - rows.stays[rows.did == 0].mean()
    found = common(rows)
    assert crude > 0.05
    assert abs(found.effect) < 3 * found.se < crude


def test_strata_with_one_group_only_say_nothing():
    found = risk_difference([5.0, 9.0], [10.0, 10.0], [3.0, 0.0], [10.0, 0.0])
    assert (found.effect, found.n, found.n_rest) == (pytest.approx(0.2), 10, 10)
    assert risk_difference([5.0], [10.0], [0.0], [0.0]) is None
    with pytest.raises(ValueError, match="events must lie between"):
        risk_difference([11.0], [10.0], [0.0], [5.0])


def test_all_of_a_group_still_leave_a_doubt():
    found = risk_difference([40.0], [40.0], [50.0], [50.0])
    assert found.effect == 0
    assert found.se > 0.02
