"""Customers who come back more often at first (or less), and settle down: a clock that runs differently when young.

The classical models take a customer's rate of buying as constant while active. Where it falls after the first weeks
they take the fall for leaving and foretell too little. Here the rate of everybody is multiplied by
1 + (first_rate − 1)·e^(−age/settling_time): the models run on that clock's time, everything else stays theirs.
Source of the device, time-varying rates by operational time: Cox & Lewis (1966), The Statistical Analysis of Series
of Events, 2.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.models.buying.histories import Floats, Histories
from rapport.models.buying.model import Model, Terms


@dataclass(frozen=True, eq=False)
class Settling:
    """A model on a settling clock.

    base : the model of the rest; ages, repeats : at which ages (time since the first purchase, above 0) customers
    made their repeat purchases and how many did, shape (k,): the same purchases as in the histories. The first rate is
    relative to the settled one; both new parameters are handled by their logarithms like the rest.
    """

    base: Model
    ages: Floats
    repeats: Floats

    @property
    def name(self) -> str:
        """As the base model, with the clock."""
        return f"{self.base.name}, settling"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those of the base model and two of the clock."""
        return (*self.base.parameters, "first_rate", "settling_time")

    @property
    def judges_from(self) -> float:
        """As the base model."""
        return self.base.judges_from

    @property
    def without_leaving(self) -> Model:
        """The base model's, on this clock."""
        without = self.base.without_leaving
        return self if without is self.base else Settling(without, self.ages, self.repeats)

    def terms(self, logs: Floats, histories: Histories) -> Terms:
        """Return the base model's parts at the clock's times; slopes by the clock's parameters by the chain rule."""
        told = self.base.terms(logs[:-2], histories.by_clock(lambda times: _clock(logs[-2:], times)))
        late, early = _clock_slope(logs[-2:], histories.by_age.values), _clock_slope(logs[-2:], histories.by_t_x.values)
        late = late[:, histories.by_age.index]
        early = early[:, histories.by_t_x.index]
        rate_late = histories.by_age.spread(_rate(logs[-2:], histories.by_age.values))
        rate_early = histories.by_t_x.spread(_rate(logs[-2:], histories.by_t_x.values))
        return Terms(
            told.active,
            np.vstack([told.active_slope, told.active_by_age * late]),
            told.likelihood,
            np.vstack([told.slope, told.by_age * late + told.by_t_x * early]),
            told.active_by_age * rate_late,
            told.by_age * rate_late,
            told.by_t_x * rate_early,
        )

    def common(self, logs: Floats) -> tuple[float, Floats]:
        """Return the density of the repeat purchases on the clock: the sum of the logarithms of its rate."""
        rate = _rate(logs[-2:], self.ages)
        slope = np.zeros(logs.size)
        slope[-2:] = _rate_slope(logs[-2:], self.ages) / rate @ self.repeats
        return float(np.log(rate) @ self.repeats), slope

    def while_active(self, logs: Floats, pairs: Histories, horizon: Floats | float) -> Floats:
        """Return the base model's expectation over the clock's time between now and the horizon."""
        now = _clock(logs[-2:], pairs.age)
        later = _clock(logs[-2:], pairs.age + horizon)
        told = pairs.by_clock(lambda times: _clock(logs[-2:], times))
        return self.base.while_active(logs[:-2], told, later - now)

    def start(self, rate: Floats, histories: Histories) -> tuple[Floats, ...]:
        """Return the base model's starts with no settling yet, its time a sixth of the mean age."""
        time = self.prior(histories)[-1]
        return tuple(np.array([*logs, 0.0, time]) for logs in self.base.start(rate, histories))

    def prior(self, histories: Histories) -> Floats:
        """Return the base model's prior, no settling, its time a sixth of the mean age."""
        base = self.base.prior(histories)
        return np.array([*base, 0.0, base[1] - np.log(6.0)])


def _rate(logs: Floats, ages: Floats) -> Floats:
    first, time = np.exp(logs)
    return np.asarray(1 + (first - 1) * np.exp(-ages / time))


def _rate_slope(logs: Floats, ages: Floats) -> Floats:
    first, time = np.exp(logs)
    fade = np.exp(-ages / time)
    return np.stack([first * fade, (first - 1) * fade * ages / time])


def _clock(logs: Floats, ages: Floats) -> Floats:
    first, time = np.exp(logs)
    return np.asarray(ages - (first - 1) * time * np.expm1(-ages / time))


def _clock_slope(logs: Floats, ages: Floats) -> Floats:
    first, time = np.exp(logs)
    faded, fade = -np.expm1(-ages / time), np.exp(-ages / time)
    return np.stack([first * time * faded, (first - 1) * (time * faded - ages * fade)])
