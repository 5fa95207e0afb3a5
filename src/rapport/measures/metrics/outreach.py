"""How often the company begins a contact, and whether it does so before the customer must."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown
from rapport.core.interval import Interval
from rapport.measures.cells import Cells
from rapport.models.clustered import mean

LEAST = 10


@metric(
    id="touches_per_customer_week",
    version=1,
    name="Contacts a week per contacted customer",
    unit="ratio",
    formula="contacts that the company began in the last 28 days / (4 × customers who got at least one)",
    inclusion="all channels and purposes, service messages included; touches that were not delivered are left out",
    missing="a touch of unknown delivery counts as delivered; customers without any contact are left out",
    least_n=LEAST,
    interval="Student's t over customers, 95 %",
    source="contact pressure over all channels",
    inputs={"load": Breakdown("recent_touches", "touches_per_week")},
)
def touches_per_customer_week(load: Cells, facts: Facts) -> Interval | None:
    """Return how often a contacted customer hears from the company in a week."""
    return mean(load.total, binary=False) if load.total.g >= LEAST else None


@metric(
    id="proactive_share",
    version=1,
    name="Contacts begun by the company before it must",
    unit="share",
    formula="useful contacts begun by the company / (those + contacts begun by customers)",
    inclusion="useful: onboarding, check-in, renewal, service, reward; customers': tickets they opened and "
    "conversations that begin with their message",
    missing="touches without a purpose are not counted; without tickets and messages it is not known",
    least_n=LEAST,
    interval="Wilson at the effective size, customers kept together, 95 %",
    source="Rapport; promotions, surveys and win-back offers are no service",
    inputs={"contacts": Breakdown("who_begins", "by_company", by=(("month",),))},
    higher_is_better=True,
    trend_input="contacts",
    needs=("touches.purpose", "tickets.opened_at|messages.sent_at"),
)
def proactive_share(contacts: Cells, facts: Facts) -> Interval | None:
    """Return the share of contacts with which the company was first."""
    return mean(contacts.total, binary=True) if contacts.total.n >= LEAST else None
