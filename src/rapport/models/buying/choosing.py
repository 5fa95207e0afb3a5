"""Chooses among the models by how they would have foretold the company's own recent past, never by the future.

At rolling origins inside what is known (after a half, two thirds and five sixths of it) every model is fitted on what
was known then and foretells the rest, up to the horizon asked for. The smallest Poisson deviance over all origins wins;
a parameter has to earn its keep (2 each, as in Akaike's criterion). The early origin has the longest view ahead, so
that it weighs most, as it should where the horizon is long.

Tried on CDNOW and online_retail and left out: a factor learned from the totals at the inner origins (it would have
lowered a forecast that proved too low), a trend by the calendar (foretold no better at any origin), settling by a power
of the age or by 1 + A/(1 + age/c) (log likelihoods 10 to 20 lower than the exponential's). Seasons were not tried:
under a year of data cannot tell one from growth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapport.core.interval import Interval
from rapport.models.buying.beta_geometric import BG_NBD, MBG_NBD
from rapport.models.buying.expectations import expected, known
from rapport.models.buying.fitting import Fit, fit
from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.holdout import Origin, Score, origin, score
from rapport.models.buying.model import Model
from rapport.models.buying.nbd import NBD
from rapport.models.buying.pareto_nbd import PARETO_NBD
from rapport.models.buying.purchase_days import PurchaseDays
from rapport.models.buying.settling import Settling
from rapport.models.student import two_sided

PARTS = (1 / 2, 2 / 3, 5 / 6)
"""Of the time known, before each inner origin."""
MODELS: tuple[Model, ...] = (NBD, BG_NBD, MBG_NBD, PARETO_NBD)
PARAMETER = 2.0
"""Deviance that a further parameter has to save."""
ROWS = 20_000
"""Distinct histories at most on which the candidates are tried; the chosen one is fitted on all."""
SETTLED = 2
"""Models at most, those that foretold best, that are tried on the settling clock too."""
HELD = 0.44
"""Weight of the penalty where the data show no leaving: a standard deviation of 1.5 of each log parameter."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate: base model, whether on the settling clock, its score and fit at each origin, what counts against it.

    `fits` are on the rows on which the candidates are tried (see `ROWS`).
    """

    name: str
    base: Model
    settling: bool
    scores: Sequence[Score]
    fits: Sequence[Fit]
    lost: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found while choosing and is of use again.

    ended : where the search for a model ended, by its name; without : the log likelihood of a model without leaving, by
    its name and the histories (their identity: they are kept while it is chosen).
    """

    ended: dict[str, Floats] = field(default_factory=dict)
    without: dict[tuple[str, int], float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Choice:
    """The model chosen, fitted on all that is known.

    judge : the fit that tells P(active) of those of whom the chosen one can say nothing, chosen in the same way among
    the models that can; trials : all candidates, best first; leaving_seen : whether the chosen model sees customers
    leave, False where dropout came out as nothing (a, b or s near 0) or a model without it foretold better.
    """

    best: Fit
    judge: Fit
    trials: Sequence[Trial]

    @property
    def leaving_seen(self) -> bool:
        """Whether the data show that customers leave."""
        return self.best.model.without_leaving is not self.best.model and self.best.leaving_seen

    def total(self, histories: Histories, horizon: float, level: float = 0.95) -> Interval:
        """Return the purchases that all customers together will make within the horizon.

        The interval carries the uncertainty of the parameters, of the customers (Pearson's dispersion at the inner
        origins) and of the model: by how much its totals were wrong there beyond these two, as a relative error. With
        three origins Student's t has three degrees of freedom. It knows no season that the data have not shown.
        """
        mean, slope = expected(self.best, histories, horizon)
        each = histories.count * mean
        value = float(each.sum())
        direction = slope @ each / value
        scores = self.trials[0].scores
        spread = max((s.dispersion for s in scores), default=1.0)
        own = float(direction @ known(self.best) @ direction) + max(1.0, spread) / value
        wrong = [math.log(s.actual / s.foretold) ** 2 - _noise(s) for s in scores if s.actual > 0]
        model = max(0.0, sum(wrong) / len(wrong)) if wrong else 0.0
        half = two_sided(level, len(wrong) if model else None) * math.sqrt(own + model)
        low, high = (value * math.exp(-half), value * math.exp(half)) if half < _KNOWN else (None, None)
        return Interval(value, low, high, round(histories.customers), level)


_KNOWN = 50.0
"""An interval wider than a factor e^50 to each side is no interval."""


def _noise(past: Score) -> float:
    return past.relative_error**2 + max(1.0, past.dispersion) / past.foretold


def origins_within(days: PurchaseDays, end: float, horizon: float) -> Sequence[Origin]:
    """Return the inner origins of purchases known until the end of a day, each watched at most as long as asked for."""
    first = float(days.day.min())
    found = []
    for part in PARTS:
        cut = math.floor(first + part * (end - first))
        until = min(end, cut + horizon)
        past = origin(days, cut, until)
        if until > cut and float(past.histories.count @ past.histories.x) and past.bought.sum():
            found.append(past)
    return found


def choose(histories: Histories, ages: Floats, repeats: Floats, origins: Sequence[Origin]) -> Choice:
    """Return the choice.

    histories : today; ages, repeats : repeat purchases until today by age (see `Settling`); origins : see
    `origins_within`. Without an origin the BG/NBD's sister that can judge everyone, MBG/NBD, is taken untried.
    """
    seen = Seen()
    past = [one.thinned(ROWS) for one in origins]
    plain = sorted((_trial(base, False, past, seen) for base in MODELS), key=lambda trial: trial.lost)
    settling = [_trial(one.base, True, past, seen) for one in plain[:SETTLED]]
    trials = sorted((*plain, *settling), key=lambda trial: trial.lost)
    if not origins:
        trials = [trial for trial in trials if trial.base is MBG_NBD and not trial.settling]
    best = _fitted(trials[0].base, trials[0].settling, histories, ages, repeats, seen)
    able = next((t for t in trials if t.base.judges_from == 0), trials[0])
    judge = best if able is trials[0] else _fitted(able.base, able.settling, histories, ages, repeats, seen)
    if not judge.leaving_seen:
        judge = fit(judge.model, histories, HELD)
    return Choice(best, judge, tuple(trials))


def _trial(base: Model, settling: bool, origins: Sequence[Origin], seen: Seen) -> Trial:
    fits = tuple(_fitted(base, settling, past.histories, past.ages, past.repeats, seen) for past in origins)
    scores = tuple(score(found, past) for found, past in zip(fits, origins, strict=True))
    parameters = len(base.parameters) + 2 * settling
    lost = sum(s.deviance for s in scores) + PARAMETER * parameters
    return Trial(base.name + (", settling" if settling else ""), base, settling, scores, fits, lost)


def _fitted(base: Model, settling: bool, histories: Histories, ages: Floats, repeats: Floats, seen: Seen) -> Fit:
    """Fit, begun where the same model ended at an earlier origin if customers were seen to leave there."""
    model = Settling(base, ages, repeats) if settling else base
    found = fit(model, histories, near=seen.ended.get(model.name), without=_without(model, histories, seen))
    if found.leaving_seen:
        seen.ended[model.name] = found.logs
    return found


def _without(model: Model, histories: Histories, seen: Seen) -> float | None:
    """Return the log likelihood of the model without leaving, which is the same one for several."""
    simple = model.without_leaving
    if simple is model:
        return None
    key = simple.name, id(histories)
    if key not in seen.without:
        seen.without[key] = fit(simple, histories).log_likelihood
    return seen.without[key]
