"""What the oracle compares in who is heard: those who leave against those who stay, happy endings against others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.oracle import Scene, Sight, apart, unseen
from rapport.worlds.oracles.subscribers import periods

UNHEARD = -0.10
"""The least effect of the audit of survey representativeness."""
SOON, WAIT, SLOW = 90 * DAY, 14 * DAY, 75


def leaving(scene: Scene) -> Sight:
    """Compare the share of questions answered by those whose last subscription ended within ninety days after it."""
    who, asked = scene.customers("feedback"), scene.seconds("feedback", "asked_at")
    owner, _, ends = periods(scene)
    last = np.full(scene.tables["customers"].num_rows, -1, dtype=np.int64)
    np.maximum.at(last, owner, ends)
    if not who.size:
        return unseen(UNHEARD)
    left = last[who]
    answered = (scene.seconds("feedback", "answered_at") != NEVER).astype(np.float64)
    usable = (asked < scene.end - SOON) & (left > asked)
    return apart(answered, who, left <= asked + SOON, usable, UNHEARD)


def happy_endings(scene: Scene) -> Sight:
    """Compare the share of slow and reopened cases asked about, the team's with all other solved cases."""
    opened, solved = scene.seconds("tickets", "opened_at"), scene.seconds("tickets", "resolved_at")
    usable = (solved != NEVER) & (solved < scene.end - WAIT)
    if not usable.any():
        return unseen(UNHEARD)
    took = (solved - opened)[solved != NEVER]
    bad = (solved - opened > np.percentile(took, SLOW)) | (np.nan_to_num(scene.numbers("tickets", "reopens")) > 0)
    asked = pc.is_in(
        scene.tables["tickets"]["ticket_id"], value_set=scene.tables["feedback"]["ticket_id"].combine_chunks()
    )
    heard = np.asarray(asked.cast(pa.float64()))
    return apart(heard, scene.customers("tickets"), scene.there("tickets", "team") & bad, usable, UNHEARD)
