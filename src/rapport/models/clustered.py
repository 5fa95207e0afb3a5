"""Compares an average with everybody else's when some customers wrote once and others a hundred times.

Rows of one customer are alike, so the customer, not the row, is what was sampled. A mean is the ratio of two sums over
customers, linearised (Cochran 1977, Sampling Techniques, 6.3; Liang & Zeger 1986, Biometrika 73:13): customer i moves
the mean by a_i = (s_i − m·n_i)/N. A customer in the cell and in the rest moves both; the difference then has
d_i = a_i(cell) − a_i(rest), and Σ d_i² is expanded in the sums of `Moments`, exactly.

Few customers: each side is scaled by g/(g − 1) and intervals use Student's t, with the effective number of clusters
minus one as degrees of freedom (Carter, Schnepel & Steigerwald 2017), joined by Welch–Satterthwaite. With thousands of
customers that is the normal.

Skewed values (money, waiting times): a dozen customers without a large order have a low mean *and* a small spread, and
would be "certainly low" in a fifth of all cells where 2.5 % are meant. Below 100 effective customers the variance of a
side is therefore not taken smaller than everybody's spread implies for so many customers; where that counts, so do
everybody's degrees of freedom.

Shares near 0 or 1: one complaint among 300 customers has nearly no spread of its own, and a test that believed it
would call a cell with one where six were expected certain (p < 1e-6; exactly it is 0.02). On values between 0 and 1
the variance of a side is therefore never taken smaller than it would be at the overall share (as in the pooled z-test),
scaled by the clustering seen overall; at an overall share of 0 or 1 two successes and two failures are added first
(Agresti & Caffo 2000, The American Statistician 54:280).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rapport.core.interval import Interval
from rapport.models.moments import Moments, of_rows, subtract
from rapport.models.student import two_sided

__all__ = ["Contrast", "Moments", "contrast", "contrast_between", "mean", "of_rows", "subtract"]


ENOUGH = 100
"""From this many (effective) customers on a cell's own spread is believed, whatever the values."""
Known = tuple[float, float]
"""A variance and its degrees of freedom."""
_NONE = 1e-9
"""Degrees of freedom at or below this are none."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A cell's mean against the mean of everything else, in the unit of a value.

    value : mean of the cell; rest : mean of the others; effect : value − rest, with its standard error `se` (infinite
    where fewer than two customers stand on a side) and interval; n, n_rest : rows; clusters : customers in the cell;
    df : degrees of freedom, for `least_effect`.
    """

    value: float
    rest: float
    effect: float
    se: float
    low: float
    high: float
    n: int
    n_rest: int
    clusters: int
    df: float
    level: float = 0.95


def mean(m: Moments, level: float = 0.95, binary: bool | None = None) -> Interval:
    """Return the mean of a value a row, with an interval that knows that rows come in clusters.

    binary : whether values are 0 or 1; None judges by the sums. Shares get Wilson's interval at the effective number of
    rows p(1 − p)/SE² (the effective clusters if all rows are equal), which stays inside [0, 1] (Franco, Little, Louis &
    Slud 2019, J. Survey Statistics and Methodology 7:334). Bounds are None with fewer than two clusters.
    """
    n, value = round(m.n), m.mean
    variance, df = _own_variance(m), m.effective_clusters - 1
    if not math.isfinite(variance) or df <= 0:
        return Interval(value, None, None, n, level)
    factor = two_sided(level, df)
    if not _binary(m, binary):
        half = factor * math.sqrt(variance)
        return Interval(value, value - half, value + half, n, level)
    size = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else m.effective_clusters
    shift = factor * factor / size
    centre = (value + shift / 2) / (1 + shift)
    half = factor / (1 + shift) * math.sqrt(max(0.0, value * (1 - value)) / size + shift / (4 * size))
    return Interval(value, min(value, max(0.0, centre - half)), max(value, min(1.0, centre + half)), n, level)


