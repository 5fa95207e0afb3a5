"""Chance, dealt in separate packs: what is drawn for one part of a company never shifts what another part gets."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Streams:
    """Random numbers by name: the same seed, name and numbers always give the same draws, in whatever order.

    Draws have a fixed shape (customer by slot), so that a planted change alters what it causes and nothing else. Each
    block of a large company has draws of its own; the first has those of a small company.
    """

    seed: int
    block: int = 0

    def pack(self, name: str, *numbers: int) -> np.random.Generator:
        """Return the generator that belongs to one part of the company."""
        words = [self.seed, crc32(name.encode()), *numbers]
        own = (self.block,) if self.block else ()
        return np.random.default_rng(np.random.SeedSequence(words, spawn_key=own))

    def uniform(self, shape: int | tuple[int, ...], name: str, *numbers: int) -> Floats:
        """Return uniform draws between 0 and 1."""
        return self.pack(name, *numbers).random(shape)

    def normal(self, shape: int | tuple[int, ...], name: str, *numbers: int) -> Floats:
        """Return standard normal draws."""
        return self.pack(name, *numbers).standard_normal(shape)


def pick(u: Floats, weights: Floats | list[float]) -> Ints:
    """Return for each uniform draw the place it falls to among `weights`."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges / edges[-1], u, side="right"), len(edges) - 1).astype(np.int64)


def poisson(u: Floats, mean: Floats, most: int) -> Ints:
    """Return Poisson counts from uniform draws, at most `most`: more mean never gives a smaller count."""
    term = np.exp(-mean)
    below = term.copy()
    count = np.zeros(u.shape, dtype=np.int64)
    for k in range(1, most + 1):
        count += u > below
        term = term * mean / k
        below = below + term
    return count
