"""For three weeks a part of the cases never arrives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import DAY
from rapport.worlds.rules import Levers, Plant, Tables


def record_gaps(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Lose a share `dose` of the tickets, and their messages, of three weeks."""
    since = levers.ago(11)

    def spoil(tables: Tables, chance: np.random.Generator) -> Tables:
        tickets, messages = tables["tickets"], tables["messages"]
        opened = np.asarray(tickets["opened_at"].cast(pa.int64()))
        gone = (opened >= since) & (opened < since + 21 * DAY) & (chance.random(len(opened)) < dose)
        lost = tickets["ticket_id"].combine_chunks().filter(pa.array(gone))
        kept = pc.invert(pc.is_in(messages["ticket_id"], value_set=lost))
        return {**tables, "tickets": tickets.filter(pa.array(~gone)), "messages": messages.filter(kept)}

    levers.spoils.append(("record-gaps", spoil))
    return since


SHOP = Plant(
    "record-gaps",
    world="shop",
    dose=0.7,
    unit="share of tickets",
    says="most of the tickets of three weeks are missing",
    scope={"table": "tickets"},
    apply=record_gaps,
    measured=False,
)

SUBSCRIPTION = replace(
    SHOP, world="subscription", dose=1 / 3, says="a third of the tickets of three weeks are missing", measured=True
)
