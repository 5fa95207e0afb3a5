"""Some letters in one channel are lost."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def unanswered(levers: Levers, dose: float) -> None:
    """Drop a share `dose` of what comes in by chat."""
    levers.dropped.append(Rule(dose, {"channel": "chat"}))


PLANT = Plant(
    "unanswered",
    dose=0.03,
    unit="share dropped",
    says="some chats are dropped and never answered",
    scope={"channel": "chat"},
    apply=unanswered,
)
