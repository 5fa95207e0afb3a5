"""The accounts' life as the tables of the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import DAY, NEVER
from rapport.worlds.export import moment, money, stacked, text
from rapport.worlds.goodwill import goodwill
from rapport.worlds.outreach import Sent
from rapport.worlds.people import FIRST, LAST
from rapport.worlds.rows import consent_rows, feedback_rows, message_rows, ticket_rows, touch_rows
from rapport.worlds.rules import Tables
from rapport.worlds.streams import Ints, Streams
from rapport.worlds.subscription.accounts import ROLES
from rapport.worlds.subscription.journey import events, usage_rows
from rapport.worlds.subscription.letters import LETTERS
from rapport.worlds.subscription.life import Life, Referred
from rapport.worlds.subscription.paying import METHODS, Paid
from rapport.worlds.subscription.using import FEATURES
from rapport.worlds.winning import spend_table

CURRENCY = "EUR"
WINNING = {"search": 560.0, "referral": 240.0, "trade fair": 590.0, "partner": 570.0, "outbound": 610.0}
"""What winning an account costs by channel; keeping one costs `KEEPING` a month."""
KEEPING = 9.0
LANGUAGE = {"DE": "de", "AT": "de", "CH": "de", "NL": "nl"}
YEAR = 365 * DAY
MONTH = np.int64(2_629_800)


def tables_of(life: Life, streams: Streams) -> Tables:
    """Return the tables of the record, everything included that is still to come at the end."""
    own = life.accounts.id
    sent = [*life.sent, *_goodwill(life, streams)]
    tables = {
        "customers": _customers(life),
        "contacts": stacked(_contacts(life, part) for part in life.contacts.close()),
        "subscriptions": _subscriptions(life),
        "payments": stacked(_payments(life, place, part) for place, part in enumerate(life.contracts.paid)),
        "tickets": stacked(ticket_rows(own, part) for part in life.cases).drop_columns(["order_id"]),
        "messages": stacked(
            message_rows(own, streams, part, LETTERS, inbound) for part in life.cases for inbound in (True, False)
        ),
        "touches": stacked(touch_rows(own, part, place) for place, part in enumerate(sent)),
        "feedback": stacked(feedback_rows(own, part) for part in life.asked).drop_columns(["order_id"]),
        "usage": stacked(usage_rows(own, part) for part in life.used),
        "events": events(life, streams),
        "referrals": stacked(_referrals(own, part) for part in life.referred),
        "milestones": _milestones(life),
        "goals": _goals(life, streams),
        "consents": consent_rows(own, life.accounts.joined, life.consent),
        "spend": spend_table(streams, life.accounts.joined, life.accounts.came_by, life.edges, WINNING, KEEPING),
    }
    return {name: table.combine_chunks() for name, table in tables.items()}


def _goodwill(life: Life, streams: Streams) -> list[Sent]:
    """Return the personal words and the thanks: who works with the software on most days is thanked more often."""
    n, days = life.accounts.n, [np.unique(np.stack([part.who, part.day]), axis=1)[0] for part in life.used]
    worked = [np.bincount(who, minlength=n).astype(np.float64) for who in days]
    often = [1 - np.exp(-sum(worked[max(0, m - 3) : m], np.zeros(n)) / 25) for m in range(len(worked))]
    joined, until = life.accounts.joined, life.contracts.until
    return goodwill(streams, joined, until, often, life.accounts.base, life.edges, "Success")


def _customers(life: Life) -> pa.Table:
    accounts, consent, contracts = life.accounts, life.consent, life.contracts
    number = np.char.lower(accounts.id)
    left = contracts.until
    gone = left < life.edges[-1]
    closed = np.where(gone & (accounts.name % 10 < 3), left + 30 * DAY, NEVER)
    names = [
        f"{LAST[k % 18]} & {LAST[k // 18 % 18]} {i.title()}"
        for k, i in zip(accounts.name, accounts.industry, strict=True)
    ]
    return pa.table(
        {
            "customer_id": text(accounts.id),
            "created_at": moment(accounts.joined),
            "kind": text(np.full(accounts.n, "organisation")),
            "name": text(names),
            "email": text(np.char.add("office@", np.char.add(number, ".example.com"))),
            "country": text(accounts.country),
            "region": text(accounts.region),
            "language": text([LANGUAGE[c] for c in accounts.country]),
            "segment": text(accounts.size),
            "plan": text(
                np.array(["Solo", "Crew", "Site"])[contracts.plan], contracts.running(int(life.edges[-1]) - 1)
            ),
            "industry": text(accounts.industry),
            "acquisition_channel": text(accounts.came_by),
            "acquisition_campaign": text(accounts.campaign),
            "acquired_by": text(accounts.won_by),
            "account_owner": text([f"success-{k % 6 + 1}" for k in accounts.name.tolist()]),
            "marketing_consent": pa.array(consent.given & (consent.withdrawn == NEVER)),
            "consent_changed_at": moment(consent.withdrawn),
            "closed_at": moment(closed),
        }
    )


def _contacts(life: Life, part: dict[str, Ints]) -> dict[str, Any]:
    who, name = part["who"], part["name"]
    own = life.accounts.id[who]
    first = np.array(FIRST)[name % len(FIRST)]
    last = np.array(LAST)[name // len(FIRST) % len(LAST)]
    mail = np.char.add(np.char.add(np.char.lower(np.char.add(np.char.add(first, "."), last)), "@"), np.char.lower(own))
    key = zip(own.tolist(), part["role"].tolist(), part["generation"].tolist(), strict=True)
    return {
        "contact_id": [f"{o}-{r}{g}" for o, r, g in key],
        "customer_id": text(own),
        "name": text(np.char.add(np.char.add(first, " "), last)),
        "email": text(np.char.add(mail, ".example.com")),
        "role": text(np.array(ROLES)[part["role"]]),
        "champion": pa.array(part["champion"] == 1),
        "started_at": moment(part["started"]),
        "left_at": moment(part["left"]),
    }


def _subscriptions(life: Life) -> pa.Table:
    end = life.edges[-1]

    def rows(part: dict[str, Any]) -> dict[str, Any]:
        who, ends = part["who"], part["ends"]
        running = ends == NEVER
        joined = life.accounts.joined[who]
        step = np.where(life.contracts.annual[who], np.int64(YEAR), MONTH)
        renews = joined + ((end - joined) // step + 1) * step
        own = life.accounts.id[who]
        return {
            "period_id": [f"S{i[1:]}-{n}" for i, n in zip(own.tolist(), part["period"].tolist(), strict=True)],
            "subscription_id": [f"S{i[1:]}" for i in own.tolist()],
            "customer_id": text(own),
            "plan": text(part["plan"]),
            "mrr": money(part["mrr"]),
            "currency": text(np.full(len(who), CURRENCY)),
            "valid_from": moment(part["begins"]),
            "valid_to": moment(ends),
            "renews_at": moment(np.where(running, renews, ends)),
            "end_reason": text(part["reason"], ~running),
            "cancel_reason": text(part["said"], part["said"] != ""),
        }

    return stacked(rows(part) for part in life.contracts.close(int(end)))


def _payments(life: Life, place: int, part: Paid) -> dict[str, Any]:
    own, provider = life.accounts.id[part.who], life.contracts.provider[part.who]
    n = len(part.who)
    return {
        "payment_id": [f"P{place:03d}{w:06d}" for w in part.who.tolist()],
        "customer_id": text(own),
        "subscription_id": [f"S{i[1:]}" for i in own.tolist()],
        "due_at": moment(part.due),
        "paid_at": moment(part.at),
        "amount": money(part.amount),
        "currency": text(np.full(n, CURRENCY)),
        "status": text(np.where(part.succeeded, "succeeded", "failed")),
        "method": text([METHODS[p] for p in provider.tolist()]),
        "provider": text(provider),
    }


def _referrals(own: NDArray[Any], part: Referred) -> dict[str, Any]:
    return {
        "referral_id": [f"R{part.month:02d}{w:06d}" for w in part.who.tolist()],
        "referrer_id": text(own[part.who]),
        "at": moment(part.at),
        "converted_at": moment(part.converted),
    }


def _milestones(life: Life) -> pa.Table:
    """Return the ends of the years for which accounts have paid, those to come within a year included."""
    joined, until = life.accounts.joined, life.contracts.until
    parts = []
    for years in range(1, 5):
        due = joined + years * np.int64(YEAR)
        lies = (due >= life.edges[0]) & (due < life.edges[-1] + YEAR) & (due < until + DAY)
        who = np.flatnonzero(life.contracts.annual & lies)
        parts.append(
            {
                "milestone_id": [f"Y{years}{w:06d}" for w in who.tolist()],
                "customer_id": text(life.accounts.id[who]),
                "kind": text(np.full(who.size, "renewal")),
                "due_at": moment(due[who]),
                "value": money(12 * life.contracts.mrr[who]),
            }
        )
    return stacked(parts)


def _goals(life: Life, streams: Streams) -> pa.Table:
    """Return what accounts want to reach: it is reached with the feature that it takes, if they take it up."""
    wishes = {"invoice within a week": "invoicing", "no paper on site": "photos", "hours without chasing": "timesheets"}
    u = streams.uniform((life.accounts.n, 2), "goals/set")
    parts = []
    for number, (goal, feature) in enumerate(wishes.items()):
        who = np.flatnonzero((u[:, 0] < 0.6) & ((u[:, 1] * len(wishes)).astype(np.int64) == number))
        place = FEATURES.index(feature)
        set_at = life.accounts.joined[who] + 3 * DAY
        reached = np.maximum(life.adoption.since[who, place] + 14 * DAY, set_at + DAY)
        reached = np.where(life.adoption.takes[who, place] & (reached < life.contracts.until[who]), reached, NEVER)
        parts.append(
            {
                "goal_id": [f"G{w:06d}" for w in who.tolist()],
                "customer_id": text(life.accounts.id[who]),
                "goal": text(np.full(who.size, goal)),
                "set_at": moment(set_at),
                "due_at": moment(set_at + 90 * DAY),
                "achieved_at": moment(reached),
            }
        )
    return stacked(parts)
