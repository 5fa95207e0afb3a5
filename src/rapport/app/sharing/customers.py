"""Takes over from what an audit says of customers what is about many of them; never what is about one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapport.app.sharing.groups import LEAST, LEAST_FOR_MONEY, small

Entry = Mapping[str, Any]
LEAST_FOR_TENTHS = LEAST * LEAST
"""Customers of whom a tenth is shown: of fewer, the tenth would be a few."""
HEALTH = ("version", "customers", "coverage", "half_width")
BACKTEST = (
    *("kind", "horizon_days", "origins", "seasons", "rows", "customers", "leavers", "base", "capacity_share"),
    *("auc", "auc_baselines", "auc_above_recency", "lift", "lift_recency", "lift_above_recency"),
    *("precision", "precision_recency", "recall"),
)
MODEL = (
    *("name", "target", "chosen", "n", "log_likelihood", "note", "independent_of_frequency", "leaving_seen"),
    *("customers", "mean_risk", "leavers", "leavers_needed", "bands_rest_on", "no_colours", "strength"),
)
SILENCE = (
    *("horizon_days", "moments", "watched", "gone", "flagged", "learned", "recall", "precision"),
    *("three_gaps", "recency", "lead_days_median", "lead_gaps_median", "silent_days_median"),
)
PARAMETERS = frozenset({"r", "alpha", "a", "b", "s", "beta", "p", "q", "gamma", "first_rate", "settling_time"})
"""Of models of purchases; those of leaving are named after the company's plans."""
HELD = ("name", "origin", "horizon_days", "customers", "actual", "foretold", "low", "high", "deviance", "lost")
MONEY = ("money", "value", "value_low", "value_high", "value_at_risk")
GROUP = ("name", "customers", "money", "value", "value_at_risk", "risk", "risk_of", "health", "health_of")
DOMAIN = ("id", "points", "coverage", "p10", "p50", "p90")
SIGN = ("id", "meaning", "points", "half_known", "known")
ACTION = ("action", "customers", "now", "held_back", "value", "value_low", "value_high", "effect", "contacts")
TRAIT = ("trait", "value", "share_with", "share_without", "difference", "low", "high", "q_value", "n")


def customers_shared(run: Entry) -> dict[str, Any]:
    """Return `health`, `segments`, `models` and `customers` of a shared document: no list of customers is among them.

    Whatever a later version adds stays out until it is named here.
    """
    said = run["customers"] if isinstance(run["customers"], Mapping) else {}
    segments = _groups(run["segments"])
    shown = {"segments": segments, "health": _health(run["health"]), "models": [_model(m) for m in run["models"]]}
    rest = {
        "tiers": _groups(said.get("tiers") or ()),
        "migration": _migration(said.get("migration") or {}, segments),
        "in_common": [_only(t, TRAIT) for t in said.get("in_common") or () if t["n"] >= LEAST],
        "actions": _actions(said.get("actions") or {}),
        "next_products": _wants(said.get("next_products") or {}),
        "silence": _silence(said.get("silence") or {}),
    }
    return {**shown, "customers": {key: value for key, value in rest.items() if value}}


def hidden_parts(counts: Sequence[float], least: int) -> set[int]:
    """Return which parts of a whole are not shown: the small ones, and more until what is hidden is no small group.

    The whole may be known from elsewhere: what is left of it beside the parts that are shown must not be a few.
    """
    order = sorted((i for i, n in enumerate(counts) if n > 0), key=lambda i: (counts[i], i))
    found = {i for i in order if counts[i] < least}
    for i in order:
        if not found or sum(counts[j] for j in found) >= least:
            break
        found.add(i)
    return found


def _only(one: Entry, keys: Iterable[str]) -> dict[str, Any]:
    return {key: one[key] for key in keys if key in one}


def _unpriced(one: Entry) -> dict[str, Any]:
    """Return the amounts of a group as unknown."""
    return {key: None for key in MONEY if key in one}


def _health(health: Entry) -> dict[str, Any]:
    if not health.get("distribution") or small(health["customers"]):
        return {"backtest": _backtest(health)} if _backtest(health) else {}
    n = health["customers"]
    profiles = health.get("profiles") or {}
    few = hidden_parts([*profiles.values()], LEAST)
    kept = {name: 0 if i in few else number for i, (name, number) in enumerate(profiles.items())}
    return {
        **_only(health, HEALTH),
        "profiles": kept if any(kept.values()) else dict.fromkeys(profiles, 0),
        "domains": [_domain(d, n) for d in health["domains"]],
        "distribution": _merged(health["distribution"]),
        "backtest": _backtest(health),
    }


def _domain(domain: Entry, n: int) -> dict[str, Any]:
    """Return a domain: of few customers without its tenths, and no share that counts a few."""
    signs = [
        {**_only(one, SIGN), "known": None if _counts_few(one["known"], n) else one["known"]}
        for one in domain["indicators"]
    ]
    tenths = {} if n >= LEAST_FOR_TENTHS else dict.fromkeys(("p10", "p50", "p90"))
    return {**_only(domain, DOMAIN), "indicators": signs, **tenths}


def _counts_few(share: float, n: int) -> bool:
    return small(round(share * n)) or small(n - round(share * n))


