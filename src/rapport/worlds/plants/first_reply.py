"""One team becomes slow in the afternoon."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def first_reply(levers: Levers, dose: float) -> None:
    """Make Billing answer `dose` times as slowly what comes in after 15:00."""
    levers.reply.append(Rule(dose, {"team": "Billing"}, from_hour=15))


PLANT = Plant(
    "first-reply",
    dose=6.0,
    unit="times as slow",
    says="Billing answers what comes in after 15:00 many times as slowly",
    scope={"team": "Billing"},
    apply=first_reply,
)
