"""Which companies an auditor is tried on: one for each defect, and those in which there is nothing to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rapport.core.errors import UsageError
from rapport.worlds import PLANTS, TWINS, WORLDS

CUSTOMERS, MONTHS = 5000, 24


@dataclass(frozen=True, slots=True)
class Case:
    """One company to audit: a world with one defect at a dose, or one of its twins; `plant` and `twin` exclude."""

    world: str
    seed: int
    plant: str = ""
    dose: float = 0.0
    twin: str = ""
    customers: int = CUSTOMERS
    months: int = MONTHS

    @property
    def name(self) -> str:
        """What is looked for, or which twin it is."""
        return self.plant or self.twin

    @property
    def key(self) -> str:
        """Return what tells this case from all others, readable."""
        what = f"{self.plant}={self.dose:g}" if self.plant else self.twin
        return f"{self.world}/{what}/{self.customers}x{self.months}/{self.seed}"


def cases(seeds: Sequence[int], only: Sequence[str] = (), customers: int = CUSTOMERS) -> tuple[Case, ...]:
    """Return every case, seed by seed: each defect in its home world at its default dose, each twin of each world.

    Parameters
    ----------
    seeds : the companies to invent.
    only : ids of defects and names of twins; none: all.
    customers : the size of the companies; the small twin has at most 60.

    Raises
    ------
    UsageError
        For a name that is neither a defect nor a twin.
    """
    for name in only:
        if name not in PLANTS and name not in TWINS:
            near = get_close_matches(name, [*PLANTS, *TWINS], 1)
            todo = f"did you mean {near[0]}?" if near else f"choose from {', '.join([*PLANTS, *TWINS])}"
            raise UsageError(f"nothing to try an auditor on is called {name!r}", where="--only", todo=todo)
    found: list[Case] = []
    for seed in seeds:
        for id_, plant in PLANTS.items():
            found.append(Case(plant.world, seed, plant=id_, dose=plant.dose, customers=customers))
        for world in WORLDS:
            found += [Case(world, seed, twin=twin, customers=customers) for twin in TWINS]
    return tuple(case for case in found if not only or case.name in only)
