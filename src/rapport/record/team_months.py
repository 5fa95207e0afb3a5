"""How each team's month was; never a person's."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, event, fixed, key

TEAM_MONTHS = Table(
    "team_months",
    row="a team's month; never a person's",
    columns=(
        key("team", "the team", privacy=Privacy.OPEN),
        event("month", "the month", Type.DAY),
        fixed("headcount", Type.NUMBER, "people in the team"),
        fixed("leavers", Type.NUMBER, "people who left"),
        fixed("training_hours", Type.NUMBER, "hours of training"),
        fixed("engagement_score", Type.NUMBER, "the team's engagement score"),
    ),
    key=("team", "month"),
)