def _merged(bins: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the spread of the scores with bins of a few joined to the next, from the outside inwards."""
    found = [dict(b) for b in bins]
    while any(small(b["customers"]) for b in found) and len(found) > 1:
        at = min((i for i, b in enumerate(found) if small(b["customers"])), key=lambda i: found[i]["customers"])
        there = [i for i in (at - 1, at + 1) if 0 <= i < len(found)]
        other = max(there, key=lambda i: found[i]["customers"])
        left, right = sorted((at, other))
        both = found[left]["customers"] + found[right]["customers"]
        found[left : right + 1] = [{"from": found[left]["from"], "to": found[right]["to"], "customers": both}]
    return found


def _backtest(health: Entry) -> dict[str, Any]:
    kinds = [_tested(k) for k in (health.get("backtest") or {}).get("kinds") or () if k["leavers"] >= LEAST]
    return {"kinds": kinds} if kinds else {}


def _tested(kind: Entry) -> dict[str, Any]:
    """Return the test of one kind of customers; parts of it that are about a few say nothing."""
    calibration, lead, missed = kind["calibration"], kind["lead"], kind["missed"]
    counted = {key: None if small(calibration[key]) else calibration[key] for key in ("treated", "held_back")}
    bins = [] if any(b["observed"]["n"] < LEAST for b in calibration["bins"]) else list(calibration["bins"])
    few = small(missed["customers"]) or small(missed["of"] - missed["customers"])
    showed = [s for s in missed["showed"] if s["share"] * missed["customers"] >= LEAST]
    return {
        **_only(kind, BACKTEST),
        "calibration": {**_only(calibration, ("on", "foretold", "observed")), **counted, "bins": bins},
        "lead": None if lead["leavers_flagged"] < LEAST else dict(lead),
        "missed": None if few else {"customers": missed["customers"], "of": missed["of"], "showed": showed},
    }


def _groups(groups: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return segments or tiers of ten customers and more; amounts only where they are of a hundred."""
    counts = [g["customers"] for g in groups]
    few, poor = hidden_parts(counts, LEAST), hidden_parts(counts, LEAST_FOR_MONEY)
    kept = [(i, g) for i, g in enumerate(groups) if i not in few and g["customers"]]
    return [_only(g, GROUP) | (_unpriced(g) if i in poor else {}) | _of_few(g) for i, g in kept]


def _of_few(group: Entry) -> dict[str, None]:
    """Return as unknown what is a mean or a sum of a few: not everybody has a risk or a health."""
    few = {"risk": group["risk_of"] < LEAST, "health": group["health_of"] < LEAST}
    found: dict[str, None] = {}
    for name, hidden in few.items():
        found |= dict.fromkeys((name, f"{name}_of")) if hidden else {}
    return found | ({"value_at_risk": None} if group["risk_of"] < LEAST_FOR_MONEY else {})


def _migration(migration: Entry, segments: Iterable[Entry]) -> dict[str, Any]:
    """Return the moves of ten and more; how many are in a segment now is known, so each column hides no few."""
    moves = migration.get("moves") or ()
    known = {s["name"] for s in segments}
    kept: list[Entry] = []
    for after in dict.fromkeys(m["after"] for m in moves):
        column = [m for m in moves if m["after"] == after]
        few = hidden_parts([m["customers"] for m in column], LEAST)
        kept += [m for i, m in enumerate(column) if i not in few and after in known]
    order = [_only(m, ("before", "after", "customers")) for m in moves if m in kept]
    return {"days": migration["days"], "moves": order} if order else {}


def _actions(said: Entry) -> dict[str, Any]:
    """Return for how many each action is proposed; what a contact costs was declared and stays out."""
    listed = said.get("actions") or ()
    counts = [*(a["customers"] for a in listed), said.get("left_alone") or 0]
    few, poor = hidden_parts(counts, LEAST), hidden_parts(counts, LEAST_FOR_MONEY)
    kept = []
    for i, one in enumerate(listed):
        if i not in few:
            arms = {key: None if small(one[key]) else one[key] for key in ("now", "held_back")}
            kept.append(_only(one, ACTION) | arms | (_unpriced(one) if i in poor else {}))
    return {"actions": kept, "left_alone": None if len(listed) in few else counts[-1]} if listed else {}


def _wants(said: Entry) -> dict[str, Any]:
    found = {key: said[key] for key in ("again", "new") if said.get(key) and said[key]["n"] >= LEAST}
    return {**found, "first": said["first"]} if found else {}


def _silence(said: Entry) -> dict[str, Any]:
    """Return how many are watched and flagged, and how earlier lists fared; who they are stays out."""
    if not said or said["watched"] < LEAST or small(said["flagged"]):
        return {}
    past = said.get("backtest") or {}
    enough = past and min(past["gone"], past["flagged"]) >= LEAST
    return _only(said, ("horizon_days", "watched", "flagged", "learned")) | (
        {"backtest": _only(past, SILENCE)} if enough else {}
    )


def _model(model: Entry) -> dict[str, Any]:
    """Return a model with how it fared; what is named after plans of the company stays out."""
    held = model["holdout"]
    rows = {
        key: [row for row in held[key] if row.get("customers", LEAST) >= LEAST]
        for key in ("baselines", "calibration", "earlier")
        if key in held
    }
    enough = held.get("customers", LEAST) >= LEAST and not small(held.get("actual"))
    bands = model.get("bands")
    few = hidden_parts([*bands.values()], LEAST) if bands else set()
    coloured = {name: None if i in few else n for i, (name, n) in enumerate((bands or {}).items())}
    return {
        **_only(model, MODEL),
        "parameters": {key: value for key, value in model["parameters"].items() if key in PARAMETERS},
        "holdout": _only(held, HELD) | rows if enough else {},
        **({"bands": coloured or None} if "bands" in model else {}),
    }
