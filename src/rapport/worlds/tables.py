"""The shop's life as the tables of the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from rapport.worlds.buying import LINES, PRICES, PRODUCTS, Orders
from rapport.worlds.clock import NEVER
from rapport.worlds.club import club
from rapport.worlds.export import ids, moment, money, stacked, text
from rapport.worlds.goodwill import goodwill
from rapport.worlds.life import Life
from rapport.worlds.offers import with_offers
from rapport.worlds.outreach import Sent
from rapport.worlds.plans import PLANS
from rapport.worlds.rows import consent_rows, feedback_rows, message_rows, ticket_rows, touch_rows
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Streams
from rapport.worlds.winning import spend_table
from rapport.worlds.words import SHOP

CURRENCY = "EUR"
LANGUAGE = {"DE": "de", "AT": "de", "NL": "nl"}
WINNING = {"search": 34.0, "social": 28.0, "referral": 12.0, "marketplace": 31.0, "newsletter": 9.0}
"""What winning a customer costs by channel; keeping one costs `KEEPING` a month."""
KEEPING = 0.60


def tables_of(life: Life, streams: Streams) -> Tables:
    """Return the tables of the record, everything included that is still to come at the end."""
    own = life.people.id
    sent = [*life.sent, *_goodwill(life, streams)]
    tables = {
        "customers": _customers(life),
        "orders": stacked(_orders(life, part) for part in life.orders),
        "order_lines": stacked(_lines(life, part) for part in life.orders),
        "subscriptions": _subscriptions(life),
        "tickets": stacked(ticket_rows(own, part) for part in life.cases),
        "messages": stacked(
            message_rows(own, streams, part, SHOP, way) for part in life.cases for way in (True, False)
        ),
        "touches": stacked(
            with_offers(touch_rows(own, part, place), streams, len(own), part, place) for place, part in enumerate(sent)
        ),
        "feedback": stacked(feedback_rows(own, part) for part in life.asked),
        "consents": consent_rows(own, life.people.joined, life.consent),
        "loyalty": club(life, streams),
        "spend": spend_table(streams, life.people.joined, life.people.came_by, life.edges, WINNING, KEEPING),
    }
    return {name: table.combine_chunks() for name, table in tables.items()}


def _customers(life: Life) -> pa.Table:
    people, consent = life.people, life.consent
    name = np.char.add(np.char.add(people.first, " "), people.last)
    number = np.char.replace(people.id, "C", "")
    mail = np.char.lower(np.char.add(np.char.add(people.first, "."), np.char.add(people.last, number)))
    return pa.table(
        {
            "customer_id": text(people.id),
            "created_at": moment(people.joined),
            "kind": text(np.where(people.organisation, "organisation", "person")),
            "name": text(np.where(people.organisation, np.char.add("Studio ", people.last), name)),
            "email": text(np.char.add(mail, "@example.com")),
            "country": text(people.country),
            "region": text(people.region),
            "language": text([LANGUAGE[c] for c in people.country]),
            "segment": text(np.where(people.organisation, "studio", "home")),
            "plan": text(life.plans.plan, life.plans.live & (life.plans.begins < life.edges[-1])),
            "acquisition_channel": text(people.came_by),
            "acquisition_campaign": text(people.campaign),
            "acquired_by": text(np.full(people.n, "Marketing")),
            "marketing_consent": pa.array(consent.given & (consent.withdrawn == NEVER)),
            "consent_changed_at": moment(consent.withdrawn),
            "closed_at": moment(people.closed),
        }
    )


def _goodwill(life: Life, streams: Streams) -> list[Sent]:
    """Return the personal words and the thanks: who ordered often in the last twelve months is thanked more often."""
    people, none = life.people, np.zeros(life.people.n)
    made = [(part.there & ~part.cancelled).sum(axis=1) for part in life.orders]
    often = [1 - np.exp(-sum(made[max(0, m - 12) : m], none) / 3) for m in range(len(made))]
    until = np.where(people.closed == NEVER, life.edges[-1], people.closed)
    return goodwill(streams, people.joined, until, often, people.base, life.edges, "Marketing")


def _orders(life: Life, part: Orders) -> dict[str, Any]:
    kept = part.there
    who = part.who[kept]
    back = part.returned[kept] != NEVER
    return {
        "order_id": ids("O", part.month, who, part.slot[kept]),
        "customer_id": text(life.people.id[who]),
        "ordered_at": moment(part.at[kept]),
        "amount": money(part.amount[kept]),
        "discount": money(part.discount[kept]),
        "refund_amount": money(part.amount[kept], back),
        "currency": text(np.full(len(who), CURRENCY)),
        "status": text(np.where(part.cancelled[kept], "cancelled", "returned"), back),
        "channel": text(part.channel[kept]),
        "region": text(life.people.region[who]),
        "promised_at": moment(part.promised[kept]),
        "shipped_at": moment(part.shipped[kept]),
        "delivered_at": moment(part.delivered[kept]),
        "returned_at": moment(part.returned[kept]),
    }


def _lines(life: Life, part: Orders) -> dict[str, Any]:
    kept = part.there[..., None] & (part.quantities > 0)
    line = np.broadcast_to(np.arange(LINES), kept.shape)[kept]
    who = np.broadcast_to(part.who[..., None], kept.shape)[kept]
    slot = np.broadcast_to(part.slot[..., None], kept.shape)[kept]
    order = ids("O", part.month, who, slot)
    product = part.products[kept]
    return {
        "order_line_id": [f"{o}-{n + 1}" for o, n in zip(order, line.tolist(), strict=True)],
        "order_id": order,
        "product_id": text(np.array([p[0] for p in PRODUCTS])[product]),
        "product": text(np.array([p[1] for p in PRODUCTS])[product]),
        "category": text(np.array([p[2] for p in PRODUCTS])[product]),
        "quantity": pa.array(part.quantities[kept].astype(np.float64)),
        "unit_price": money(PRICES[product]),
    }


def _subscriptions(life: Life) -> pa.Table:
    def rows(part: dict[str, Any]) -> dict[str, Any]:
        who, ends = part["who"], part["ends"]
        running = ends == NEVER
        month = np.int64(2_629_800)
        later = part["begins"] + ((life.edges[-1] - part["begins"]) // month + 1) * month
        own = life.people.id[who]
        return {
            "period_id": [f"S{i[1:]}-{n}" for i, n in zip(own.tolist(), part["period"].tolist(), strict=True)],
            "subscription_id": [f"S{i[1:]}" for i in own.tolist()],
            "customer_id": text(own),
            "plan": text(part["plan"]),
            "mrr": money([PLANS[p] for p in part["plan"]]),
            "currency": text(np.full(len(who), CURRENCY)),
            "valid_from": moment(part["begins"]),
            "valid_to": moment(ends),
            "renews_at": moment(np.where(running, later, ends)),
            "end_reason": text(part["reason"], ~running),
            "cancel_reason": text(part["said"], part["said"] != ""),
        }

    return stacked(rows(part) for part in life.plans.close(int(life.edges[-1])))
