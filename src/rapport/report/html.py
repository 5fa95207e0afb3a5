"""Writes the report: one page, drawn from one audit, that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rapport.core.canonical import digest
from rapport.report import chart_customers, customer_words, glyphs, numbers, vocabulary, words
from rapport.report.charts import MOST_DOTS, can_draw, cases, drawn, each, warm
from rapport.report.contents import contents
from rapport.report.customers import about_customers
from rapport.report.measured import as_dots, featured, groups, key_figures, unmeasured
from rapport.report.overview import about_audits
from rapport.report.queries import address, halves, homes
from rapport.report.register import (
    MOST_PRACTICES,
    Incident,
    anchors,
    by_title,
    each_incident,
    folded,
    incidents,
    leading,
    seen_words,
    slug,
)
from rapport.report.roadmap import steps
from rapport.report.shown import breakable, in_attribute, shown, verbatim
from rapport.report.stated import derived, netted
from rapport.report.trace import join, path_of, trace


def render(run: Mapping[str, Any]) -> str:
    """Return the report of a parsed `audit.json` as one HTML page; the same run gives the same bytes."""
    traced = trace(run)
    environment = _environment()
    style, script = (environment.get_template(name).render() for name in ("style.css", "script.js"))
    findings = traced["findings"]
    register = incidents(findings)
    good = incidents(findings, ("good_practice",))
    page = {
        "run": traced,
        "currency": str(run.get("currency") or ""),
        "style": style,
        "script": script,
        "policy": _policy(style, script),
        "anchors": anchors(findings),
        "homes": homes(_in_page_order(register, good)),
        "ranks": {str(f["id"]): i.rank for i in register for f in (i.head, *i.others)},
        "defined": {(str(d["id"]), d["version"]) for d in traced["definitions"]},
        "measured": {str(m["id"]) for m in traced["metrics"] if m["value"] is not None},
        "by_title": by_title(findings),
        "incidents": register,
        "leading": leading(register),
        "folded": folded(register),
        "good": good,
        "groups": groups(traced["metrics"]),
        "unmeasured": unmeasured(traced["metrics"]),
        "key_figures": key_figures(traced["metrics"]),
        "steps": steps(traced["roadmap"], findings),
        "featured": featured(traced["metrics"]),
        "comparisons": [(c, as_dots(c)) for c in traced.get("comparisons") or ()],
        "definition_set": digest(run.get("definitions") or ())[:12],
        **about_audits(traced),
        **about_customers(traced),
    }
    page["contents"] = contents(page)
    return environment.get_template("report.html").render(page)


def prepare() -> None:
    """Do beforehand what every report needs, whatever it says: read the templates, start the drawing engine."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)
    warm()


def _in_page_order(*registers: list[Incident]) -> list[Mapping[str, Any]]:
    """Return the findings in the order in which their queries appear."""
    return [f for register in registers for i in register for f in (i.head, *i.others)]


def _policy(style: str, script: str) -> str:
    """Return the rule by which a browser runs this page's own style and script, and fetches nothing."""

    def hashed(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{hashed(style)}'; script-src 'sha256-{hashed(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rapport.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=shown,
    )
    environment.filters |= {
        "num": numbers.num,
        "span": numbers.span,
        "told": numbers.told,
        "verbatim": verbatim,
        "drawn": drawn,
        "spread": chart_customers.spread,
        "calibrated": chart_customers.calibrated,
        "attr": in_attribute,
        "slug": slug,
        "breakable": breakable,
        "path": path_of,
        "status": vocabulary.status_word,
        "category": vocabulary.category_word,
        "severity": vocabulary.severity_word,
        "each_incident": each_incident,
        "worded": vocabulary.worded,
        "tone": vocabulary.tone,
        "opening": vocabulary.opening,
        "headline": vocabulary.headline,
        "score_tone": vocabulary.score_tone,
    }
    environment.globals |= {
        "counted": numbers.counted,
        "total": numbers.total,
        "can_draw": can_draw,
        "cases": cases,
        "each": each,
        "cell": numbers.cell,
        "halves": halves,
        "address": address,
        "seen_words": seen_words,
        "sign": glyphs.sign,
        "interval": glyphs.interval,
        "course": glyphs.course,
        "against": glyphs.against,
        "derived": derived,
        "netted": netted,
        "plural": words.plural,
        "glued": words.glued,
        "join": join,
        "at_risk": chart_customers.at_risk,
        "trait": customer_words.trait,
        "SAID": customer_words,
        "MOST_DOTS": MOST_DOTS,
        "MOST_PRACTICES": MOST_PRACTICES,
        "OPINIONS": vocabulary.OPINIONS,
        "CAUSES": vocabulary.CAUSES,
        "STATUSES": vocabulary.STATUSES,
        "ENDED": vocabulary.ENDED,
    }
    return environment
