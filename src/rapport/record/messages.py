"""What was said between the company and its customers."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key

MESSAGES = Table(
    "messages",
    row="something said between the two sides: e-mail, chat, call transcript, direct message",
    columns=(
        key("message_id", "the message"),
        key("conversation_id", "the thread", required=False),
        key("ticket_id", "the case", required=False),
        key("customer_id", "the customer, where known", required=False),
        event("sent_at", "when it was said"),
        fixed("direction", Type.TEXT, "from the customer or to them", choices=("inbound", "outbound")),
        fixed("author_kind", Type.TEXT, "who said it", choices=("customer", "agent", "bot")),
        fixed("author", Type.TEXT, "the author", privacy=Privacy.IDENTIFIER),
        fixed("team", Type.TEXT, "the author's team"),
        fixed("channel", Type.TEXT, "where it was said"),
        fixed("public", Type.BOOL, "whether the customer could see it; a private note is false"),
        fixed("wait_seconds", Type.NUMBER, "time on hold before it"),
        fixed("text", Type.TEXT, "the words", privacy=Privacy.WORDS),
    ),
    key=("message_id",),
)
