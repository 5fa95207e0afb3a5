"""What the invented shop declares about itself: promises, opening hours, money, teams, and totals counted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rapport.worlds.clock import HOLIDAYS

NAME = "Lumen & Loom"

TEXT = """# What no table can say about {name}, a company that does not exist.

[company]
name = "{name}"
currency = "EUR"
as_of = "{as_of}"
timezone = "Europe/Berlin"

[calendar]
timezone = "Europe/Berlin"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat"]
working_hours = ["09:00", "18:00"]
holidays = [{holidays}]

[economics]
gross_margin = 0.42
discount_rate = 0.10
horizon_months = 24
contact_cost = 4.0
acquisition_cost = 28.0
accounts_per_month = 150

[[goal]]
id = "second-order"
text = "Six in ten customers buy a second time"
metric = "repeat_rate"
target = 0.6
by = "{goal_by}"

[[promise]]
id = "answer-one-day"
text = "We answer within one working day"
where = "contact page"
measure = "first_reply_working_hours"
target = 9
share = 0.90

[[promise]]
id = "delivery-5-days"
text = "Delivered within five days"
where = "product pages"
measure = "delivery_hours"
target = 132
share = 0.90

[[policy]]
id = "contact-ceiling"
measure = "touches_per_customer_week"
target = 3

[journey]
stages = ["purchase", "delivery", "use", "support", "renewal"]

[journey.touchpoints]
checkout = "purchase"
delivery = "delivery"
relationship = "use"
support = "support"
billing = "support"
returns = "support"

[[journey.expected]]
moment = "day-30 check-in"
purpose = "check_in"
within_days = 33

[[team]]
name = "Billing"
tickets = "assigned"
touchpoints = ["billing"]

[[team]]
name = "Shop"
tickets = "assigned"
touchpoints = ["checkout", "support"]

[[team]]
name = "Logistics"
tickets = "assigned"
touchpoints = ["delivery"]

[[team]]
name = "Returns"
tickets = "assigned"
touchpoints = ["returns"]

[[team]]
name = "Marketing"
touches = "sent"
acquisition = ["social", "search", "newsletter", "marketplace"]

[self_assessment]
nps = 30
csat = 0.93
first_reply_minutes_median = 240

[control_totals]
{totals}
"""


def declarations(end: date, years: range, totals: Mapping[str, str]) -> str:
    """Return the `rapport.toml` of the shop; `totals` are counted before anything happens to the record."""
    return filled(TEXT, NAME, end, years, totals)


def filled(text: str, name: str, end: date, years: range, totals: Mapping[str, str]) -> str:
    """Return a company's declarations with its name, the days and the totals put in."""
    return text.format(
        name=name,
        as_of=end.isoformat(),
        goal_by=date(end.year, 12, 31).isoformat(),
        holidays=", ".join(f'"{year}-{day}"' for year in years for day in HOLIDAYS),
        totals="\n".join(f"{key} = {value}" for key, value in totals.items()),
    )
