"""The twenty-five findings of a gift shop that does not exist."""

from __future__ import annotations

import math

from rapport.core.finding import (
    Alternative,
    Cause,
    Finding,
)
from rapport.core.outcome import Bar, Chart
from tests.report.hostile import BROKEN, HOSTILE, LONG, ORDER, TURNED
from tests.report.sample_parts import course, dots, finding

CARRIER = Cause(
    "supported",
    "The carrier changed on 4 May in this region alone; the delay begins that week and nowhere else.",
    (
        Alternative("Season", "Ruled out: the same weeks of 2010 show 95.8 %."),
        Alternative("Bigger baskets", "Ruled out: the gap is the same in every basket size."),
        Alternative("Week-ends", "Explains 0.8 of 24.9 points."),
    ),
)


def findings() -> tuple[Finding, ...]:
    north = dots(
        "Orders delivered within 48 hours, by region",
        "share",
        [
            ("North", 0.712, 0.696, 0.728, 3118, True),
            ("South", 0.961, 0.954, 0.967, 3402, False),
            ("East", 0.958, 0.947, 0.967, 1611, False),
            (f"West {HOSTILE} {TURNED} {BROKEN}", 0.964, 0.957, 0.97, 2950, False),
            ("Islands", None, None, None, 7, False),
        ],
        0.95,
        "promised",
    )
    reply = dots(
        "Median wait for a first reply, by team",
        "minutes",
        [
            ("Billing", 384.0, 351.0, 420.0, 1204, True),
            ("Orders", 221.0, 210.0, 233.0, 4100, False),
            ("Returns", 205.0, 188.0, 224.0, 1850, False),
            ("Wholesale accounts and partners", 232.0, 190.0, 281.0, 240, False),
        ],
        240.0,
        "policy",
    )
    found = [
        finding(
            "promises/region=north",
            "The promise “delivered in 48 hours” is kept for 71 % of orders in the north, against 96 % elsewhere",
            severity="high",
            confidence=0.94,
            scope={"region": "north", "promise": "delivery-48h"},
            money=(61_234.0, 96_412.0, 140_480.0),
            chart=north,
            cause=CARRIER,
            also=("delivery/region=north", "silence-ledger/failure=late"),
        ),
        finding(
            "first-reply/team=Billing",
            "Billing answers in 6 h 24, the other teams in 3 h 40",
            severity="high",
            confidence=0.88,
            scope={"team": "Billing", "hour": "after 15:00"},
            unit="minutes",
            value=384.0,
            baseline=220.0,
            half=35.0,
            n=1204,
            money=(12_000.0, 41_300.0, 77_900.0),
            chart=reply,
            owner="Customer service",
            least=30.0,
            criterion="A first reply within 4 hours of working time",
            source="Policy “first-reply”, declared in rapport.toml",
            statement="Half of the customers who write to Billing wait longer than 6 h 24, after 15:00 above all.",
        ),
        finding(
            "fading-loyals/all",
            f"412 loyal customers are fading silently {HOSTILE}",
            severity="high",
            confidence=0.71,
            unit="count",
            value=412.0,
            baseline=260.0,
            half=48.0,
            n=5_920,
            money=(9_000.0, 38_200.0, 61_000.0),
            chart=course("Loyal customers whose rhythm broke, by month", "count", 22.0, 0.9, 3.0, 15),
            least=20.0,
            owner="",
            onset=None,
        ),
        finding(
            "delivery/region=north",
            "29 % of parcels in the north arrive after the announced day",
            severity="high",
            confidence=0.93,
            incident="promises/region=north",
            scope={"region": "north"},
            value=0.288,
            baseline=0.041,
            money=(58_000.0, 91_000.0, 133_000.0),
            chart=course("Late parcels in the north, by month", "share", 0.05, 0.011, 0.012, 16),
        ),
        finding(
            "silence-ledger/failure=late",
            "92 % of those whose parcel was late never wrote",
            severity="medium",
            confidence=0.83,
            incident="promises/region=north",
            scope={"failure": "late", "region": "north"},
            value=0.92,
            baseline=0.69,
            owner="Customer service",
        ),
        finding(
            "nps/wave=2011",
            "Fewer customers would recommend the shop: 31, after 37 a year ago",
            severity="medium",
            confidence=0.77,
            unit="points",
            value=31.0,
            baseline=37.0,
            half=3.9,
            n=1804,
            q=0.021,
            least=3.0,
            chart=course("Net promoter score by month", "points", 38.0, -0.35, 2.6),
            owner="Marketing",
            criterion="No fall by more than 3 points against the same months a year before",
            source="The company's own history",
        ),
        finding(
            "repeat-purchase/channel=marketplace",
            "Buyers won on the marketplace rarely return",
            status="opportunity",
            severity="low",
            confidence=0.64,
            scope={"acquisition": "marketplace"},
            value=0.118,
            baseline=0.382,
            money=(2_100.0, 14_800.0, 30_400.0),
            owner="Marketing",
            chart=Chart(
                "step",
                "Share without a second order, by days since the first (marketplace)",
                "share",
                tuple(
                    Bar(
                        str(d), 1 - 0.118 * (1 - math.exp(-d / 60)), 0.99 - 0.12 * (1 - math.exp(-d / 60)), 1.0, 900 - d
                    )
                    for d in range(0, 365, 14)
                ),
            ),
        ),
        finding(
            f"recognition/{LONG}",
            ORDER,
            status="opportunity",
            severity="low",
            confidence=0.5,
            scope={"segment": LONG, "name": TURNED},
            value=0.003,
            baseline=0.0,
            half=0.002,
            q=0.049,
            onset=None,
        ),
        finding(
            "praise/touchpoint=onboarding",
            "Onboarding calls delight",
            status="good_practice",
            severity="low",
            confidence=0.9,
            unit="points",
            value=72.0,
            baseline=54.0,
            half=4.0,
            n=620,
            least=3.0,
            chart=dots(
                "Customers who came back within 90 days",
                "share",
                [("With a call", 0.54, 0.5, 0.58, 620, True), ("Without", 0.36, 0.35, 0.37, 5300, False)],
            ),
            criterion="At least as many return as after any other first contact",
            source="The company's other segments",
            statement="Of those called in their first week, 54 % came back within 90 days; of their matches, 36 %.",
            owner="Sales",
            onset=None,
        ),
        finding(
            "retention/cohort=2011",
            "Newer cohorts last longer than older ones did",
            status="good_practice",
            severity="low",
            confidence=0.81,
            value=0.61,
            baseline=0.54,
            half=0.02,
            chart=course("Twelve-month retention by month of first order", "share", 0.53, 0.004, 0.01),
            statement="Of the customers of 2010, 61 % were still buying a year later; of those before, 54 %.",
            onset=None,
        ),
    ]
    topics = [
        "where is my parcel",
        "invoice",
        "damaged item",
        "discount code",
        "gift wrapping",
        "returns label",
        "account",
        "stock",
        "wholesale",
        "card payment",
        "newsletter",
        "address",
        "missing item",
        "catalogue",
        "fax",
    ]
    for i, topic in enumerate(topics):
        found.append(
            finding(
                f"contact-drivers/topic={topic}",
                f"Questions about “{topic}” have doubled since spring"
                if i % 2
                else f"“{topic}” takes twice as long to settle",
                status="nonconforming" if i % 3 or i < 3 else "opportunity",
                severity=("critical", "medium", "medium")[i] if i < 3 else "low",
                confidence=0.55 + 0.02 * i,
                scope={"topic": topic, "channel": "e-mail"},
                unit="hours" if i % 2 == 0 else "share",
                value=31.5 + i if i % 2 == 0 else 0.08 + i / 200,
                baseline=14.0 if i % 2 == 0 else 0.04,
                half=2.5 if i % 2 == 0 else 0.012,
                n=140 + 31 * i,
                q=0.001 * (i + 1),
                money=(500.0 * (20 - i), 1500.0 * (20 - i), 2900.0 * (20 - i)) if i % 4 != 3 else None,
                least=4.0 if i % 2 == 0 else 0.02,
                owner="Customer service",
                chart=course(f"Hours to settle “{topic}”, by month", "hours", 14.0, 0.8, 2.0)
                if i in (0, 1, 2, 4)
                else None,
            )
        )
    return tuple(found)
