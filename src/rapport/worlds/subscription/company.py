"""Plumbline as a company that can be built."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.worlds.clock import NEVER
from rapport.worlds.company import Company
from rapport.worlds.export import added_up, moment, text
from rapport.worlds.plants import SUBSCRIPTION as PLANTS
from rapport.worlds.rules import Levers, Tables
from rapport.worlds.streams import Streams
from rapport.worlds.subscription.contracts import ALWAYS
from rapport.worlds.subscription.declared import NAME, declarations
from rapport.worlds.subscription.life import WORKDAYS, live
from rapport.worlds.subscription.tables import tables_of


def _simulate(streams: Streams, levers: Levers, customers: int, starts: list[date]) -> tuple[Tables, pa.Table]:
    life = live(streams, levers, customers, starts)
    contracts = life.contracts
    decided = np.where(contracts.decided == NEVER, NEVER, life.edges[np.maximum(contracts.decided, 0)])
    truth = {
        "customer_id": text(life.accounts.id),
        "satisfaction": pa.array(life.content.round(4)),
        "left_at": moment(np.where(contracts.until == ALWAYS, NEVER, contracts.until)),
        "decided_at": moment(np.where(contracts.decided == NEVER, NEVER, decided)),
    }
    return tables_of(life, streams), pa.table(truth)


def _count(tables: Tables) -> dict[str, str]:
    payments = tables["payments"]
    settled = payments.filter(pc.equal(payments["status"], "succeeded"))
    return {"payments_count": str(payments.num_rows), "payments_amount_settled": added_up(settled["amount"])}


SUBSCRIPTION = Company(
    "subscription",
    name=NAME,
    says="software for planning building sites, sold by the month to firms with several contacts",
    workdays=WORKDAYS,
    plants=PLANTS,
    simulate=_simulate,
    declare=declarations,
    count=_count,
)
