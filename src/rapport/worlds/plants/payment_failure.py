"""One payment provider no longer tries again when a payment fails."""

from __future__ import annotations

from rapport.worlds.rules import Levers, Plant, Rule


def payment_failure(levers: Levers, plant: Plant, dose: float) -> int | None:
    """Leave a share `dose` of one provider's failed payments untried in the last eight months."""
    since = levers.ago(8)
    levers.unretried.append(Rule(dose, plant.scope, since))
    return since


SUBSCRIPTION = Plant(
    "payment-failure",
    world="subscription",
    dose=0.4,
    unit="share not tried again",
    says="failed direct debits are no longer tried again in the last eight months",
    scope={"provider": "directpay"},
    apply=payment_failure,
)
