"""A whole audit of a gift shop that does not exist, with every awkward thing a real one may hold."""

from __future__ import annotations

from typing import Any

from rapport.core.canonical import digest, plain
from rapport.core.finding import Money
from rapport.core.run import (
    SCHEMA,
    CategoryScore,
    DefinitionText,
    InputFile,
    MetricValue,
    Opinion,
    Period,
    Reliability,
    RoadmapItem,
    Run,
    Snapshot,
    SnapshotTable,
)
from rapport.core.settings import Engine
from tests.report.hostile import BROKEN, HOSTILE, LONG
from tests.report.sample_audits import audits
from tests.report.sample_customers import CUSTOMERS, HEALTH, MODELS, SEGMENTS
from tests.report.sample_figures import METRICS
from tests.report.sample_findings import findings
from tests.report.sample_parts import SQL


def sample() -> Run:
    categories = {
        "foundations": (88.0, 84.0, 92.0, 0.86),
        "engagement": (71.0, 66.0, 75.0, 0.78),
        "communication": (48.0, 44.0, 53.0, 0.69),
        "sentiment": (58.0, 53.0, 62.0, 0.75),
        "journey": (44.0, 39.0, 50.0, 1.0),
        "proactivity": (37.0, 31.0, 44.0, 0.62),
        "commitment": (None, None, None, 0.0),
        "promise": (41.0, 36.0, 46.0, 1.0),
        "value": (76.0, 70.0, 81.0, 0.67),
    }
    return Run(
        schema=SCHEMA,
        engine=Engine("rapport", "0.1.0", "duckdb 1.5.6"),
        fingerprint=digest("fingerprint"),
        made_at="2026-02-11T09:30:00",
        company=f"Lantern & Loom {HOSTILE}",
        currency="GBP",
        as_of="2011-12-10T00:00:00",
        period=Period("2009-12-01T00:00:00", "2011-12-10T00:00:00"),
        snapshot=Snapshot(
            digest("snapshot"),
            f"record/{digest('snapshot')}",
            tuple(
                SnapshotTable(name, rows, digest(name))
                for name, rows in [
                    ("customers", 5942),
                    ("orders", 22064),
                    ("tickets", 9211),
                    ("messages", 31870),
                    ("feedback", 4110),
                    ("touches", 0),
                ]
            ),
        ),
        inputs=(
            InputFile(
                "exports/Online Retail II.xlsx",
                "orders",
                53628,
                53201,
                427,
                12,
                digest("a"),
                ("427 rows have no customer and count as guests.",),
            ),
            InputFile(
                "exports/tickets.csv",
                "tickets",
                9240,
                9211,
                29,
                0,
                digest("b"),
                ("29 rows are dated after the export.",),
            ),
            InputFile(f"exports/{HOSTILE}.csv", "feedback", 4110, 4110, 0, 1, digest("c")),
            InputFile("exports/messages.parquet", "messages", 31870, 31870, 0, 0, digest("d")),
        ),
        reliability=Reliability(
            "qualified",
            87.4,
            (
                "Orders reconcile to the declared revenue within 0.4 %; payments were not given.",
                "4 % of the feedback carries no customer and cannot be joined to one.",
                f"One source is named {HOSTILE}.",
                f"Another is named {BROKEN}.",
            ),
            {"orders": 0.98, "feedback": 0.8, "tickets.csv": 0.9},
        ),
        opinion=Opinion(
            score=58.0,
            low=54.0,
            high=61.0,
            grade="C+",
            confidence=0.82,
            coverage=0.906,
            text="Customers like what they buy and are worth more each year. They are let down between the order and "
            "the door in the north, and after three in the afternoon by billing; those who are let down say nothing "
            "and buy half as often.",
            strengths=(
                "Onboarding calls delight. Those who were called return 18 points more often.",
                "Newer cohorts last longer. Twelve-month retention is 61 %, after 54 %.",
                "Few promises beyond delivery are broken: 97.7 % are kept.",
            ),
            concerns=(
                "The promise “delivered in 48 hours” is kept for 71 % of orders in the north, against 96 % elsewhere",
                "Billing answers in 6 h 24, the other teams in 3 h 40",
                "412 loyal customers are fading silently. £ 38,200 a year.",
            ),
            not_concluded=(
                "Whether SMS still works: 61 were sent, 400 would be needed.",
                "Whether offers do harm: no group was left without them.",
                "Is it easy? Only 12 rows where 385 would do; the table `touches` is not in the record.",
                "team Fax, topic wholesale: 12 rows, 120 needed",
                "part of day night, team Returns: 7 rows, 73 needed",
                f"segment {HOSTILE}: 3 rows",
            ),
            at_stake=Money(128_300.0, 214_480.0, 331_020.0),
        ),
        metrics=tuple(
            MetricValue(
                id=id_,
                name=name,
                definition=f"{id_}@1",
                version=1,
                unit=unit,
                value=value,
                low=low,
                high=high,
                n=n,
                segment=segment,
                reason="12 answers; at least 30 are needed" if value is None else "",
                trend=points,
                sql=SQL if id_ == "nps" else "",
            )
            for id_, name, unit, value, low, high, n, segment, points in METRICS
        ),
        definitions=tuple(
            DefinitionText(
                id=id_,
                version=1,
                name=name,
                unit=unit,
                formula="100 × (promoters − detractors) / answers"
                if id_ == "nps"
                else f"The measure {name} over all rows",
                inclusion="Answers to the relationship question; the latest of each customer in the period",
                missing="An answer without a score is left out and counted; 0 is an answer",
                least_n=30,
                interval="95 %, normal approximation with clusters by customer",
                source="Reichheld 2003; Medallia's definition",
            )
            for id_, name, unit in dict.fromkeys((m[0], m[1], m[2]) for m in METRICS)
        ),
        categories=tuple(CategoryScore(id_, *values) for id_, values in categories.items()),
        audits=audits(),
        findings=findings(),
        health=HEALTH,
        segments=tuple(SEGMENTS),
        models=tuple(MODELS),
        customers=CUSTOMERS,
        journey={},
        roadmap=tuple(
            RoadmapItem(
                id=f"act-{i + 1}",
                findings=ids,
                action=action,
                owner=owner,
                effort=effort,
                value=Money(*value) if value else None,
                rank=i + 1,
                p_top3=top,
                measure=measure,
                retest="Above the criterion on at least 400 cases, tested one-sided at 5 %, after 90 days.",
            )
            for i, (ids, action, owner, effort, value, top, measure) in enumerate(
                [
                    (
                        ("promises/region=north", "delivery/region=north"),
                        "Return the north to the former carrier or renegotiate its cut-off",
                        "Logistics",
                        "medium",
                        (61_234.0, 96_412.0, 140_480.0),
                        0.97,
                        "promise_kept_share",
                    ),
                    (
                        ("first-reply/team=Billing",),
                        "Staff Billing until 18:00 on working days",
                        "Customer service",
                        "medium",
                        (12_000.0, 41_300.0, 77_900.0),
                        0.81,
                        "first_reply_minutes_median",
                    ),
                    (
                        ("fading-loyals/all",),
                        "Call the hundred most valuable of those who fade; leave fifty alone as a comparison",
                        "Sales",
                        "small",
                        (9_000.0, 38_200.0, 61_000.0),
                        0.7,
                        "repeat_rate",
                    ),
                    (
                        ("repeat-purchase/channel=marketplace",),
                        "Put a reason to return into the marketplace parcel",
                        "Marketing",
                        "small",
                        (-1_200.0, 14_800.0, 30_400.0),
                        0.24,
                        "repeat_rate",
                    ),
                    ((f"recognition/{LONG}",), f"Thank the most loyal {HOSTILE}", "", "small", None, None, "nps"),
                ]
            )
        ),
        comparisons=(
            {
                "id": "first-reply",
                "name": "First reply, by three definitions",
                "unit": "minutes",
                "text": "The same tickets under each definition. They differ by whether bots and nights count.",
                "values": [
                    {
                        "name": "Zendesk: first public reply by a person",
                        "value": 220.0,
                        "low": 192.0,
                        "high": 245.0,
                        "n": 9211,
                        "rule": "From creation to the first public comment of an agent; bots do not count.",
                    },
                    {
                        "name": "Intercom: conversations closed without a reply left out",
                        "value": 201.0,
                        "low": 178.0,
                        "high": 226.0,
                        "n": 8924,
                        "rule": "Conversations closed without a reply are left out.",
                    },
                    {
                        "name": "Working hours only",
                        "value": 96.0,
                        "low": 88.0,
                        "high": 104.0,
                        "n": 9211,
                        "rule": "Only the minutes between opening and closing time count.",
                    },
                ],
            },
        ),
        method={
            "seed": 7,
            "level": 0.05,
            "tests": 412,
            "families": 24,
            "period_months": 24.3,
            "import_notes": ["Two columns named “date” were found; the first was taken."],
            "text": ["Durations are medians of a survival curve in which unanswered tickets count as still waiting."],
        },
    )


def document() -> dict[str, Any]:
    parsed: dict[str, Any] = plain(sample())
    return parsed


def empty() -> dict[str, Any]:
    """An audit of a folder with almost nothing in it."""
    run = Run(
        schema=SCHEMA,
        engine=Engine("rapport", "0.1.0", "duckdb"),
        fingerprint="",
        made_at="",
        company="",
        currency="",
        as_of="",
        period=Period("", ""),
        snapshot=Snapshot("", "", ()),
        inputs=(),
        reliability=Reliability("disclaimer", 0.0, (), {}),
        opinion=Opinion(None, None, None, None, 0.0, 0.0, "", (), (), ()),
        metrics=(),
        definitions=(),
        categories=(),
        audits=(),
        findings=(),
        health={},
        segments=(),
        models=(),
        journey={},
        roadmap=(),
    )
    parsed: dict[str, Any] = plain(run)
    return parsed
