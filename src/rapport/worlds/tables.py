"""The shop's life as the tables of the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from rapport.worlds.buying import LINES, PRICES, PRODUCTS, Orders
from rapport.worlds.clock import NEVER, weekday
from rapport.worlds.desk import Cases
from rapport.worlds.export import ids, moment, money, stacked, text
from rapport.worlds.life import Life
from rapport.worlds.outreach import Sent
from rapport.worlds.plans import PLANS
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Streams
from rapport.worlds.voice import SCALES, Asked
from rapport.worlds.words import letters

CURRENCY = "EUR"
LANGUAGE = {"DE": "de", "AT": "de", "NL": "nl"}
SURVEYS = ("app", "mail")


def tables_of(life: Life, streams: Streams) -> Tables:
    """Return the tables of the record, everything included that is still to come at the end."""
    tables = {
        "customers": _customers(life),
        "orders": stacked(_orders(life, part) for part in life.orders),
        "order_lines": stacked(_lines(life, part) for part in life.orders),
        "subscriptions": _subscriptions(life),
        "tickets": stacked(_tickets(life, part) for part in life.cases),
        "messages": stacked(_messages(life, streams, part, way) for part in life.cases for way in (True, False)),
        "touches": stacked(_touches(life, part, place) for place, part in enumerate(life.sent)),
        "feedback": stacked(_feedback(life, part) for part in life.asked),
        "consents": _consents(life),
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
            "marketing_consent": pa.array(consent.given & (consent.withdrawn == NEVER)),
            "consent_changed_at": moment(consent.withdrawn),
            "closed_at": moment(people.closed),
        }
    )


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


def _tickets(life: Life, part: Cases) -> dict[str, Any]:
    kept = part.there
    who, slot = part.who[kept], part.slot[kept]
    team = part.team[kept]
    replied, resolved = part.replied[kept], part.resolved[kept]
    answered, solved = replied != NEVER, resolved != NEVER
    desk = weekday(part.at[kept]) % 4 + 1
    return {
        "ticket_id": ids("T", part.month, who, slot),
        "customer_id": text(life.people.id[who]),
        "order_id": text(ids("O", part.month, who, slot), part.order[kept]),
        "opened_at": moment(part.at[kept]),
        "opened_by": text(np.full(len(who), "customer")),
        "channel": text(part.channel[kept]),
        "topic": text(part.topic[kept]),
        "priority": text(part.priority[kept]),
        "team": text(team),
        "assignee": text([f"{t.lower()}-{n}" for t, n in zip(team.tolist(), desk.tolist(), strict=True)], answered),
        "first_handled_at": moment(replied),
        "first_reply_at": moment(replied),
        "first_resolved_at": moment(part.first_resolved[kept]),
        "resolved_at": moment(resolved),
        "reopens": pa.array(part.reopens[kept], pa.int64(), mask=~solved),
        "handoffs": pa.array(part.handoffs[kept], pa.int64(), mask=~solved),
        "status": text(np.full(len(who), "solved"), solved),
    }


def _messages(life: Life, streams: Streams, part: Cases, inbound: bool) -> dict[str, Any]:
    kept = part.there if inbound else part.there & (part.replied != NEVER)
    who, slot = part.who[kept], part.slot[kept]
    ticket = ids("T", part.month, who, slot)
    return {
        "message_id": [f"{t}-{'in' if inbound else 'out'}" for t in ticket],
        "conversation_id": ticket,
        "ticket_id": ticket,
        "customer_id": text(life.people.id[who]),
        "sent_at": moment((part.at if inbound else part.replied)[kept]),
        "direction": text(np.full(len(who), "inbound" if inbound else "outbound")),
        "author_kind": text(np.full(len(who), "customer" if inbound else "agent")),
        "team": text(part.team[kept], np.full(len(who), not inbound)),
        "channel": text(part.channel[kept]),
        "public": pa.array(np.full(len(who), True)),
        "text": letters(streams, part.month, part.topic, kept, inbound),
    }


def _touches(life: Life, part: Sent, place: int) -> dict[str, Any]:
    n = len(part.who)
    return {
        "touch_id": [f"M{place:03d}{w:06d}" for w in part.who.tolist()],
        "customer_id": text(life.people.id[part.who]),
        "sent_at": moment(part.at),
        "channel": text(np.full(n, "email")),
        "purpose": text(np.full(n, part.purpose)),
        "campaign": text(part.campaign),
        "team": text(np.full(n, "Marketing")),
        "automated": pa.array(np.full(n, True)),
        "delivered": pa.array(np.full(n, True)),
        "opened_at": moment(part.opened),
        "clicked_at": moment(part.clicked),
    }


def _feedback(life: Life, part: Asked) -> dict[str, Any]:
    n = len(part.who)
    answered = part.answered != NEVER
    low, high = SCALES[part.kind]
    letter = {"nps": "N", "csat": "F", "ces": "E"}[part.kind] + part.about[:1].upper()
    about = {kind: np.full(n, part.about == kind) for kind in ("case", "order")}
    return {
        "feedback_id": ids(letter, part.month, part.who, part.slot),
        "customer_id": text(life.people.id[part.who]),
        "kind": text(np.full(n, part.kind)),
        "asked_at": moment(part.at),
        "answered_at": moment(part.answered),
        "score": pa.array(part.score, pa.float64(), mask=~answered),
        "scale_min": pa.array(np.full(n, float(low))),
        "scale_max": pa.array(np.full(n, float(high))),
        "touchpoint": text(part.touchpoint),
        "channel": text(np.full(n, "email")),
        "source": text(np.array(SURVEYS)[(part.who % 10 >= 3).astype(np.int64)]),
        "ticket_id": text(ids("T", part.month, part.who, part.slot), about["case"]),
        "order_id": text(ids("O", part.month, part.who, part.slot), about["order"]),
    }


def _consents(life: Life) -> pa.Table:
    def rows(who: Any, at: Any, granted: bool) -> dict[str, Any]:
        n = len(who)
        return {
            "consent_id": [f"A{w:06d}{int(granted)}" for w in who.tolist()],
            "customer_id": text(life.people.id[who]),
            "at": moment(at),
            "purpose": text(np.full(n, "marketing")),
            "channel": text(np.full(n, "email")),
            "granted": pa.array(np.full(n, granted)),
            "source": text(np.full(n, "checkout" if granted else "preference centre")),
        }

    given, back = np.flatnonzero(life.consent.given), np.flatnonzero(life.consent.withdrawn != NEVER)
    return stacked([rows(given, life.people.joined[given], True), rows(back, life.consent.withdrawn[back], False)])
