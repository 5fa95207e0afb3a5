"""Lumen & Loom, a shop for home textiles that does not exist."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from rapport.worlds.company import Company
from rapport.worlds.declared import NAME, declarations
from rapport.worlds.export import added_up, moment, text
from rapport.worlds.life import WORKDAYS, live
from rapport.worlds.plants import SHOP as PLANTS
from rapport.worlds.rules import Levers, Tables
from rapport.worlds.streams import Streams
from rapport.worlds.tables import tables_of


def _simulate(streams: Streams, levers: Levers, customers: int, starts: list[date]) -> tuple[Tables, pa.Table]:
    life = live(streams, levers, customers, starts)
    truth = {
        "customer_id": text(life.people.id),
        "satisfaction": pa.array(life.content.round(4)),
        "left_at": moment(life.left),
    }
    return tables_of(life, streams), pa.table(truth)


def _count(tables: Tables) -> dict[str, str]:
    return {"orders_count": str(tables["orders"].num_rows), "orders_amount": added_up(tables["orders"]["amount"])}


SHOP = Company(
    "shop",
    name=NAME,
    says="a shop for home textiles, with a small subscription and a service desk",
    workdays=WORKDAYS,
    plants=PLANTS,
    simulate=_simulate,
    declare=declarations,
    count=_count,
)
