"""Puts what the document says of customers into the order in which the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.report.customer_words import BASELINES, CLOSENESS

Entry = Mapping[str, Any]
SHADES = (0.05, 0.15, 0.30, 0.50)
"""Shares of a row of the matrix from which its cells are darker."""
RISK = "risk of leaving, "
SHOWN = ("purchases", "leaving a contract within a month")
"""Targets of models whose forecast is laid beside what happened."""


def about_customers(run: Entry) -> dict[str, Any]:
    """Return what the sections on customers need; a part that says nothing is empty."""
    health, models, said = run["health"], run["models"], run.get("customers") or {}
    return {
        "health": health if health.get("distribution") else {},
        "domains": _domains(health),
        "leaving": _leaving(models, (health.get("backtest") or {}).get("kinds") or ()),
        "listed": said.get("leaving") or (),
        "silence": said.get("silence") or {},
        "silent": said.get("silent") or (),
        "by_value": _by_value(run["segments"], said.get("tiers") or ()),
        "matrix": _matrix((said.get("migration") or {}).get("moves") or ()),
        "moved_within": (said.get("migration") or {}).get("days"),
        "in_common": said.get("in_common") or (),
        "actions": [a for a in (said.get("actions") or {}).get("actions") or () if a["customers"]],
        "left_alone": (said.get("actions") or {}).get("left_alone"),
        "contact_cost": (said.get("actions") or {}).get("contact_cost"),
        "wants": said.get("next_products") or {},
        "foretold": _foretold(models),
        "economics": None if run.get("shared") else _economics(run),
    }


def _economics(run: Entry) -> Entry | None:
    declared = (run.get("settings") or {}).get("declared") or {}
    return declared.get("economics") or None


def _domains(health: Entry) -> list[tuple[Entry, list[tuple[Entry, list[tuple[str, Any]]]]]]:
    """Return the domains with their signs and what each is worth, for the kinds of relationship that there are."""
    kinds = [name for name, customers in (health.get("profiles") or {}).items() if customers]
    return [(domain, _signs(domain["indicators"], kinds)) for domain in health.get("domains") or ()]


def _signs(indicators: Iterable[Entry], kinds: Sequence[str]) -> list[tuple[Entry, list[tuple[str, Any]]]]:
    """Return the signs that count for somebody, with their points: once where all kinds agree, else by kind."""
    found = []
    for one in indicators:
        worth = [(kind, one["points"][kind]) for kind in kinds if one["points"].get(kind)]
        if worth:
            alike = len(worth) == len(kinds) and len({points for _, points in worth}) == 1
            found.append((one, [("", worth[0][1])] if alike else worth))
    return found


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is said of the risk of one kind of customer: the model of today, and how it fared at earlier moments."""

    kind: str
    model: Entry | None
    test: Entry | None

    @property
    def chart(self) -> Entry | None:
        """Return how well each way told leavers from others, as a chart."""
        if self.test is None:
            return None
        bars = [{"label": BASELINES["forecast"][0], **_measured(self.test["auc"]), "marked": True}]
        bars += [{"label": BASELINES.get(name, (name, ""))[0], **_measured(one)} for name, one in self.others]
        title = "How often, of one who left and one who stayed, the one who left had the higher risk (AUC)"
        return {
            "kind": "dots",
            "title": title,
            "unit": "share",
            "bars": bars,
            "reference": self.test["auc_baselines"].get("chance"),
            "reference_label": "a coin",
        }

    @property
    def others(self) -> list[tuple[str, Entry]]:
        """Return the simpler ways that were tried, with how well each told leavers from others."""
        tried = (self.test or {}).get("auc_baselines") or {}
        order = [n for n in BASELINES if n in tried] + [n for n in tried if n not in BASELINES]
        return [(name, tried[name]) for name in order if isinstance(tried[name], Mapping)]

    @property
    def rivals(self) -> list[tuple[str, Entry]]:
        """Return the simpler ways, recency apart, that told leavers from others about as well."""
        least = self.test["auc"]["low"] if self.test else None
        if least is None:
            return []
        return [(name, one) for name, one in self.others if name != "recency" and (one["value"] or 0) >= least]

    @property
    def beats_recency(self) -> bool:
        """Whether both differences to recency alone lie above nothing, with their whole intervals."""
        pairs = (self.test or {}).get("auc_above_recency"), (self.test or {}).get("lift_above_recency")
        return all(one and one["low"] is not None and one["low"] > 0 for one in pairs)


