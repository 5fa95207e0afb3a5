"""Sets the help desks' own ways of counting side by side: the same tickets, as Zendesk and as Intercom count them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.core.comparison import Comparison
from rapport.core.declarations import Facts
from rapport.core.inputs import Breakdown, Input, Sums, Times
from rapport.core.interval import Interval
from rapport.core.words import duration, grouped
from rapport.measures.cells import Cells, Totals
from rapport.measures.waits import around_median, quantile

LEAST = 20
MINUTE, HOUR = 60.0, 3600.0
TABLE = "reply_conventions"


def _median(column: str) -> str:
    return f"PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {column})"


def _timed(measure: str, *names: str) -> dict[str, Input]:
    """Return for each definition the exact median of its tickets, and their times for the interval."""
    found: dict[str, Input] = {}
    for name in names:
        column = f"{name}_seconds"
        found[f"{name}_median"] = Sums(measure, (("seconds", _median(column)),))
        found[name] = Times(measure, column, f"{column} IS NOT NULL")
    return found


def _kinds(zendesk: str, intercom: str) -> Sums:
    """Return the question how many tickets each definition counts otherwise, and how long these took."""
    return Sums(
        TABLE, (("n", "COUNT(*)"), ("zendesk", _median(zendesk)), ("intercom", _median(intercom))), by=(("why",),)
    )


REPLY = {
    "zendesk": "from the opening to the first public comment by a person; of tickets that a person of the company "
    "opened, to the second; robots and private notes do not count; tickets without a reply have no value",
    "intercom": "from the customer's first words to the first visible reply by a person after them; conversations "
    "closed without a reply, or in which the customer never wrote, are left out",
    "intercom_office": "the same, counted within office hours only",
    "kaplan_meier": "from the opening by the customer to the first public reply by a person; tickets without a reply "
    "count as still waiting",
    "anything": "to the first outbound word of any kind, robots and private notes included: the mistake to avoid",
}
RESOLUTION = {
    "resolved": "from the opening to the last solution; open tickets are left out",
    "kaplan_meier": "the same; open tickets count as not solved yet",
    "zendesk_first_resolution": "from the opening to the first solution, whether or not it held",
    "zendesk_full_resolution": "from the opening to the last solution; none while the ticket is open again",
    "intercom_close": "from the customer's first words to the last close, of conversations with a reply",
}
NAMES = {
    "zendesk": "Zendesk: first reply time",
    "intercom": "Intercom: first response time",
    "intercom_office": "Intercom: within office hours",
    "kaplan_meier": "With those still waiting",
    "anything": "Anything that was sent",
    "resolved": "Solved tickets",
    "zendesk_first_resolution": "Zendesk: first resolution time",
    "zendesk_full_resolution": "Zendesk: full resolution time",
    "intercom_close": "Intercom: time to close",
}
WHY = {
    "opened by an agent": "Zendesk counts the second public comment, Intercom from the customer's first words on",
    "closed without a reply": "Zendesk shows them without a value, Intercom leaves them out; both look faster for it",
    "not answered yet": "neither has a value yet; a median over the others does not know that these wait",
    "a robot spoke first": "neither counts the robot; a count of anything sent would",
    "a private note came first": "neither counts the note; a count of anything sent would",
}


REPLIES = ("zendesk", "intercom", "intercom_office", "anything")
SOLUTIONS = ("zendesk_first_resolution", "zendesk_full_resolution", "intercom_close")


def first_reply(answers: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    """Return the first reply as Zendesk and as Intercom count it, and with those who still wait."""
    clusters: Cells = answers["clusters"]
    found = {name: _exact(answers, name, clusters, MINUTE) for name in REPLIES}
    if found["anything"] is not None and found["zendesk"] is not None and found["anything"] == found["zendesk"]:
        found["anything"] = None
    found["kaplan_meier"] = quantile(answers["waits"].curve(), clusters.total, unit=MINUTE)
    return _compared(FIRST_REPLY, "minutes", found, REPLY, answers["why"])


def resolution(answers: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    """Return the resolution time of solved tickets, with open ones, and as Zendesk and Intercom count it."""
    clusters: Cells = answers["clusters"]
    found = {
        "resolved": _exact(answers, "resolved", clusters, HOUR),
        "kaplan_meier": quantile(answers["full"].curve(), clusters.total, unit=HOUR),
    }
    found |= {name: _exact(answers, name, clusters, HOUR) for name in SOLUTIONS}
    return _compared(RESOLUTION_TIME, "hours", found, RESOLUTION, answers["why"])


FIRST_REPLY = Comparison(
    "first-reply",
    "First reply under several definitions",
    {
        **_timed(TABLE, *REPLIES),
        "waits": Times("replies", "wait_seconds", "answered"),
        "clusters": Breakdown("replies", "in_time"),
        "why": _kinds("zendesk_seconds", "intercom_seconds"),
    },
    first_reply,
    needs=("tickets.first_reply_at|messages.sent_at",),
    optional=frozenset({*_timed(TABLE, *REPLIES), "why"}),
)
RESOLUTION_TIME = Comparison(
    "resolution",
    "Resolution under several definitions",
    {
        **_timed("resolutions", "resolved"),
        **_timed(TABLE, *SOLUTIONS),
        "full": Times("resolutions", "full_seconds", "full_ended"),
        "clusters": Breakdown("resolutions", "in_time"),
        "why": _kinds("zendesk_full_resolution_seconds", "intercom_close_seconds"),
    },
    resolution,
    needs=("tickets.resolved_at",),
    optional=frozenset({*_timed(TABLE, *SOLUTIONS), "why"}),
)
COMPARISONS: tuple[Comparison, ...] = (FIRST_REPLY, RESOLUTION_TIME)


def _exact(answers: Mapping[str, Any], name: str, clusters: Cells, unit: float) -> Interval | None:
    """Return the median of one definition's tickets with its interval; None for too few."""
    median, times = answers[f"{name}_median"], answers[name]
    curve = times.curve() if times is not None else None
    if median is None or median.total["seconds"] is None or curve is None or curve.n < LEAST:
        return None
    return around_median(float(median.total["seconds"]) / unit, curve, clusters.total, unit)