def contrast(cell: Moments, total: Moments, level: float = 0.95, binary: bool | None = None) -> Contrast:
    """Compare a cell with everything else in the total, exact for customers who are in both.

    binary : whether values are 0 or 1 (see the head of the module); None judges by the sums, which takes scores
    between 0 and 1 for shares: say False for those. Raises ValueError if the cell has no cross moments with the total.
    """
    rest = subtract(total, cell)
    if cell.n <= 0 or rest.n <= 0:
        return _contrast(cell, rest, (math.inf, 0.0), (math.inf, 0.0), math.inf, level)
    mc, mr = cell.mean, rest.mean
    # Σ (s_c − mc·n_c)·(s_r − mr·n_r) over the customers of the cell, with s_r = s_T − s_c and n_r = n_T − n_c
    both = (cell.st - cell.ss) - mr * (cell.s_nt - cell.ns) - mc * (cell.n_st - cell.ns) + mc * mr * (cell.nt - cell.nn)
    if abs(both) <= 1e-12 * (abs(cell.st) + abs(mc * mr) * cell.nt):
        both = 0.0
    covariance = both / (cell.n * rest.n) * math.sqrt(_few(cell) * _few(rest)) if both else 0.0
    shares = _binary(total, binary)
    vc, vr = _variance(cell, total, shares), _variance(rest, total, shares)
    own = _own_variance(cell) * _own_variance(rest)
    if covariance:  # a side whose variance is raised is stretched as a whole, its common movement with the other too
        covariance *= math.sqrt(vc[0] * vr[0] / own) if own > 0 else 0.0
    return _contrast(cell, rest, vc, vr, covariance, level)


def contrast_between(a: Moments, b: Moments, level: float = 0.95, binary: bool | None = None) -> Contrast:
    """Compare two groups without common customers: mean of a − mean of b.

    For "before and after" the same customers may stand in both. Their covariance, mostly positive (who complains keeps
    complaining), is then left out, so the SE is too large rather than too small. binary : as in `contrast`.
    """
    if a.n <= 0 or b.n <= 0:
        return _contrast(a, b, (math.inf, 0.0), (math.inf, 0.0), 0.0, level)
    total = Moments(a.n + b.n, a.s + b.s, a.g + b.g, a.nn + b.nn, a.ss + b.ss, a.ns + b.ns)
    shares = _binary(total, binary)
    return _contrast(a, b, _variance(a, total, shares), _variance(b, total, shares), 0.0, level)


def _contrast(a: Moments, b: Moments, va: Known, vb: Known, covariance: float, level: float) -> Contrast:
    """Join two sides; degrees of freedom by Welch–Satterthwaite."""
    both = va[0] + vb[0]
    known = math.isfinite(both) and both > 0 and min(va[1], vb[1]) > _NONE
    variance = both - 2 * covariance if known else math.inf
    df = both**2 / (va[0] ** 2 / va[1] + vb[0] ** 2 / vb[1]) if known else 0.0
    se = math.sqrt(variance) if variance > 0 else math.inf
    effect, half = a.mean - b.mean, two_sided(level, df) * se
    return Contrast(a.mean, b.mean, effect, se, effect - half, effect + half, round(a.n), round(b.n), a.g, df, level)


def _binary(m: Moments, binary: bool | None) -> bool:
    return m.looks_like_shares if binary is None else binary


def _few(m: Moments) -> float:
    """The correction g/(g − 1) for the mean being estimated from the same clusters; infinite below two."""
    return m.g / (m.g - 1) if m.g >= 2 else math.inf


def _own_variance(m: Moments) -> float:
    return m.residual_square() / m.n**2 * _few(m) if m.n > 0 and m.g >= 2 else math.inf


def _variance(m: Moments, total: Moments, shares: bool) -> Known:
    """Variance of a side's mean and its degrees of freedom: its own, or everybody's where that is asked and larger."""
    own, df = _own_variance(m), m.effective_clusters - 1
    if math.isinf(own) or df <= _NONE or (own > 0 and not shares and m.effective_clusters >= ENOUGH):
        return own, df
    spread = total.residual_square()
    alike = spread / total.n**2 * total.effective_clusters / m.effective_clusters
    share = total.mean
    if shares and spread == 0 and share in (0.0, 1.0):
        share = (share * total.effective_clusters + 2) / (total.effective_clusters + 4)
        return share * (1 - share) / (m.effective_clusters + 4), df
    if shares:
        by_row, by_cluster = share * (1 - share) / m.n, share * (1 - share) / m.effective_clusters
        alike = max(by_row, min(alike, by_cluster))
    return (own, df) if own >= alike else (alike, total.effective_clusters - 1)
