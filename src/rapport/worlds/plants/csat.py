"""One moment of the journey satisfies less than it did."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def csat(levers: Levers, dose: float) -> None:
    """Lower the satisfaction score after deliveries by `dose` of five in the last four months."""
    levers.scores.append(Rule(-dose, {"kind": "csat", "touchpoint": "delivery"}, since=levers.ago(4)))


PLANT = Plant(
    "csat",
    dose=0.8,
    unit="points of five",
    says="satisfaction with deliveries falls in the last four months",
    scope={"touchpoint": "delivery"},
    apply=csat,
)
