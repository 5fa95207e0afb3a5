"""What Plumbline declares about itself: promises, opening hours, money, teams, and totals counted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rapport.worlds.declared import filled

NAME = "Plumbline"

TEXT = """# What no table can say about {name}, a company that does not exist.

[company]
name = "{name}"
currency = "EUR"
as_of = "{as_of}"
timezone = "Europe/Berlin"

[calendar]
timezone = "Europe/Berlin"
working_days = ["mon", "tue", "wed", "thu", "fri"]
working_hours = ["09:00", "18:00"]
holidays = [{holidays}]

[economics]
gross_margin = 0.78
discount_rate = 0.10
horizon_months = 24
contact_cost = 12.0
acquisition_cost = 640.0
accounts_per_month = 120

[[goal]]
id = "net-revenue-retention"
text = "Accounts grow by more than others take away"
metric = "net_revenue_retention"
target = 1.0
by = "{goal_by}"

[[promise]]
id = "answer-one-day"
text = "We answer within one working day"
where = "plans page"
measure = "first_reply_working_hours"
target = 9
share = 0.90

[[policy]]
id = "contact-ceiling"
measure = "touches_per_customer_week"
target = 2

[journey]
stages = ["purchase", "onboarding", "use", "support", "renewal"]

[journey.touchpoints]
onboarding = "onboarding"
app = "use"
relationship = "use"
support = "support"
integration = "support"
billing = "renewal"

[[journey.expected]]
moment = "day-30 check-in"
purpose = "check_in"
within_days = 33

[[team]]
name = "Accounts"
tickets = "assigned"
touchpoints = ["billing"]

[[team]]
name = "Helpline"
tickets = "assigned"
touchpoints = ["support"]

[[team]]
name = "Engineering"
tickets = "assigned"
touchpoints = ["integration", "app"]

[[team]]
name = "Success"
touches = "sent"
touchpoints = ["onboarding", "relationship"]

[[team]]
name = "Marketing"
touches = "sent"
acquisition = ["search", "trade fair", "partner", "outbound"]

[self_assessment]
nps = 35
csat = 0.92
first_reply_minutes_median = 240

[control_totals]
{totals}
"""


def declarations(end: date, years: range, totals: Mapping[str, str]) -> str:
    """Return the `rapport.toml` of the company; `totals` are counted before anything happens to the record."""
    return filled(TEXT, NAME, end, years, totals)
