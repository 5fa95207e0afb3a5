"""What customers say when asked, and in public."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome

FEEDBACK = Table(
    "feedback",
    row="an answer, a review, a public mention, a passage of an interview; asked and never answered: no `answered_at`",
    columns=(
        key("feedback_id", "the answer"),
        key("customer_id", "the customer, where known", required=False),
        fixed(
            "kind",
            Type.TEXT,
            "what kind of feedback",
            required=True,
            choices=("nps", "csat", "ces", "review", "social", "interview", "focus_group"),
        ),
        event("asked_at", "when it was asked", required=False),
        outcome("answered_at", Type.TIME, "when it was answered; empty: never"),
        outcome("score", Type.NUMBER, "the score; 0 is an answer", of="answered_at"),
        fixed("scale_min", Type.NUMBER, "the least score possible"),
        fixed("scale_max", Type.NUMBER, "the highest score possible"),
        outcome("text", Type.TEXT, "the words", of="answered_at", privacy=Privacy.WORDS),
        fixed("item", Type.TEXT, "the item of a questionnaire"),
        fixed("touchpoint", Type.TEXT, "the moment it is about"),
        fixed("channel", Type.TEXT, "how it was asked"),
        fixed("source", Type.TEXT, "where it was said"),
        fixed("author", Type.TEXT, "who said it", privacy=Privacy.PERSONAL),
        fixed("language", Type.TEXT, "language, as an ISO 639 code"),
        outcome("replied_at", Type.TIME, "when the company replied"),
        key("ticket_id", "the case it is about", required=False),
        key("order_id", "the order it is about", required=False),
    ),
    key=("feedback_id",),
)
