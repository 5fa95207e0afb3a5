"""Messages between customers and the company, where a column says who wrote and another what was answered."""

from __future__ import annotations

from typing import Final

from rapport.core.table import Type
from rapport.sources.names import quoted
from rapport.sources.terms import terms
from rapport.sources.view import TIMELY, Found, View

INBOUND: Final = ("inbound", "is inbound", "incoming", "is incoming", "from customer", "is customer", "by customer")
ANSWERED: Final = (
    *("in response to tweet id", "in reply to status id", "in reply to id", "in reply to", "in response to"),
    *("reply to id", "reply to", "parent message id", "parent id"),
)


def recognise(view: View) -> Found | None:
    """Return messages from a file that says of each one whether a customer wrote it."""
    inbound = view.find(INBOUND, (Type.BOOL, Type.COUNT))
    text = view.find(terms("messages", "text"), (Type.TEXT,))
    sent = view.find(terms("messages", "sent_at", plain=True), TIMELY)
    if inbound is None or text is None or sent is None:
        return None
    own = view.find(terms("messages", "message_id", plain=True))
    author = view.find(terms("messages", "author"))
    answered = view.find(ANSWERED)
    customers = quoted(inbound) if view.type(inbound) is Type.BOOL else f"{quoted(inbound)} = 1"
    columns: dict[str, str] = {}
    if own:
        columns["message_id"] = view.id_sql(own)
    thread = view.find(terms("messages", "conversation_id"))
    why = [f"{inbound} says which messages come from customers"]
    if thread:
        columns["conversation_id"] = view.id_sql(thread)
    elif own and answered:
        question = f"coalesce({view.id_sql(answered)}, {view.id_sql(own)})"
        columns["conversation_id"] = f"case when {customers} then {view.id_sql(own)} else {question} end"
        why.append(f"a thread is one message of a customer with the answers to it, by {answered}")
    customer = view.find(terms("messages", "customer_id"))
    if customer:
        columns["customer_id"] = view.id_sql(customer)
    elif author:
        columns["customer_id"] = f"case when {customers} then {view.id_sql(author)} end"
    columns["sent_at"] = quoted(sent)
    columns["direction"] = f"case when {customers} then 'inbound' else 'outbound' end"
    columns["author_kind"] = f"case when {customers} then 'customer' else 'agent' end"
    if author:
        columns["author"] = view.id_sql(author)
    for name in ("ticket_id", "team", "channel", "public"):
        found = view.find(terms("messages", name))
        if found and (name != "public" or view.type(found) is Type.BOOL):
            columns[name] = quoted(found)
    columns["text"] = quoted(text)
    doubts = ("whether an answer was written by a person or a machine is not said: all count as a person's",)
    return Found((view.mapping("messages", columns, why=why),), tuple(why), doubts)
