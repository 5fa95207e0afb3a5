"""Other customers, or the same customers changed: Kitagawa's split and Simpson's paradox."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.models.mix_rate import mix_and_rate

side = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(st.integers(1, 1000).map(float), st.floats(-100, 100)), min_size=1
)


def test_simpsons_paradox_every_team_improves_and_the_company_gets_worse() -> None:
    before = {"billing": (900.0, 0.90), "technical": (100.0, 0.50)}
    after = {"billing": (300.0, 0.93), "technical": (700.0, 0.55)}
    split = mix_and_rate(before, after)
    assert split.total == pytest.approx(-0.196)
    assert split.rate == pytest.approx(0.03 * 0.6 + 0.05 * 0.4)
    assert split.mix == pytest.approx(-0.6 * (0.915 - 0.525))
    assert split.by_segment["technical"].rate > 0


@given(side, side)
def test_parts_add_up_exactly_and_turn_round_with_time(
    before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]
) -> None:
    split, back = mix_and_rate(before, after), mix_and_rate(after, before)
    assert split.mix + split.rate == pytest.approx(split.total, abs=1e-9)
    assert (back.mix, back.rate) == pytest.approx((-split.mix, -split.rate), abs=1e-9)
    assert set(split.by_segment) == before.keys() | after.keys()


def test_a_new_segment_is_mix() -> None:
    split = mix_and_rate({"shop": (100.0, 1.0)}, {"shop": (100.0, 1.0), "web": (100.0, 3.0)})
    assert (split.total, split.mix, split.rate) == pytest.approx((1.0, 1.0, 0.0))
    assert math.isnan(split.rate_se)
    with pytest.raises(ValueError, match="at least one row"):
        mix_and_rate({}, {"a": (1.0, 1.0)})


def test_the_error_of_the_rate_covers() -> None:
    rng, runs, inside = np.random.default_rng(1), 2000, 0
    ses = {"a": 0.1, "b": 0.3}
    for _ in range(runs):
        before = {k: (50.0, 2 + rng.normal(0, s)) for k, s in ses.items()}
        after = {"a": (150.0, 2 + rng.normal(0, 0.1)), "b": (50.0, 3 + rng.normal(0, 0.3))}
        split = mix_and_rate(before, after, ses, ses)
        inside += abs(split.rate - (0.5 + 0.25) / 2) <= 1.96 * split.rate_se
    assert inside / runs == pytest.approx(0.95, abs=4 * math.sqrt(0.05 * 0.95 / runs))
