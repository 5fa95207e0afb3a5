"""The words that exports use where the record allows only a few: paid and fulfilled both mean completed."""

# ruff: noqa: E501 — one line for each meaning, as in a dictionary

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapport.record import TABLES
from rapport.sources.names import key
from rapport.sources.reading_sql import literal

MEANINGS: Final = """\
orders.status
  returned: returned, refunded, return, retourniert, erstattet, retourne, rembourse, devuelto
  cancelled: cancelled, canceled, voided, void, expired, failed, unavailable, deleted, storniert, annule, annulee, cancelado
  completed: completed, complete, paid, fulfilled, shipped, delivered, closed, done, success, succeeded, processing, invoiced, approved, activated, partially refunded, authorized, open, created, pending, abgeschlossen, bezahlt, versandt, geliefert, payee, livree, terminee, pagado, entregado, enviado
payments.status
  succeeded: succeeded, success, paid, captured, completed, true, settled, bezahlt, sale
  failed: failed, failure, declined, error, false, canceled, cancelled, uncollectible, fehlgeschlagen, echec, fallido
  refunded: refunded, refund, chargeback, disputed, erstattet, rembourse, reembolsado
messages.direction
  inbound: inbound, in, incoming, received, from customer, eingehend, entrant, entrante
  outbound: outbound, out, outgoing, sent, to customer, ausgehend, sortant, saliente
messages.author_kind
  customer: customer, user, end user, contact, lead, client, visitor, kunde, cliente
  agent: agent, admin, staff, operator, teammate, employee, support, mitarbeiter, agente
  bot: bot, system, automation, app, workflow
customers.kind
  person: person, individual, consumer, private, b2c, privat, privatkunde, particulier, particular
  organisation: organisation, organization, company, business, b2b, firma, geschaftskunde, entreprise, empresa
tickets.opened_by
  customer: customer, user, end user, requester, kunde, client
  agent: agent, admin, staff, mitarbeiter
subscriptions.end_reason
  upgrade: upgrade, upgraded
  downgrade: downgrade, downgraded
  cancelled: cancelled, canceled, cancellation requested, gekundigt, resilie, cancelado
  payment_failure: payment failure, payment failed, unpaid, past due, payment disputed
  expired: expired, ended, abgelaufen, expire, caducado
"""
"""For each column with a closed list: the allowed values, and the words that mean them."""


def _read() -> dict[tuple[str, str], dict[str, str]]:
    """Return, for each column with a closed list, what each word means."""
    meanings: dict[tuple[str, str], dict[str, str]] = {}
    for line in MEANINGS.splitlines():
        if not line.startswith(" "):
            table, _, column = line.partition(".")
            meanings[table, column] = {key(choice): choice for choice in TABLES[table].column(column).choices}
        else:
            choice, _, words = line.strip().partition(":")
            meanings[table, column] |= {key(word): choice for word in words.split(",")}
    return meanings


MEANS: Final = _read()


def choice_sql(table: str, column: str, sql: str, examples: Iterable[str]) -> str | None:
    """Return SQL that turns the words of an export into the allowed values; None where no example means one of them.

    A column that already holds only allowed values is left as it is.
    """
    allowed = TABLES[table].column(column).choices
    seen = [example.strip() for example in examples if example.strip()]
    if seen and all(example in allowed for example in seen):
        return sql
    arms: list[str] = []
    for choice in allowed:
        known = [word for word in seen if meaning(table, column, word) == choice]
        if known:
            arms.append(f"when {sql} in ({', '.join(literal(word) for word in known)}) then '{choice}'")
    return f"case {' '.join(arms)} end" if arms else None


def meaning(table: str, column: str, word: str) -> str | None:
    """Return the allowed value that a word means."""
    return MEANS.get((table, column), {}).get(key(word))
