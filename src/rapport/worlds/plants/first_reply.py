"""One team becomes slow in the afternoon."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def first_reply(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Make one team answer `dose` times as slowly what comes in after 15:00."""
    levers.reply.append(Rule(dose, plant.scope, from_hour=15))
    return None


SHOP = Plant(
    "first-reply",
    world="shop",
    dose=4.0,
    unit="times as slow",
    says="Billing answers what comes in after 15:00 many times as slowly",
    scope={"team": "Billing"},
    apply=first_reply,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="Engineering answers what comes in after 15:00 many times as slowly",
    scope={"team": "Engineering"},
)
