"""Says whether two audits can be compared, and if not, why: a comparison that would mislead is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rapport.core.errors import ComparisonError
from rapport.core.run import SCHEMA
from rapport.core.words import day, listed

Document = Mapping[str, Any]

MOST_DAYS, MOST_SHARE = 3, 3 / 28
"""Equal numbers of calendar months differ by at most three days (28 February days and 31 of March)."""
YEAR, WHOLE_YEAR = 365.25, 350
SEASON = 15
"""Days by which two periods may lie apart from a whole number of years and still be of one season."""


def refuse(before: Document, after: Document) -> None:
    """Raise ComparisonError with every reason why the two audits cannot be compared at all."""
    reasons, todo = [*_reasons(before, after)], "compare two audits of one company over periods of one length"
    if not reasons:
        first, second = spans(before), spans(after)
        if second[1] < first[1]:
            reasons, todo = [f"the first ends on {_last(first)}, the second on {_last(second)}"], "name the older first"
        elif not _as_long(first, second):
            reasons = [
                f"the first covers {_length(first)} ({_span(first)}), the second {_length(second)} ({_span(second)})"
            ]
            todo = f"audit the second again with --since {_beginning(first, second):%Y-%m-%d}"
    if reasons:
        raise ComparisonError(f"the two audits cannot be compared: {'; '.join(reasons)}", todo=todo)


def _reasons(before: Document, after: Document) -> Iterator[str]:
    for name, one in (("first", before), ("second", after)):
        if one.get("schema") != SCHEMA:
            yield f"the {name} is of another form ({one.get('schema')}; this version reads {SCHEMA})"
            return
    told = (
        ("companies", before["company"], after["company"]),
        ("currencies", before["currency"], after["currency"]),
        ("time zones", zone(before), zone(after)),
    )
    for what, first, second in told:
        if first != second:
            yield f"they are of different {what} ({first or 'none named'}, {second or 'none named'})"
    if before.get("shared") or after.get("shared"):
        yield "a shared report leaves out what a comparison asks for: take the audits it was made from"


def zone(run: Document) -> str:
    """Return the company's time zone."""
    return str((run.get("method") or {}).get("timezone") or "UTC")


def spans(run: Document) -> tuple[date, date]:
    """Return the first day of the period and the day after its last, on the company's clock."""
    clock = ZoneInfo(zone(run))
    first, last = (
        datetime.fromisoformat(run["period"][end]).replace(tzinfo=UTC).astimezone(clock).date()
        for end in ("start", "end")
    )
    return first, last


def _as_long(first: tuple[date, date], second: tuple[date, date]) -> bool:
    days = [(one[1] - one[0]).days for one in (first, second)]
    return abs(days[0] - days[1]) <= min(MOST_DAYS, MOST_SHARE * min(days))


def _beginning(first: tuple[date, date], second: tuple[date, date]) -> date:
    """Return when a period that ends with the second would have to begin to be as long as the first."""
    if first[0].day == first[1].day == second[1].day:
        months = 12 * (first[1].year - first[0].year) + first[1].month - first[0].month
        at = 12 * second[1].year + second[1].month - 1 - months
        if second[1].day <= 28:
            return date(at // 12, at % 12 + 1, second[1].day)
    return second[1] - (first[1] - first[0])


def _length(span: tuple[date, date]) -> str:
    return f"{(span[1] - span[0]).days} days"


def _span(span: tuple[date, date]) -> str:
    return f"{day(span[0])} to {_last(span)}"


def _last(span: tuple[date, date]) -> str:
    return day(span[1] - timedelta(days=1))


def notes(before: Document, after: Document) -> list[str]:
    """Return what to bear in mind: common rows, other seasons, other sources, another version."""
    first, second = spans(before), spans(after)
    said = []
    if before["fingerprint"] == after["fingerprint"]:
        said.append("The two audits are the same: nothing can have changed.")
    elif first == second:
        said.append(
            "Both cover the same period: what differs comes from the record or the program, not from later days."
        )
    elif (common := (first[1] - second[0]).days) > 0:
        said.append(
            f"The periods have {common} of {(second[1] - second[0]).days} days in common. What lies there counts in "
            "both, so that a change shows only in part; the intervals are wider than they need be."
        )
    if (second[1] - second[0]).days < WHOLE_YEAR:
        apart = (second[1] - first[1]).days % YEAR
        if min(apart, YEAR - apart) > SEASON:
            said.append("The periods lie in different seasons: a level may have moved with the season alone.")
    said += _sources(before, after)
    versions = [str(run["engine"]["version"]) for run in (before, after)]
    if versions[0] != versions[1]:
        said.append(
            f"They were made by Rapport {versions[0]} and {versions[1]}; definitions are told apart by version."
        )
    return said


def _sources(before: Document, after: Document) -> list[str]:
    old, new = ({str(i["source"]) for i in run["inputs"]} for run in (before, after))
    said = []
    if new - old:
        said.append(f"The second audit read files that the first did not: {listed(sorted(new - old))}.")
    if old - new:
        said.append(f"The first audit read files that the second did not: {listed(sorted(old - new))}.")
    return said


def criterion_changed(before: Document, after: Document) -> str:
    """Return how the criterion of an audit changed between two of its results; empty where it is the same."""
    if before.get("frozen_hash") == after.get("frozen_hash"):
        return ""
    told = {
        "version": "its version",
        "criteria": "its criterion",
        "least_effect": "its least effect",
        "unit": "its unit",
    }
    for key, words in told.items():
        if before[key] != after[key]:
            return f"{words} changed from “{before[key]}” to “{after[key]}”"
    return declaration_changed(before, after) or "what it reads changed, or was not kept"


def definition_changed(before: Document | None, after: Document | None, segment: str = "") -> str:
    """Return how the definition of a metric changed; empty where it is the same.

    Of a metric with a value for each promise (`promise=ID` as `segment`), that promise and the working time count.
    """
    if before is None or after is None:
        return "it is defined in one of the audits only"
    if before["version"] != after["version"]:
        return f"its definition changed from version {before['version']} to {after['version']}"
    if any(before[key] != after[key] for key in ("formula", "inclusion", "missing", "unit")):
        return "its definition changed without a new version"
    return declaration_changed(before, after, segment)


def declaration_changed(before: Document, after: Document, segment: str = "") -> str:
    """Return which declaration behind an audit or a metric changed, and how; empty where none did."""
    old, new = before.get("rests_on") or {}, after.get("rests_on") or {}
    keys = sorted(old.keys() | new.keys())
    for key in [k for k in keys if k in (segment, "calendar")] if segment in keys else keys:
        if old.get(key) != new.get(key):
            return f"what was declared changed: {key.replace('_', ' ')}, {_apart(old.get(key), new.get(key))}"
    return ""


def _apart(old: Any, new: Any) -> str:
    """Return two declared values in words, of two groups of values those that differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [k for k in sorted(old.keys() | new.keys()) if old.get(k) != new.get(k)]
        return "; ".join(f"{k.replace('_', ' ')} {_said(old.get(k))} → {_said(new.get(k))}" for k in keys)
    return f"{_said(old)} → {_said(new)}"


def _said(value: Any) -> str:
    if value is None:
        return "not declared"
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_said(v)}" for k, v in value.items())
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
