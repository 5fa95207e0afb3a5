"""Finds the parameters under which what the customers did was likeliest, and how surely the data say so.

Maximum likelihood on distinct rows with their counts. A search begins on a few thousand rows and ends on all of
them, so that what is found does not depend on the sample.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rapport.core.interval import Interval
from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.model import Model
from rapport.models.buying.nbd import NBD
from rapport.models.buying.newton import Hill, Top, climb, highest
from rapport.models.student import two_sided

SAMPLE = 1000
"""Rows on which a search begins."""
ROUGHLY = 1e-2
"""Gain of a further step at which a search on the sample ends."""
LEAST_GAIN = 3.0
"""Least gain in log likelihood over the model without leaving (half the 95 % point of chi-square, 2 df).

The null lies on the boundary, so this is on the safe side (Self & Liang 1987, JASA 82:605)."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model; arrays in the order of `model.parameters`.

    logs : logarithms of the parameters; covariance : of the logs, the inverse of the observed information (and of the
    penalty); infinite where the data say nothing. log_likelihood : without the penalty. gain : log likelihood above the
    model without leaving, infinite for that model itself. penalty : its weight, 0 for plain maximum likelihood.
    """

    model: Model
    logs: Floats
    covariance: Floats
    log_likelihood: float
    customers: float
    gain: float
    penalty: float
    converged: bool

    @property
    def leaving_seen(self) -> bool:
        """Whether the data show that customers leave; if not, a dropout near 0 is no finding but a lack of one."""
        return self.gain >= LEAST_GAIN

    @property
    def values(self) -> Floats:
        """The parameters themselves."""
        return np.asarray(np.exp(self.logs))

    def parameters(self, level: float = 0.95) -> Mapping[str, Interval]:
        """Return each parameter with its interval, symmetric in the logarithm (delta method)."""
        z, n = two_sided(level), round(self.customers)
        spread = np.sqrt(np.diag(self.covariance))
        found = {}
        for name, log, se in zip(self.model.parameters, self.logs, spread, strict=True):
            known = math.isfinite(se) and z * se < _KNOWN
            low, high = (math.exp(log - z * se), math.exp(log + z * se)) if known else (None, None)
            found[name] = Interval(math.exp(log), low, high, n, level)
        return found

    def standard_errors(self) -> Mapping[str, float]:
        """Return the standard error of each parameter itself: its value times the error of its logarithm."""
        return dict(zip(self.model.parameters, self.values * np.sqrt(np.diag(self.covariance)), strict=True))


_KNOWN = 50.0
"""An interval wider than a factor e^50 to each side is no interval."""


def fit(
    model: Model, histories: Histories, penalty: float = 0.0, near: Floats | None = None, without: float | None = None
) -> Fit:
    """Return the fit of a model.

    histories : all customers, those who never came back too (without them every model is wrong). penalty : weight of
    a normal prior on the log parameters about `model.prior` (its standard deviation is 1/√penalty), which holds the
    parameters where the likelihood alone would let them run to 0 or infinity. near : log parameters to begin at, such
    as those of an earlier day; without them several starts are tried. without : the log likelihood of the model without
    leaving, where it is known. Raises ValueError without a repeat.
    """
    _check(histories)
    simple = model.without_leaving
    begin = _starts(model, histories) if near is None else (near,)
    if simple is model:
        return _found(model, histories, _search(model, histories, penalty, begin), penalty, -math.inf)
    if without is None:
        without = fit(simple, histories).log_likelihood
    return _found(model, histories, _search(model, histories, penalty, begin), penalty, without)


def _check(histories: Histories) -> None:
    if not histories.rows or not float(histories.count @ histories.x):
        raise ValueError("nobody bought twice: there is no rate of coming back to learn")
    if float(histories.count @ histories.age) <= 0:
        raise ValueError("every customer is new today: there is no time in which they could have come back")


def _starts(model: Model, histories: Histories) -> tuple[Floats, ...]:
    return model.start(NBD.prior(histories) if model is NBD else _rate(histories), histories)


def _rate(histories: Histories) -> Floats:
    """Log parameters of the model without leaving, from the pairs of repeats and age, which are all it needs."""
    pairs, _ = histories.by_x_and_age
    return _search(NBD, pairs, 0.0, NBD.start(NBD.prior(pairs), pairs)).point


def _search(model: Model, histories: Histories, penalty: float, starts: tuple[Floats, ...]) -> Top:
    centre = model.prior(histories)
    few = histories.thinned(SAMPLE)
    share = float(few.count @ few.x) / float(histories.count @ histories.x)
    hill = _hill(model, few, penalty, centre, share)
    rough = highest(hill, starts, enough=ROUGHLY)
    return climb(_hill(model, histories, penalty, centre, 1.0), rough.point, rough.hessian)


def _hill(model: Model, histories: Histories, penalty: float, centre: Floats, share: float) -> Hill:
    """The penalised log likelihood of these rows; share : of the repeat purchases of all rows."""

    def hill(logs: Floats) -> tuple[float, Floats]:
        with np.errstate(over="ignore", invalid="ignore"):
            terms = model.terms(logs, histories)
            common, common_slope = model.common(logs)
            away = logs - centre
            height = float(histories.count @ terms.likelihood) + share * common - penalty / 2 * float(away @ away)
            return height, np.asarray(terms.slope @ histories.count + share * common_slope - penalty * away)

    return hill


def _found(model: Model, histories: Histories, top: Top, penalty: float, without: float) -> Fit:
    away = top.point - model.prior(histories)
    likelihood = top.height + penalty / 2 * float(away @ away)
    covariance = _inverse(-top.hessian)
    return Fit(
        model, top.point, covariance, likelihood, histories.customers, likelihood - without, penalty, top.converged
    )


def _inverse(information: Floats) -> Floats:
    """The covariance; infinite for every parameter that takes part in a direction in which the hill is flat."""
    values, vectors = np.linalg.eigh(information)
    flat = values <= _FLAT
    covariance = (vectors[:, ~flat] / values[~flat]) @ vectors[:, ~flat].T
    lost = (np.abs(vectors[:, flat]) > _PART).any(axis=1)
    covariance[lost, lost] = np.inf
    return np.asarray(covariance)


_FLAT = 1e-3
"""Information about a log parameter below this (standard error above 30) is none."""
_PART = 1e-2
