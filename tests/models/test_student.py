"""Tails and quantiles against scipy.stats, and the price of importing them."""

import subprocess
import sys

import pytest
from scipy import stats

from rapport.models.student import quantile, two_sided, upper_tail


@pytest.mark.parametrize("df", [1, 2.5, 12, 400, 999])
def test_student_agrees_with_scipy(df: float) -> None:
    assert upper_tail(2.2, df) == pytest.approx(stats.t.sf(2.2, df), rel=1e-9)
    assert quantile(0.9, df) == pytest.approx(stats.t.ppf(0.9, df), rel=1e-9)


def test_normal_is_right_far_out() -> None:
    assert upper_tail(12.0) == pytest.approx(stats.norm.sf(12.0), rel=1e-9)
    assert two_sided(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert two_sided(0.95, 1e6) == two_sided(0.95)


def test_importing_the_models_does_not_load_scipy() -> None:
    names = ("clock", "clustered", "gaps", "least_effect", "mix_rate", "multiplicity", "proportions", "season")
    lines = [f"import rapport.models.{name}" for name in (*names, "shrinkage", "survival")]
    lines.append("import sys; assert not [m for m in sys.modules if m.startswith('scipy')]")
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
