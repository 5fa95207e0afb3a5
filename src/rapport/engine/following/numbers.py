"""Lays the metrics and the scores of two audits side by side, with the interval of each difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rapport.core.canonical import rounded
from rapport.core.follow_up import Moved
from rapport.engine.following.comparable import Document, definition_changed
from rapport.models.multiplicity import benjamini_hochberg
from rapport.models.two_estimates import Estimate, difference, p_more

LEVEL = 0.05
COUNTED = "Counted, not estimated."


def metrics_moved(before: Document, after: Document) -> tuple[Moved, ...]:
    """Return every metric that either audit has a value of, in the order of the second, then the first."""
    old, new = ({(str(m["id"]), str(m["segment"])): m for m in run["metrics"]} for run in (before, after))
    defined = [{str(d["id"]): d for d in run["definitions"]} for run in (before, after)]
    found = []
    for key in dict.fromkeys([*new, *old]):
        a, b = new.get(key), old.get(key)
        if (a or {}).get("value") is None and (b or {}).get("value") is None:
            continue
        changed = definition_changed(defined[0].get(key[0]), defined[1].get(key[0]), key[1])
        found.append(_metric(key, b, a, changed))
    return _tested(found)


def _metric(key: tuple[str, str], before: Document | None, after: Document | None, changed: str) -> Moved:
    known = after or before or {}
    was, now = ((one or {}).get("value") for one in (before, after))
    one = Moved(key[0], str(known["name"]), str(known["unit"]), was, now, segment=key[1])
    if changed:
        return replace(one, reason=f"Not comparable: {changed}.")
    for name, value, side in (("first", was, before), ("second", now, after)):
        if value is None:
            return replace(one, reason=f"The {name} audit has no value. {(side or {}).get('reason', '')}".strip())
    return _apart(one, before or {}, after or {})


def scores_moved(before: Document, after: Document) -> tuple[Moved, ...]:
    """Return the score of the whole and of each category, compared where the same questions were scored."""
    one = Moved("all", "Score", "score", before["opinion"]["score"], after["opinion"]["score"])
    asked = [{str(a["id"]): a for a in run["audits"] if a["score"] is not None} for run in (before, after)]
    rows = [_score(one, before["opinion"], after["opinion"], *asked)]
    old = {str(c["id"]): c for c in before["categories"]}
    for category in after["categories"]:
        id_ = str(category["id"])
        was = old.get(id_, {"score": None, "low": None, "high": None})
        if category["score"] is None and was["score"] is None:
            continue
        own = [{k: a for k, a in scored.items() if a["category"] == id_} for scored in asked]
        rows.append(_score(Moved(id_, id_, "score", was["score"], category["score"]), was, category, *own))
    return _tested(rows)


def _score(
    one: Moved, before: Document, after: Document, old: Mapping[str, Document], new: Mapping[str, Document]
) -> Moved:
    if one.before is None or one.after is None:
        return replace(one, reason=f"The {'first' if one.before is None else 'second'} audit has no score here.")
    changed = sorted(k for k in old.keys() & new.keys() if old[k].get("frozen_hash") != new[k].get("frozen_hash"))
    other = sorted(old.keys() ^ new.keys())
    if other or changed:
        why = "other questions were scored" if other else "the criterion changed"
        return replace(one, reason=f"Not comparable: {why} ({', '.join(other or changed)}).")
    return _apart(one, before, after)


def _apart(one: Moved, before: Document, after: Document) -> Moved:
    """Return the difference; without limits on both sides it is counted, not tested."""
    was, now = _estimate(before), _estimate(after)
    value = float(one.after or 0.0) - float(one.before or 0.0)
    if was is None or now is None:
        return replace(one, change=rounded(value), reason=COUNTED)
    d = difference(now, was)
    return replace(one, change=rounded(d.value), low=rounded(d.low), high=rounded(d.high))


def _estimate(one: Document) -> Estimate | None:
    value, low, high = one.get("value", one.get("score")), one["low"], one["high"]
    if value is None or low is None or high is None or low == high:
        return None
    return Estimate(value, low, high)


def _tested(rows: list[Moved]) -> tuple[Moved, ...]:
    """Return the rows with two-sided q-values over all of them that have an interval."""
    p = [_p(row) for row in rows]
    q = iter(benjamini_hochberg([v for v in p if v is not None]) if any(v is not None for v in p) else ())
    return tuple(
        row if value is None else replace(row, q_value=rounded(one := float(next(q))), moved=one <= LEVEL)
        for row, value in zip(rows, p, strict=True)
    )


def _p(row: Moved) -> float | None:
    if row.change is None or row.low is None or row.high is None:
        return None
    one = Estimate(row.change, row.low, row.high)
    return min(1.0, 2 * min(p_more(one), p_more(-one)))
