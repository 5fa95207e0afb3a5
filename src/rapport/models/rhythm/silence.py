"""Tells of each customer whether a silence is still their rhythm or the end.

After each sign of life a customer leaves with a chance common to customers alike; else the next gap follows their own
rhythm, drawn to that of customers alike as far as few gaps say little. The gap still open counts in the fit as what it
is, somebody who left or a gap not over yet: leaving it out would make every rhythm too short. Gaps are gamma or
log-normal, whichever made the company's own gaps likelier.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from rapport.core.interval import Interval
from rapport.models.buying.newton import Hill, Top, climb
from rapport.models.rhythm.gamma import Gamma
from rapport.models.rhythm.log_normal import LogNormal
from rapport.models.rhythm.signs_of_life import Floats, Gaps
from rapport.models.student import two_sided

OWN_GAPS = 2
"""Fewest gaps of a customer who is said to have a rhythm of their own."""
SAMPLE = 1500
"""Customers from whom what is common is learned: it is then known to a few per cent of the scatter between them."""
LEAST_GAPS = 30
"""Fewest gaps in all from which a rhythm is learned."""


class Family(Protocol):
    """A shape of gaps; parameters are logarithms, in the order of `parameters`."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        ...

    def start(self, gaps: Gaps) -> Floats:
        """Return where to begin a search."""
        ...

    def rescaled(self, point: Floats, unit: float) -> Floats:
        """Return the parameters for times that are `unit` times as many."""
        ...

    def density(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the log density of each customer's closed gaps."""
        ...

    def waiting(self, point: Floats, gaps: Gaps) -> Floats:
        """Return P(next gap > silence)."""
        ...

    def usual(self, point: Floats, gaps: Gaps) -> Floats:
        """Return the median of each customer's next gap."""
        ...


FAMILIES: tuple[Family, ...] = (Gamma(), LogNormal())


@dataclass(frozen=True, eq=False)
class Rhythm:
    """What customers alike have in common.

    point : the family's parameters, logarithms, in the unit of the gaps; leaving : chance of leaving after a sign of
    life, with its interval. log_likelihood : on the customers it was learned from, to compare families by.
    """

    family: Family
    point: Floats
    leaving: Interval
    log_likelihood: float

    def usual(self, gaps: Gaps) -> Floats:
        """Return each customer's own median gap, drawn to the common one as far as few gaps say little."""
        return self.family.usual(self.point, gaps)

    def silence_p(self, gaps: Gaps) -> Floats:
        """Return the probability that a customer who is still there is silent for so long: P(next gap > silence)."""
        return self.family.waiting(self.point, gaps)

    def left(self, gaps: Gaps) -> Floats:
        """Return the probability that a customer so silent has left: q/(q + (1 − q)·silence_p), q leaving."""
        gone = self.leaving.value
        return np.asarray(gone / (gone + (1 - gone) * self.silence_p(gaps)))

    def own(self, gaps: Gaps) -> NDArray[np.bool_]:
        """Return who has a rhythm of their own: at least two gaps. Of the rest only what is common is known."""
        return np.asarray(gaps.count >= OWN_GAPS)


def fit_rhythm(gaps: Gaps) -> Rhythm:
    """Return what these customers have in common, by maximum likelihood with each one's own rhythm integrated out.

    Raises ValueError under 30 gaps in all, and where no family of gaps can be fitted.
    """
    if float(gaps.count.sum()) < LEAST_GAPS:
        raise ValueError(f"there are only {gaps.count.sum():.0f} gaps between signs of life; {LEAST_GAPS} are needed")
    few = gaps.some(slice(None, None, max(1, gaps.count.size // SAMPLE)))
    unit = math.exp(float(few.count @ few.mean_log) / float(few.count.sum()))
    tops = [(family, _top(family, few.in_units_of(unit))) for family in FAMILIES]
    tops = [(family, top) for family, top in tops if np.isfinite(top.hessian).all() and math.isfinite(top.height)]
    if not tops:
        raise ValueError("the gaps between signs of life follow no rhythm that could be learned")
    family, top = max(tops, key=lambda pair: pair[1].height)
    odds = float(top.point[-1])
    variance = float(np.linalg.pinv(-top.hessian, hermitian=True)[-1, -1])
    half = two_sided(0.95) * math.sqrt(variance) if variance > 0 else math.inf
    low, high = (float(expit(odds + side * half)) for side in (-1, 1))
    leaving = Interval(float(expit(odds)), low, high, int(few.count.size))
    return Rhythm(family, family.rescaled(top.point[:-1], unit), leaving, top.height)


def _top(family: Family, gaps: Gaps) -> Top:
    start = np.append(family.start(gaps), math.log(0.1 / 0.9))
    return climb(_hill(family, gaps, start), start, enough=1e-6)


def _hill(family: Family, gaps: Gaps, start: Floats) -> Hill:
    """The log likelihood with its gradient by differences of fourth order."""

    @lru_cache(maxsize=2)  # the leaving is looked at on its own: the gaps stay what they were
    def of_gaps(rhythm: bytes) -> tuple[Floats, Floats]:
        point = np.frombuffer(rhythm)
        return np.log(np.maximum(family.waiting(point, gaps), _LEAST)), family.density(point, gaps)

    def height(point: Floats) -> float:
        stayed, gone = -np.logaddexp(0.0, point[-1]), -np.logaddexp(0.0, -point[-1])
        # far out the gaps of some family are no numbers: such a point is no step up, and the search turns back
        with np.errstate(invalid="ignore"):
            waiting, density = of_gaps(point[:-1].tobytes())
            each = density + gaps.count * stayed + np.logaddexp(gone, stayed + waiting)
        return float(each.sum()) - _HELD / 2 * float((point - start) @ (point - start))

    def hill(point: Floats) -> tuple[float, Floats]:
        slope = np.empty(point.size)
        for i, way in enumerate(np.eye(point.size) * _STEP):
            near = height(point + way) - height(point - way)
            far = height(point + 2 * way) - height(point - 2 * way)
            slope[i] = (8 * near - far) / (12 * _STEP)
        return height(point), slope

    return hill


_STEP, _LEAST = 1e-3, 1e-300
_HELD = 0.04
"""Weight of a normal prior about the start (standard deviation 5): what the data leave open does not run away."""
