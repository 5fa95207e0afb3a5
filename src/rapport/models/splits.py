"""Says how much it costs to have looked for the best month, when neighbouring months say nearly the same."""

from __future__ import annotations


def splits_that_count(splits: int, monthly_se: float, least: float) -> float:
    """Return by what the p-value of the best split is multiplied for having tried them all.

    Splits near the true one see nearly the same data, and those far from it see less than the least effect: of a
    change of just that size, the worst case of the null hypothesis, no more than 1 + 2·SE/δ count (SE: of a month's
    mean; simulated for 12 to 60 months, SE/δ from 0.2 to 5, changes anywhere, with and without a season taken out).
    """
    return min(float(splits), 1 + 2 * monthly_se / least) if least > 0 else float(splits)
