"""Which products a customer is likely to want next, from purchases alone: those bought before, and those never bought.

The two lists are kept apart, since buying again and trying something new are different acts. What is bought again
follows the customer's own habit; what is new follows what customers with the same products own, and what sells lately.

Sources: Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data", WWW '19, equations 8 and 9 (the item-item
weights); Hu, Koren & Volinsky (2008), ICDM (purchases as implicit answers).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.core.interval import Interval
from rapport.models.proportions import wilson

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE = 200.0
"""Default weight of the penalty: what two products share in fewer than some hundred baskets is taken for chance."""

MOMENTS = (0.0, 0.25, 0.5, 1.0)
"""How much what sells at the moment may count (an exponent); a customer's own past chooses among them."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What owning one product says of wanting another.

    weights : shape (products, products), 0 on the diagonal; row i is what owning product i adds to each other product.
    """

    weights: Floats


def resemblance(owned: Bools, ridge: float = RIDGE) -> Resemblance:
    """Fit EASE: the linear map of what customers own onto itself, no product foretelling itself.

    owned : shape (customers, products). The inverse of Gram matrix plus ridge is P; weights are −P_ij/P_jj off the
    diagonal (Steck 2019, equation 8). Costs products³ once, customers only in one matrix product: leave out products
    that hardly anyone owns. Raises ValueError where the ridge is not positive.
    """
    if not ridge > 0:
        raise ValueError(f"the ridge {ridge} must be above 0")
    seen = np.asarray(owned, dtype=np.float64)
    gram = seen.T @ seen
    gram[np.diag_indices_from(gram)] += ridge
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    weights[np.diag_indices_from(weights)] = 0.0
    return Resemblance(weights)


def buy_again(orders: Floats, recent: Floats) -> Floats:
    """Return scores of what a customer may buy again: in how many orders it was, ties by what sells at the moment.

    orders : shape (customers, products), in how many of the customer's orders each product was. recent : same shape or
    (products,), how often each product was sold lately, to anyone. A product never bought by that customer gets a score
    below 1: it is on the list only where the habit is shorter than the list.
    """
    shares = recent / np.maximum(recent.max(axis=-1, keepdims=True), 1.0)
    scores: Floats = np.asarray(orders, dtype=np.float64) + 0.5 * shares
    return scores


def new_to_customer(owned: Bools, like: Resemblance, recent: Floats, moment: float) -> Floats:
    """Return scores of what a customer does not own; −inf for what is owned.

    owned : shape (customers, products); recent : as in `buy_again`; moment : the exponent on what sells lately, 0 for
    not at all. What resembles nothing that is owned (a score of 0 or less) comes after everything that does.
    """
    fit = np.asarray(owned, dtype=np.float64) @ like.weights
    lately = (recent + 1.0) ** moment
    return np.where(owned, -math.inf, np.where(fit > 0, fit * lately, fit))


def choose_moment(owned: Bools, wanted: Bools, like: Resemblance, recent: Floats, first: int = 10) -> float:
    """Return the exponent among `MOMENTS` with the highest hit rate on an inner test; the smallest one on a tie.

    owned : what customers had before their last known order; wanted : what that order held. All shape (customers,
    products). `like` may have been fitted on `owned` only.
    """
    rates = [hit_rate(new_to_customer(owned, like, recent, m), wanted & ~owned, first).value for m in MOMENTS]
    return MOMENTS[int(np.argmax(rates))]


def best(scores: Floats, first: int = 10) -> NDArray[np.intp]:
    """Return the products with the highest scores, best first, equal ones by their place: shape (customers, first)."""
    first = min(first, scores.shape[1])
    low = -scores
    last = np.partition(low, first - 1, axis=1)[:, first - 1 : first]
    level = low == last
    room = first - (low < last).sum(axis=1, keepdims=True)
    kept = (low < last) | (level & (np.cumsum(level, axis=1) <= room))
    places = np.nonzero(kept)[1].reshape(len(scores), first)
    order = np.argsort(np.take_along_axis(low, places, axis=1), axis=1, kind="stable")
    return np.take_along_axis(places, order, axis=1)


def hit_rate(scores: Floats, wanted: Bools, first: int = 10) -> Interval:
    """Return the share of customers who bought at least one of the `first` products on their list.

    scores, wanted : shape (customers, products). Customers who wanted nothing of the kind are left out; Wilson's
    interval, one row a customer. Raises ValueError where the shapes differ.
    """
    if scores.shape != wanted.shape:
        raise ValueError(f"scores are {scores.shape}, wanted is {wanted.shape}")
    asked = np.flatnonzero(wanted.any(axis=1))
    hits = np.take_along_axis(wanted[asked], best(scores[asked], first), axis=1).any(axis=1)
    return wilson(int(hits.sum()), asked.size)
