"""The customer record: the canonical tables that every part of Rapport reads."""

from __future__ import annotations

from rapport.core.table import Table
from rapport.record.calendar import CALENDAR
from rapport.record.consents import CONSENTS
from rapport.record.contacts import CONTACTS
from rapport.record.customers import CUSTOMERS
from rapport.record.deals import DEALS
from rapport.record.events import EVENTS
from rapport.record.feedback import FEEDBACK
from rapport.record.goals import GOALS
from rapport.record.loyalty import LOYALTY
from rapport.record.messages import MESSAGES
from rapport.record.milestones import MILESTONES
from rapport.record.order_lines import ORDER_LINES
from rapport.record.orders import ORDERS
from rapport.record.payments import PAYMENTS
from rapport.record.referrals import REFERRALS
from rapport.record.spend import SPEND
from rapport.record.subscriptions import SUBSCRIPTIONS
from rapport.record.tasks import TASKS
from rapport.record.team_months import TEAM_MONTHS
from rapport.record.tickets import TICKETS
from rapport.record.touches import TOUCHES
from rapport.record.usage import USAGE

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CUSTOMERS,
        CONTACTS,
        ORDERS,
        ORDER_LINES,
        SUBSCRIPTIONS,
        PAYMENTS,
        TICKETS,
        MESSAGES,
        TOUCHES,
        FEEDBACK,
        USAGE,
        EVENTS,
        REFERRALS,
        LOYALTY,
        MILESTONES,
        DEALS,
        CONSENTS,
        TASKS,
        SPEND,
        TEAM_MONTHS,
        GOALS,
    )
}

READABLE: dict[str, Table] = {**TABLES, CALENDAR.name: CALENDAR}
"""What a measure may read: the record, and the calendar made from what was declared."""

__all__ = ["READABLE", "TABLES"]
