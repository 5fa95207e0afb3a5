"""Which companies an auditor is tried on: those in which something is wrong, and those in which nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from rapport.core.errors import UsageError
from rapport.worlds import PLANTS, TWINS, WORLDS

CUSTOMERS, MONTHS = 5000, 24
SHARED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "shop": (
        ("first-reply", "nps", "base-drift", "control-totals"),
        ("cover-gaps", "discount-dependence", "missed-opportunities"),
        ("hand-offs", "csat", "lost-scores", "record-completeness", "clock-shift"),
        ("reopens", "unanswered", "ces", "concentration", "recognition"),
        ("resolution-time", "survey-happy-endings", "repeat-purchase", "consent"),
        ("relationship-depth", "neglected-value"),
    ),
    "subscription": (
        ("churn", "onboarding"),
        ("retention", "usage-breadth"),
        ("silent-churn", "payment-failure"),
        ("fading-loyals", "after-the-sale"),
        ("champion-left", "leaving-reasons"),
        ("health-calibration", "survey-representativeness"),
        ("revenue-retention", "record-gaps"),
        ("loyalty-drivers",),
    ),
}
"""The defects that stand together in one company of each world: such as touch different parts of what happens there.

Two that move the same thing (two ways of answering late, two reasons to leave) would each hide or feed the other. What
rests on the customers' state of today stands apart from `clock-shift`, whose orders from the future make it unknown.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One company to audit: a world with defects, each at a dose, or one of its twins; `plants` and `twin` exclude."""

    world: str
    seed: int
    plants: Mapping[str, float] = field(default_factory=dict)
    twin: str = ""
    customers: int = CUSTOMERS
    months: int = MONTHS

    @property
    def key(self) -> str:
        """Return what tells this case from all others, readable."""
        what = "+".join(f"{id_}={dose:g}" for id_, dose in sorted(self.plants.items())) or self.twin
        return f"{self.world}/{what}/{self.customers}x{self.months}/{self.seed}"


def cases(
    seeds: Sequence[int], only: Sequence[str] = (), customers: int = CUSTOMERS, *, alone: bool = False
) -> tuple[Case, ...]:
    """Return every case, seed by seed: each defect in its home world at its default dose, and the twins.

    Parameters
    ----------
    seeds : the companies to invent.
    only : ids of defects and names of twins; none: all.
    customers : the size of the companies; the small twin has at most 60.
    alone : a company of its own for each defect; else as in `SHARED`.

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
    wanted = set(only) or {*PLANTS, *TWINS}
    return tuple(case for seed in seeds for case in _of(seed, wanted, customers, alone))


def _of(seed: int, wanted: set[str], customers: int, alone: bool) -> Iterator[Case]:
    for world, groups in SHARED.items():
        for group in groups:
            chosen = [id_ for id_ in group if id_ in wanted]
            for ids in [[id_] for id_ in chosen] if alone else [chosen] if chosen else []:
                yield Case(world, seed, {id_: PLANTS[id_].dose for id_ in ids}, customers=customers)
    for world, company in WORLDS.items():
        found_here = {plant.finder for plant in company.plants.values()}
        for id_, twin in TWINS.items():
            if id_ in wanted and (not twin.audit or twin.audit in found_here):
                yield Case(world, seed, twin=id_, customers=customers)
