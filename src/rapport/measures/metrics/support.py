"""How long customers wait for an answer and a solution, and how often neither holds."""

from __future__ import annotations

from rapport.core.audit import metric
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Sums, Times
from rapport.core.interval import Interval
from rapport.measures.cells import Cells, TimeCells, Totals
from rapport.measures.waits import around_median, quantile
from rapport.models.clustered import mean

LEAST = 20
MINUTE, HOUR = 60.0, 3600.0
ZENDESK = 'Zendesk, "About native Support time duration metrics"; conventions of the field, 3.4'
OF_CURVE = (
    "log-log limits of the Kaplan–Meier curve (Brookmeyer & Crowley 1982), widened by the design effect of customers"
)
OPENED = "tickets opened by customers in the period; first public message by a person at or after the opening"
WAITING = (
    "without a reply: still waiting at the cut-off (censored), never zero and never left out; dated before: no reply"
)
REPLIES = ("tickets.first_reply_at|messages.sent_at",)


@metric(
    id="first_reply_minutes_median",
    version=1,
    name="First reply, median",
    unit="minutes",
    formula="Kaplan–Meier median of the time from opening to the first public reply by a person, all hours",
    inclusion=OPENED,
    missing=WAITING,
    least_n=LEAST,
    interval=OF_CURVE,
    source=ZENDESK,
    inputs={"waits": Times("replies", "wait_seconds", "answered"), "clusters": Breakdown("replies", "in_time")},
    higher_is_better=False,
    needs=REPLIES,
)
def first_reply_minutes_median(waits: TimeCells, clusters: Cells, facts: Facts) -> Interval | None:
    """Return the time by which half of the customers have an answer; none where half never get one."""
    return _enough(quantile(waits.curve(), clusters.total, 0.5, MINUTE))


@metric(
    id="first_reply_minutes_p90",
    version=1,
    name="First reply, nine of ten",
    unit="minutes",
    formula="Kaplan–Meier 90th percentile of the time from opening to the first public reply by a person, all hours",
    inclusion=OPENED,
    missing=WAITING,
    least_n=50,
    interval=OF_CURVE,
    source=ZENDESK,
    inputs={"waits": Times("replies", "wait_seconds", "answered"), "clusters": Breakdown("replies", "in_time")},
    higher_is_better=False,
    needs=REPLIES,
)
def first_reply_minutes_p90(waits: TimeCells, clusters: Cells, facts: Facts) -> Interval | None:
    """Return the time by which nine of ten customers have an answer; none where a tenth never get one."""
    return _enough(quantile(waits.curve(), clusters.total, 0.9, MINUTE), 50)


@metric(
    id="first_reply_working_minutes_median",
    version=1,
    name="First reply in working time, median",
    unit="minutes",
    formula="Kaplan–Meier median of the working time (calendar, else Mon–Fri 9–17 UTC) from opening to first reply",
    inclusion=OPENED,
    missing=WAITING,
    least_n=LEAST,
    interval=OF_CURVE,
    source=ZENDESK,
    inputs={
        "waits": Times("replies", "working_seconds", "answered"),
        "clusters": Breakdown("replies", "in_working_time"),
    },
    higher_is_better=False,
    needs=REPLIES,
)
def first_reply_working_minutes_median(waits: TimeCells, clusters: Cells, facts: Facts) -> Interval | None:
    """Return the working time by which half of the customers have an answer."""
    return _enough(quantile(waits.curve(), clusters.total, 0.5, MINUTE))


@metric(
    id="never_answered_share",
    version=1,
    name="Never answered",
    unit="share",
    formula="tickets without any public reply by a person / tickets old enough to have had one",
    inclusion="tickets opened by customers, older than the time within which 95 % of the answered ones were answered",
    missing="younger tickets are left out, answered or not",
    least_n=LEAST,
    interval="Wilson's at the effective number of tickets, clustered by customer",
    source=ZENDESK,
    inputs={"never": Breakdown("unanswered", "never", by=(("month",),))},
    higher_is_better=False,
    needs=REPLIES,
    trend_input="never",
)
def never_answered_share(never: Cells, facts: Facts) -> Interval | None:
    """Return the share of tickets that nobody ever answered."""
    return _share(never)


@metric(
    id="resolution_hours_median",
    version=1,
    name="Resolution, median",
    unit="hours",
    formula="median of the time from opening to the last solution, all hours",
    inclusion="tickets opened in the period, by customers or staff, that bear a solution at or after their opening",
    missing="open tickets are left out; the Kaplan–Meier median, which counts them as not solved yet, stands beside it",
    least_n=LEAST,
    interval="quantiles at 0.5 ± t·SE of a half (Woodruff 1952), clustered by customer",
    source=ZENDESK,
    inputs={
        "exact": Sums("resolutions", (("seconds", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY resolved_seconds)"),)),
        "times": Times("resolutions", "resolved_seconds", "resolved_seconds IS NOT NULL"),
        "clusters": Breakdown("resolutions", "in_time"),
    },
    higher_is_better=False,
    needs=("tickets.resolved_at",),
)
def resolution_hours_median(exact: Totals, times: TimeCells, clusters: Cells, facts: Facts) -> Interval | None:
    """Return the time within which half of the solved tickets were solved."""
    if exact.total["seconds"] is None:
        return None
    return _enough(around_median(float(exact.total["seconds"]) / HOUR, times.curve(), clusters.total, HOUR))


@metric(
    id="reopen_rate",
    version=1,
    name="Reopened",
    unit="share",
    formula="solved tickets that were opened again / solved tickets",
    inclusion="tickets opened in the period that were solved at least once",
    missing="tickets of which the number of reopenings is unknown are left out",
    least_n=LEAST,
    interval="Wilson's at the effective number of tickets, clustered by customer",
    source=ZENDESK,
    inputs={"reopened": Breakdown("resolutions", "reopened", by=(("month",),))},
    higher_is_better=False,
    needs=("tickets.reopens|tickets.first_resolved_at",),
    trend_input="reopened",
)
def reopen_rate(reopened: Cells, facts: Facts) -> Interval | None:
    """Return the share of solved tickets that came back."""
    return _share(reopened)


@metric(
    id="sla_met_share",
    version=1,
    name="Service level met",
    unit="share",
    formula="tickets whose service level was met, by the help desk's last word on each / tickets it speaks of",
    inclusion="all tickets opened in the period for which the help desk says whether its service level was met",
    missing="tickets without that word are left out",
    least_n=LEAST,
    interval="Wilson's at the effective number of tickets, clustered by customer",
    source="the help desk's own service level",
    inputs={"met": Breakdown("resolutions", "sla_met", by=(("month",),))},
    higher_is_better=True,
    needs=("tickets.sla_met",),
    trend_input="met",
)
def sla_met_share(met: Cells, facts: Facts) -> Interval | None:
    """Return the share of tickets that met their service level."""
    return _share(met)


def _enough(i: Interval | None, least: int = LEAST) -> Interval | None:
    return i if i is not None and i.n >= least else None


def _share(cells: Cells) -> Interval | None:
    return mean(cells.total, binary=True) if cells.total.n >= LEAST else None
