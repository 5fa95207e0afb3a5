"""The standard error of a change: by whole customers, checked by a regression, by drawing again, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from rapport.models.before_after import NET, OWN, Sides, sides_of


def drawn(seed: int, customers: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of customers who stand on any of the four sides, some of them often, with lasting values."""
    r = np.random.default_rng(seed)
    who = r.integers(0, customers, 600)
    inside = r.random(600) < np.where(who % 3, 0.2, 0.9)
    after = r.random(600) < np.where(who % 2, 0.3, 0.7)
    values = r.normal(0, 1, customers)[who] + 0.5 * r.normal(0, 1, 600) + inside + 0.3 * after
    return values, who.astype(np.int32), inside, after


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("net", "signs"), [(True, NET), (False, OWN)])
def test_it_is_the_error_of_a_regression_with_clusters(seed: int, net: bool, signs: np.ndarray) -> None:
    values, who, inside, after = drawn(seed)
    table = np.stack([inside & after, inside & ~after, ~inside & after, ~inside & ~after], axis=1).astype(float)
    fitted = sm.OLS(values, table).fit(cov_type="cluster", cov_kwds={"groups": who, "use_correction": False})
    plain = float(np.sqrt(signs @ fitted.cov_params() @ signs))
    sides = sides_of(values, who, inside, after)
    g = np.unique(who[inside]).size
    assert sides.customers == g
    assert sides.se(net=net) == pytest.approx(plain * np.sqrt(g / (g - 1)), rel=1e-9)


def one_place(r: np.random.Generator, *, stay: bool, months: int = 6, customers: int = 30) -> tuple[float, Sides]:
    """Return the change, and its sides, of a place whose customers come each month: the same after, or others."""
    lasting, again = r.normal(0, 1, customers), r.normal(0, 1, customers)
    who = np.tile(np.arange(customers), 2 * months)
    after = np.repeat([False, True], months * customers)
    value = np.where(after & (not stay), again[who], lasting[who]) + 0.2 * r.normal(0, 1, who.size)
    whose = np.where(after & (not stay), customers + who, who)
    everybody = np.concatenate([whose, np.arange(2 * customers, 2 * customers + 400)]).astype(np.int32)
    values = np.concatenate([value, r.normal(0, 1, 400)])
    inside = np.arange(values.size) < value.size
    late = np.concatenate([after, np.arange(400) % 2 == 0])
    change = float(value[after].mean() - value[~after].mean())
    return change, sides_of(values, everybody, inside, late)


@pytest.mark.parametrize("stay", [True, False])
def test_it_is_how_far_the_change_strays_when_the_company_is_drawn_again(stay: bool) -> None:
    r = np.random.default_rng(5)
    drawn = [one_place(r, stay=stay) for _ in range(400)]
    strays = float(np.std([change for change, _ in drawn]))
    told = float(np.sqrt(np.mean([sides.se(net=False) ** 2 for _, sides in drawn])))
    assert told == pytest.approx(
        strays, rel=0.12
    )  # a standard deviation of 400 draws is known to 3.5 %, three times that


def test_two_customers_by_hand() -> None:
    # a: 1 before, 3 after; b: 2 before, 2 after. The mean rises from 1.5 to 2.5; a moves that by 0.5, b by −0.5.
    sides = sides_of(
        np.array([1.0, 3.0, 2.0, 2.0]),
        np.array([0, 0, 1, 1], dtype=np.int32),
        np.ones(4, dtype=bool),
        np.array([False, True, False, True]),
    )
    assert sides.se(net=False) == pytest.approx(np.sqrt((0.5**2 + 0.5**2) * 2))
    assert sides.se(net=True) == np.inf  # nobody else to be net of


def test_one_customer_or_an_empty_side_proves_nothing() -> None:
    values, after = np.array([1.0, 3.0, 2.0]), np.array([False, True, True])
    alone = sides_of(values, np.zeros(3, dtype=np.int32), np.ones(3, dtype=bool), after)
    assert alone.se(net=False) == np.inf
    never = sides_of(values, np.arange(3, dtype=np.int32), np.ones(3, dtype=bool), np.zeros(3, dtype=bool))
    assert never.se(net=False) == np.inf
    nobody = sides_of(values[:0], np.zeros(0, dtype=np.int32), after[:0], after[:0])
    assert nobody.se(net=True) == np.inf