def _value(name: str, rule: str, i: Interval) -> Mapping[str, Any]:
    return {
        "id": name,
        "name": NAMES[name],
        "value": i.value,
        "low": i.low,
        "high": i.high,
        "n": i.n,
        "rule": rule[:1].upper() + rule[1:] + ".",
    }


def _compared(
    what: Comparison, unit: str, found: Mapping[str, Interval | None], rules: Mapping[str, str], why: Totals | None
) -> Mapping[str, Any] | None:
    """Return one comparison with the tickets that explain the difference."""
    values = [_value(name, rules[name], i) for name, i in found.items() if i is not None]
    if len(values) < 2:
        return None
    kinds = {scope["why"]: row for scope, row in why.along("why")} if why is not None else {}
    differences = [
        {
            "why": kind,
            "n": int(kinds[kind]["n"]),
            "zendesk_seconds": _seconds(kinds[kind]["zendesk"]),
            "intercom_seconds": _seconds(kinds[kind]["intercom"]),
            "text": text,
        }
        for kind, text in WHY.items()
        if kind in kinds
    ]
    told = [
        f"{_were(int(kinds[k]['n']))} {_kind(k, kinds[k]['zendesk'])}: {text}." for k, text in WHY.items() if k in kinds
    ]
    total = sum(int(row["n"]) for row in kinds.values())
    head = f"The same {grouped(total)} tickets under each definition, medians." if total else "Medians."
    return {
        "id": what.id,
        "name": what.name,
        "unit": unit,
        "text": " ".join([head, *told]),
        "values": values,
        "differences": differences,
    }


def _were(n: int) -> str:
    return f"{grouped(n)} {'was' if n == 1 else 'were'}"


def _seconds(value: Any) -> float | None:
    return None if value is None else float(value)


def _kind(kind: str, zendesk: float | None) -> str:
    """Return a category as it stands after "were", with the median wait where there is one."""
    words = {
        "a robot spoke first": "first answered by a robot",
        "a private note came first": "first met with a private note",
    }
    said = words.get(kind, kind)
    return said if zendesk is None else f"{said} (median {duration(float(zendesk))} as Zendesk counts)"
