"""The contacts that the company began."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome

TOUCHES = Table(
    "touches",
    row="a contact that the company began",
    columns=(
        key("touch_id", "the contact"),
        key("customer_id", "the customer"),
        event("sent_at", "when it was sent"),
        fixed("channel", Type.TEXT, "how it was sent"),
        fixed(
            "purpose",
            Type.TEXT,
            "what for",
            choices=("onboarding", "promotion", "check_in", "renewal", "service", "survey", "reward", "win_back"),
        ),
        fixed("campaign", Type.TEXT, "the campaign"),
        key("message_id", "the message sent", required=False),
        key("product_id", "the product offered", required=False, privacy=Privacy.OPEN),
        fixed("category", Type.TEXT, "the category offered"),
        fixed("offer_value", Type.MONEY, "what the offer is worth"),
        key("feedback_id", "the feedback it answers", required=False),
        fixed("team", Type.TEXT, "the team that sent it"),
        fixed("automated", Type.BOOL, "whether a machine sent it"),
        fixed("delivered", Type.BOOL, "whether it arrived"),
        outcome("opened_at", Type.TIME, "when it was opened, by a person or a machine"),
        outcome("clicked_at", Type.TIME, "when it was clicked"),
        outcome("replied_at", Type.TIME, "when it was answered"),
        outcome("unsubscribed_at", Type.TIME, "when the customer unsubscribed from it"),
        fixed("cost", Type.MONEY, "what it cost"),
    ),
    key=("touch_id",),
)
