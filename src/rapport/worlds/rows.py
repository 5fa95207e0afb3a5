"""What every company exports alike: cases, letters, contacts, answers and consents as rows of the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rapport.worlds.clock import NEVER, weekday
from rapport.worlds.desk import Cases
from rapport.worlds.export import ids, moment, stacked, text
from rapport.worlds.outreach import Consent, Sent
from rapport.worlds.streams import Ints, Streams
from rapport.worlds.voice import SCALES, Asked
from rapport.worlds.words import Book, letters

SURVEYS = ("app", "mail")


def ticket_rows(own: NDArray[Any], part: Cases) -> dict[str, Any]:
    """Return the cases of a month; `own` are the customers' ids."""
    kept = part.there
    who, slot = part.who[kept], part.slot[kept]
    team = part.team[kept]
    replied, resolved = part.replied[kept], part.resolved[kept]
    answered, solved = replied != NEVER, resolved != NEVER
    desk = weekday(part.at[kept]) % 4 + 1
    return {
        "ticket_id": ids("T", part.month, who, slot),
        "customer_id": text(own[who]),
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


def message_rows(own: NDArray[Any], streams: Streams, part: Cases, book: Book, inbound: bool) -> dict[str, Any]:
    """Return what was written in a month's cases by customers, or by the desk."""
    kept = part.there if inbound else part.there & (part.replied != NEVER)
    who, slot = part.who[kept], part.slot[kept]
    ticket = ids("T", part.month, who, slot)
    return {
        "message_id": [f"{t}-{'in' if inbound else 'out'}" for t in ticket],
        "conversation_id": ticket,
        "ticket_id": ticket,
        "customer_id": text(own[who]),
        "sent_at": moment((part.at if inbound else part.replied)[kept]),
        "direction": text(np.full(len(who), "inbound" if inbound else "outbound")),
        "author_kind": text(np.full(len(who), "customer" if inbound else "agent")),
        "team": text(part.team[kept], np.full(len(who), not inbound)),
        "channel": text(part.channel[kept]),
        "public": pa.array(np.full(len(who), True)),
        "text": letters(streams, part.month, part.topic, kept, book, inbound),
    }


def touch_rows(own: NDArray[Any], part: Sent, place: int) -> dict[str, Any]:
    """Return contacts of one kind; `place` is that of the kind among all, so that ids stay apart."""
    n = len(part.who)
    return {
        "touch_id": [f"M{place:03d}{w:06d}" for w in part.who.tolist()],
        "customer_id": text(own[part.who]),
        "sent_at": moment(part.at),
        "channel": text(np.full(n, "email")),
        "purpose": text(np.full(n, part.purpose)),
        "campaign": text(part.campaign),
        "team": text(np.full(n, part.team)),
        "automated": pa.array(np.full(n, part.automated)),
        "delivered": pa.array(np.full(n, True)),
        "opened_at": moment(part.opened),
        "clicked_at": moment(part.clicked),
    }


def feedback_rows(own: NDArray[Any], part: Asked) -> dict[str, Any]:
    """Return the questions of one kind of a month, and the answers."""
    n = len(part.who)
    answered = part.answered != NEVER
    low, high = SCALES[part.kind]
    letter = {"nps": "N", "csat": "F", "ces": "E"}[part.kind] + part.about[:1].upper()
    about = {kind: np.full(n, part.about == kind) for kind in ("case", "order")}
    return {
        "feedback_id": ids(letter, part.month, part.who, part.slot),
        "customer_id": text(own[part.who]),
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


def consent_rows(own: NDArray[Any], joined: Ints, consent: Consent) -> pa.Table:
    """Return the consents given when joining and those taken back."""

    def rows(who: Any, at: Any, granted: bool) -> dict[str, Any]:
        n = len(who)
        return {
            "consent_id": [f"A{w:06d}{int(granted)}" for w in who.tolist()],
            "customer_id": text(own[who]),
            "at": moment(at),
            "purpose": text(np.full(n, "marketing")),
            "channel": text(np.full(n, "email")),
            "granted": pa.array(np.full(n, granted)),
            "source": text(np.full(n, "checkout" if granted else "preference centre")),
        }

    given, back = np.flatnonzero(consent.given), np.flatnonzero(consent.withdrawn != NEVER)
    return stacked([rows(given, joined[given], True), rows(back, consent.withdrawn[back], False)])
