"""Some letters in one channel are lost."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def unanswered(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Drop a share `dose` of what comes in by one channel."""
    levers.dropped.append(Rule(dose, plant.scope))
    return None


SHOP = Plant(
    "unanswered",
    world="shop",
    dose=0.03,
    unit="share dropped",
    says="some chats are dropped and never answered",
    scope={"channel": "chat"},
    apply=unanswered,
)

SUBSCRIPTION = SHOP.elsewhere(
    "subscription",
    says="some chats are dropped and never answered",
    scope={"channel": "chat"},
)