def _measured(one: Entry) -> dict[str, Any]:
    return {key: one[key] for key in ("value", "low", "high")} | {"n": None}


def _leaving(models: Iterable[Entry], tests: Iterable[Entry]) -> list[Leaving]:
    """Return the kinds of customers that may leave, shops first, each with its model and its test."""
    by_kind = {str(m["name"])[len(RISK) :]: m for m in models if str(m["name"]).startswith(RISK)}
    tested = {str(t["kind"]): t for t in tests}
    kinds = [*dict.fromkeys((*by_kind, *tested))]
    return [Leaving(kind, by_kind.get(kind), tested.get(kind)) for kind in kinds]


def _by_value(segments: Sequence[Entry], tiers: Sequence[Entry]) -> list[tuple[str, str, list[Entry], float]]:
    """Return the groups with anybody in them, by name and by value, where they stand, and the largest amount."""
    found = []
    for title, place, groups in (
        ("By how lately and how often they come", "segments", segments),
        ("By what they brought", "customers.tiers", tiers),
    ):
        there = [g for g in groups if g["customers"]]
        most = max((abs(g[k]) for g in there for k in ("value", "value_at_risk") if g.get(k)), default=0.0)
        if there:
            found.append((title, place, there, most))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """Where the customers of one segment are now: for each column the move, or None, and how dark its cell is."""

    before: Any
    cells: tuple[tuple[str, Entry | None, int], ...]


def _matrix(moves: Iterable[Entry]) -> list[Row]:
    """Return the moves as a square, from the nearest relationship to the most distant, who was not there yet last."""
    known = {(one["before"], one["after"]): one for one in moves}
    names = {name for pair in known for name in pair if name is not None}
    order = [n for n in CLOSENESS if n in names] + sorted(names - {*CLOSENESS})
    rows = []
    for before in (*order, None):
        found = [(after, known.get((before, after))) for after in order]
        whole = sum(one["customers"] for _, one in found if one)
        if whole:
            cells = tuple((after, one, _shade(one["customers"] / whole) if one else 0) for after, one in found)
            rows.append(Row(before, cells))
    return rows


def _shade(share: float) -> int:
    return 1 + sum(1 for edge in SHADES if share >= edge)


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast beside what happened, with the models that were tried for the same."""

    model: Entry
    rivals: tuple[Entry, ...]
    beside: tuple[Entry, ...]

    @property
    def inside(self) -> bool | None:
        """Whether what happened lies within the limits of the forecast; None where it had none."""
        held = self.model["holdout"]
        if held.get("low") is None or held.get("high") is None:
            return None
        return bool(held["low"] <= held["actual"] <= held["high"])

    @property
    def nearest(self) -> bool | None:
        """Whether it was nearer than every plain rule, customer by customer; None where there was none beside it."""
        held = self.model["holdout"]
        rules = [one["deviance"] for one in held.get("baselines") or ()]
        return bool(held["deviance"] < min(rules)) if rules and held.get("deviance") is not None else None


def _foretold(models: Sequence[Entry]) -> list[Foretold]:
    """Return the forecasts that can be laid beside what happened."""
    found = []
    for one in models:
        if one["chosen"] and one["target"] in SHOWN and one["holdout"].get("actual") is not None:
            rivals = tuple(m for m in models if m["target"] == one["target"] and not m["chosen"])
            others = ("probability to be active", "spend on a purchase") if one["target"] == SHOWN[0] else ()
            found.append(Foretold(one, rivals, tuple(m for m in models if m["chosen"] and m["target"] in others)))
    return found
