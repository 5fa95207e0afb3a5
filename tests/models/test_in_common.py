"""What the best have in common is found on one half and confirmed on the other; chance is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from rapport.models.in_common import in_common

N = 4000


def customers(seed: int, lift: float) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """A tenth of the customers is best; of those who came by recommendation `lift` more. Ten other traits are noise."""
    chance = np.random.default_rng(seed)
    traits = {f"noise{i}": chance.choice(["a", "b", "c"], N).astype(object) for i in range(10)}
    traits["channel"] = chance.choice(["referral", "search", None], N, p=[0.3, 0.6, 0.1]).astype(object)
    best = chance.random(N) < 0.1 + lift * (traits["channel"] == "referral")
    return best, chance.random(N) < 0.5, traits


def test_a_true_trait_is_found_with_its_size() -> None:
    best, half, traits = customers(1, 0.15)
    found = in_common(best, half, traits, 0.05)
    assert [(t.name, t.value) for t in found] == [("channel", "referral")]
    low, high = found[0].difference.low, found[0].difference.high
    assert low is not None
    assert high is not None
    assert low < 0.15 < high
    # those of whom it is unknown are on neither side
    known = ~half & np.array([v is not None for v in traits["channel"]])
    has = known & (traits["channel"] == "referral")
    assert found[0].share_with == pytest.approx(best[has].mean())
    assert found[0].share_without == pytest.approx(best[known & ~has].mean())
    table = [[int((best & side).sum()), int((~best & side).sum())] for side in (has, known & ~has)]
    assert found[0].q_value == pytest.approx(chi2_contingency(table, correction=False)[1])


def test_chance_is_not_confirmed() -> None:
    # a twentieth of the companies find something by chance in one half, a fortieth of these in the other, the same way
    # round: 0.25 of 200 companies; more than 3 has a probability of 0.0001
    assert sum(in_common(*customers(seed, 0.0), 0.0) != () for seed in range(200)) <= 3


def test_too_few_say_nothing() -> None:
    best = np.array([True, False] * 20)
    assert in_common(best, best, {"channel": np.array(["a", "b"] * 20, dtype=object)}, 0.05) == ()
