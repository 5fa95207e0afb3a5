"""Makes of an audit one that may leave the house: it takes over what is known to be harmless, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapport.app.sharing.customers import customers_shared
from rapport.app.sharing.groups import LEAST, LEAST_FOR_MONEY, about_few, drawn, small, told, withheld, without
from rapport.app.sharing.pseudonyms import Pseudonyms
from rapport.core.canonical import plain
from rapport.core.settings import Settings
from rapport.core.words import SIGNS

Entry = Mapping[str, Any]
FEW = f"Withheld in a shared report: it concerns fewer than {LEAST} customers."
LEAST_FOR_HASH = 100
TOP_TENTH = "revenue_top_decile_share"
KEPT = ("schema", "engine", "fingerprint", "made_at", "company", "currency", "as_of", "period")
METHOD = ("tests", "families", "level", "period_months", "timezone", "minimum_group")


def shared(run: Entry, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return the document of a shared report: no rows, quotes, queries, files or places of a few, no names of people.

    Whatever a later version adds to an audit stays out until it is named here.
    """
    hidden = withheld(run["findings"])
    titles = [str(f["title"]) for f in run["findings"] if f["id"] in hidden]
    shown = {str(f["id"]) for f in run["findings"]} - hidden
    findings = [_finding(f, hidden, shown, str(run["currency"])) for f in run["findings"] if f["id"] in shown]
    few = {str(a["id"]) for a in run["audits"] if about_few(a, hidden)}
    plan = _roadmap(run["roadmap"], findings)
    document = {
        **{key: run[key] for key in KEPT},
        "snapshot": {**run["snapshot"], "path": "", "tables": [_unhashed(t) for t in run["snapshot"]["tables"]]},
        "inputs": [{**_unhashed(i), "notes": []} for i in run["inputs"]],
        "reliability": {**run["reliability"], "reasons": [told(r) for r in run["reliability"]["reasons"]]},
        "opinion": _opinion(run, titles, plan, few),
        "metrics": [_metric(m) for m in run["metrics"]],
        "definitions": [{**d, "rests_on": {}} for d in run["definitions"]],
        "categories": [_category(c, run["audits"], few) for c in run["categories"]],
        "audits": [_audit(a, few, shown) for a in run["audits"]],
        "findings": findings,
        **customers_shared(run),
        "journey": {},
        "roadmap": plan,
        "comparisons": [_comparison(c) for c in run["comparisons"]],
        "method": {key: (run["method"] or {})[key] for key in METHOD if key in (run["method"] or {})},
        "settings": plain(replace(Settings(), seed=run["settings"]["seed"])),
        "shared": True,
    }
    return dict(pseudonyms.everywhere(document))


def _unhashed(file: Entry) -> dict[str, Any]:
    """Return a file of the record; of a short one the content could be found out from its hash by trying."""
    return {**file, "sha256": file["sha256"] if file["rows"] >= LEAST_FOR_HASH else ""}


def _finding(finding: Entry, hidden: set[str], shown: set[str], currency: str) -> dict[str, Any]:
    consequence = finding["consequence"]
    rich = consequence["customers"] >= LEAST_FOR_MONEY
    sign = SIGNS.get(currency, currency)
    assumptions = [told(a) for a in consequence["assumptions"] if rich or not sign or sign not in a]
    condition = finding["condition"]
    return {
        **finding,
        "title": told(finding["title"]),
        "incident": finding["id"] if finding["incident"] in hidden else finding["incident"],
        "condition": {**condition, "statement": told(condition["statement"])},
        "consequence": {
            **consequence,
            "value": consequence["value"] if rich else None,
            "assumptions": assumptions,
            "overlaps": [o for o in consequence["overlaps"] if o in shown],
        },
        "evidence": [_evidence(e) for e in finding["evidence"] if e["kind"] in ("query", "chart")],
        "also_seen_in": [s for s in finding["also_seen_in"] if s in shown],
    }


def _evidence(evidence: Entry) -> dict[str, Any]:
    """Return the counted summary or the picture of a finding; of a query neither its text nor rows of the record."""
    counted = [
        row for row in evidence["sample"] if "place" in row and not (small(row.get("n")) or small(row.get("customers")))
    ]
    return {**evidence, "sql": "", "sample": counted, "count": len(counted), "chart": drawn(evidence["chart"])}


def _audit(audit: Entry, few: set[str], shown: set[str]) -> dict[str, Any]:
    kept = {
        **audit,
        "findings": [f for f in audit["findings"] if f in shown],
        "rests_on": {},
        "tested": [],
    }
    if audit["id"] not in few:
        return {
            **kept,
            "reason": told(audit["reason"]),
            "notes": [told(n) for n in audit["notes"]],
            "chart": drawn(audit["chart"], counted=True),
        }
    unknown = dict.fromkeys(("score", "score_low", "score_high", "p_value", "q_value", "detectable", "chart"))
    return {**kept, **unknown, "reason": FEW, "notes": []}


def _category(category: Entry, audits: Sequence[Entry], few: set[str]) -> dict[str, Any]:
    """Return a category's score, without it where one of its questions concerns a few: the others would say it."""
    if any(a["category"] == category["id"] and a["id"] in few and a["score"] is not None for a in audits):
        return {**category, "score": None, "low": None, "high": None}
    return dict(category)


def _opinion(run: Entry, titles: Sequence[str], plan: Sequence[Entry], few: set[str]) -> dict[str, Any]:
    opinion = run["opinion"]
    whole = [f"{a['question']} {a['reason']}" for a in run["audits"]]
    about = [f"{a['question']} {a['reason']}" for a in run["audits"] if a["id"] in few]
    values = [item["value"] for item in plan if item["value"]]
    return {
        **opinion,
        **{key: None if opinion[key] is None else float(round(opinion[key])) for key in ("score", "low", "high")},
        "text": told(without(opinion["text"], titles)),
        "strengths": [told(s) for s in opinion["strengths"] if s not in titles],
        "concerns": [told(c) for c in opinion["concerns"] if c not in titles],
        "not_concluded": [told(n) for n in opinion["not_concluded"] if n in whole and n not in about],
        "at_stake": {key: plain(sum(v[key] for v in values)) for key in ("low", "mid", "high")} if values else None,
    }


def _roadmap(plan: Sequence[Entry], findings: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the steps whose findings are shown, ranked again."""
    known = {str(f["id"]): f for f in findings}
    steps = [(item, [f for f in item["findings"] if f in known]) for item in plan]
    kept = [(item, ids) for item, ids in steps if item["id"] in known]
    return [
        {**item, "findings": ids, "rank": rank, "value": known[item["id"]]["consequence"]["value"]}
        for rank, (item, ids) in enumerate(kept, 1)
    ]


def _metric(metric: Entry) -> dict[str, Any]:
    least = LEAST * LEAST if metric["id"] == TOP_TENTH else LEAST
    trend = [p for p in metric["trend"] if p["n"] >= LEAST]
    kept = {**metric, "sql": "", "trend": trend}
    if metric["value"] is None or metric["n"] >= least:
        return kept
    return {**kept, "value": None, "low": None, "high": None, "n": 0, "trend": [], "reason": FEW}


def _comparison(comparison: Entry) -> dict[str, Any]:
    return {
        **comparison,
        "text": told(comparison["text"]),
        "values": [v for v in comparison["values"] if not small(v["n"])],
        "differences": [{**d, "text": told(d["text"])} for d in comparison["differences"] if not small(d["n"])],
    }
