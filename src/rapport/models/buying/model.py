"""What every model of buying can say; the rest of the package is written once for all of them.

Parameters are handled by their logarithms: all of them are positive, and their likelihood is nearer to normal there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rapport.models.buying.histories import Floats, Histories


@dataclass(frozen=True, slots=True)
class Terms:
    """The likelihood of each row in two parts, all logarithms, with derivatives by the log parameters.

    active : the customer bought thus and is still a customer; likelihood : bought thus, still a customer or not.
    Shape (rows,). active_slope, slope : their derivatives, shape (parameters, rows). active_by_age, by_age, by_t_x :
    derivatives by the times instead, shape (rows,).
    """

    active: Floats
    active_slope: Floats
    likelihood: Floats
    slope: Floats
    active_by_age: Floats
    by_age: Floats
    by_t_x: Floats


class Model(Protocol):
    """A model of when customers buy and when they leave."""

    @property
    def name(self) -> str:
        """As the papers call it."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in order; the first two are those of the rate of buying (r, alpha)."""
        ...

    @property
    def judges_from(self) -> float:
        """Least number of repeats from which P(active) means something; infinite if it never does."""
        ...

    @property
    def without_leaving(self) -> Model:
        """The same model in which nobody leaves; itself if that is so."""
        ...

    def terms(self, logs: Floats, histories: Histories) -> Terms:
        """Return the parts of the likelihood of each row."""
        ...

    def common(self, logs: Floats) -> tuple[float, Floats]:
        """Return the part of the log likelihood that belongs to no row, and its derivatives."""
        ...

    def while_active(self, logs: Floats, pairs: Histories, horizon: Floats | float) -> Floats:
        """Return the purchases expected in the next `horizon` of somebody who is active now, by (x, age); (rows,)."""
        ...

    def start(self, rate: Floats, histories: Histories) -> tuple[Floats, ...]:
        """Return log parameters to begin a search at; rate: log r and log alpha of the model without leaving."""
        ...

    def prior(self, histories: Histories) -> Floats:
        """Return the log parameters that a penalty pulls towards: of the size that shops have, in their time unit."""
        ...
