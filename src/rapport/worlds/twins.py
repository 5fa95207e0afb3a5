"""Companies like another in which nothing is wrong, however it looks: on each of them an auditor must stay quiet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY, WorkTime
from rapport.worlds.dealt import outcomes_dealt_anew
from rapport.worlds.fading_first import use_fades_first
from rapport.worlds.injected import instructions
from rapport.worlds.plants.nps import fall
from rapport.worlds.rules import Levers, Tables

Record = Callable[[Tables, WorkTime, np.random.Generator], Tables]
SMALL = 60
PEAK = 2.0
FALL, ANSWERS, WAVE = 5.0, 300, 183 * DAY
RESTLESS = 0.8
HEAVY = 1.6


def _as_it_is(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    return tables


def _no_lever(levers: Levers) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Twin:
    """A change that gives any company a twin in which there is nothing to find.

    Attributes
    ----------
    id, says : how it is asked for, and what it is in words.
    audit : the one audit that it is a trap for; empty: all of them.
    most : the most customers it has; None: as many as are asked for.
    lever : what is different in the company's life.
    record : what is different in its record.
    """

    id: str
    says: str
    audit: str = ""
    most: int | None = None
    lever: Callable[[Levers], None] = field(default=_no_lever, repr=False)
    record: Record = field(default=_as_it_is, repr=False)


def _season(levers: Levers) -> None:
    levers.december = PEAK


def _small_fall(levers: Levers) -> None:
    fall(levers, FALL)


def _heavy_users(levers: Levers) -> None:
    levers.heavy = HEAVY


def _restless(levers: Levers) -> None:
    levers.restless = RESTLESS


def _few_answers(tables: Tables, desk: WorkTime, chance: np.random.Generator) -> Tables:
    """Return the record with so few questions asked that the last six months have some three hundred NPS answers."""
    feedback = tables["feedback"]
    nps = pc.equal(feedback["kind"], "nps")
    asked = np.asarray(feedback["asked_at"].cast(pa.int64()))
    newest = pa.array(asked > asked.max() - WAVE)
    wave = pc.sum(pc.and_(pc.and_(nps, newest), pc.is_valid(feedback["answered_at"]))).as_py()
    kept = pc.or_(pc.invert(nps), pa.array(chance.random(feedback.num_rows) < ANSWERS / max(wave, 1)))
    return {**tables, "feedback": feedback.filter(kept)}


TWINS: dict[str, Twin] = {
    twin.id: twin
    for twin in (
        Twin("clean", "nothing is wrong"),
        Twin("small", f"{SMALL} customers, too few to say much about", most=SMALL),
        Twin("shuffled", "how it went has nothing to do with who, where or when", record=outcomes_dealt_anew),
        Twin("season", "twice as much as usual happens in every December, and waits are twice as long", lever=_season),
        Twin("instructions", "texts that read like instructions to a machine", record=instructions),
        Twin(
            "fading-first",
            "accounts are used less and less, and only then does their main contact leave",
            audit="champion-left",
            record=use_fades_first,
        ),
        Twin(
            "small-fall",
            f"the NPS falls by {FALL:.0f} where a wave has {ANSWERS} answers: chance moves it as much",
            audit="nps",
            lever=_small_fall,
            record=_few_answers,
        ),
        Twin(
            "regression",
            "what customers do goes up and down from one half-year to the next: who did much does as much as anybody",
            audit="fading-loyals",
            lever=_restless,
        ),
        Twin(
            "heavy-users",
            "who uses much uses everything, stays and recommends: no single feature does it",
            audit="loyalty-drivers",
            lever=_heavy_users,
        ),
    )
}
"""The twins by the name by which they are asked for; usable with any company."""
