"""Who the customers are."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key, outcome, state

CUSTOMERS = Table(
    "customers",
    row="a customer",
    columns=(
        key("customer_id", "the id by which every other table names the customer"),
        event("created_at", "when the customer became one", required=False),
        fixed("kind", Type.TEXT, "a person or an organisation", choices=("person", "organisation")),
        fixed("name", Type.TEXT, "the customer's name", privacy=Privacy.PERSONAL),
        fixed("email", Type.TEXT, "e-mail address", privacy=Privacy.PERSONAL),
        fixed("phone", Type.TEXT, "telephone number", privacy=Privacy.PERSONAL),
        fixed("country", Type.TEXT, "country"),
        fixed("region", Type.TEXT, "region within the country or the market"),
        fixed("city", Type.TEXT, "city", privacy=Privacy.PERSONAL),
        fixed("language", Type.TEXT, "language, as an ISO 639 code"),
        state("segment", Type.TEXT, "the company's own segment today"),
        state("plan", Type.TEXT, "the plan today"),
        fixed("industry", Type.TEXT, "industry of an organisation"),
        fixed("acquisition_channel", Type.TEXT, "the channel through which the customer came"),
        fixed("acquisition_campaign", Type.TEXT, "the campaign through which the customer came"),
        fixed("acquired_by", Type.TEXT, "the team or person that won the customer", privacy=Privacy.IDENTIFIER),
        state("account_owner", Type.TEXT, "who looks after the account today", privacy=Privacy.IDENTIFIER),
        state("marketing_consent", Type.BOOL, "whether the customer agrees to marketing today"),
        outcome("consent_changed_at", Type.TIME, "when that consent last changed"),
        outcome("closed_at", Type.TIME, "when the account was closed"),
    ),
    key=("customer_id",),
)
