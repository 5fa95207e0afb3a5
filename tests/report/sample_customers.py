"""What is said of the customers of a gift shop that does not exist: health, risk and its test, segments, advice."""

from __future__ import annotations

from typing import Any

from tests.report.hostile import BROKEN, HOSTILE, LONG, ORDER, TURNED

Said = dict[str, Any]


def around(value: float, half: float, n: int = 3269) -> Said:
    return {"value": value, "low": value - half, "high": value + half, "n": n}


def _sign(id_: str, meaning: str, known: float, shop: int, subscription: int = 0) -> Said:
    points = {"shop": shop, "subscription": subscription, "account": 0}
    return {"id": id_, "meaning": meaning, "points": points, "half_known": 2.0, "known": known}


def _domain(id_: str, spread: tuple[float, float, float], coverage: float, *signs: Said) -> Said:
    low, middle, high = spread
    return {
        "id": id_,
        "points": 10.0,
        "coverage": coverage,
        "p10": low,
        "p50": middle,
        "p90": high,
        "indicators": [*signs],
    }


DOMAINS = [
    _domain(
        "engagement",
        (-3.5, 0.0, 4.3),
        0.59,
        _sign("bought-lately", "days since the last purchase", 0.94, 4),
        _sign("use", "days of use in the last four weeks", 0.0, 0, 4),
        _sign("breadth", "different products and features in a year", 0.98, 3, 3),
    ),
    _domain("communication", (-1.5, -0.1, 1.6), 0.497, _sign("solved", "no problem open for long", 0.0004, 3, 3)),
    _domain("sentiment", (-3.1, 0.0, 3.4), 0.56, _sign("score", "mean answer in surveys of a year", 0.87, 7, 7)),
    _domain("outreach", (-3.4, 0.1, 3.4), 0.8, _sign("looked-after", f"days since {ORDER}", 1.0, 4, 4)),
    _domain("commitment", (-1.4, -0.2, 2.6), 0.48, _sign("recommends", "whether they recommended you", 0.0, 2, 1)),
]
SPREAD = (0, 0, 4, 61, 1040, 1912, 803, 75, 7, 0)


def _test(kind: str, auc: float, beside: float, leavers: int, median: float | None, origins: int) -> Said:
    bins = [{"foretold": 0.05 + 0.09 * i, "observed": around(0.08 + 0.085 * i, 0.03, 342)} for i in range(10)]
    return {
        "kind": kind,
        "horizon_days": 110.0,
        "origins": [f"2011-0{2 + i}-01" for i in range(origins)],
        "seasons": "a year" if origins == 4 else "one season only",
        "rows": 6853,
        "customers": 3269,
        "leavers": leavers,
        "base": 0.47,
        "capacity_share": 0.36,
        "auc": around(auc, 0.013),
        "auc_baselines": {
            "recency": around(auc - beside, 0.012),
            "rfm": around(auc - beside / 2, 0.012),
            "last_answer": around(0.54, 0.014),
            "chance": 0.5,
        },
        "auc_above_recency": around(beside, 0.01),
        "lift": around(1.52, 0.05),
        "lift_recency": around(1.44, 0.05),
        "lift_above_recency": around(beside, 0.04),
        "precision": around(0.713, 0.02),
        "precision_recency": around(0.676, 0.02),
        "recall": around(0.57, 0.02),
        "calibration": {
            "on": "all" if kind == "shop" else "all, those treated among them",
            "treated": 0 if kind == "shop" else 212,
            "held_back": 0 if kind == "shop" else 12,
            "foretold": 0.43,
            "observed": 0.46,
            "bins": bins,
        },
        "lead": {
            "false_alarms": 0.1,
            "recall": 0.285,
            "leavers_flagged": 1104 if kind == "shop" else 151,
            "median_days": median,
            "before_last_sign_share": None if median is None else 0.48,
        },
        "missed": {
            "customers": leavers - 40,
            "of": leavers,
            "showed": [
                {"sign": "frequency", "words": "bought 3 times only", "share": 0.588},
                {"sign": "new", "words": HOSTILE, "share": 0.9},
            ],
        },
    }


HEALTH: Said = {
    "version": 1,
    "customers": sum(SPREAD),
    "profiles": {"shop": sum(SPREAD) - 124, "subscription": 124, "account": 0},
    "coverage": 0.583,
    "half_width": 9.83,
    "domains": DOMAINS,
    "distribution": [{"from": 10.0 * i, "to": 10.0 * (i + 1), "customers": n} for i, n in enumerate(SPREAD)],
    "backtest": {"kinds": [_test("shop", 0.79, 0.055, 1553, 22.0, 4), _test("contract", 0.55, 0.004, 153, -8.85, 3)]},
}

COUNTS = {
    "Champions": 620,
    "Loyal": 840,
    "Potential Loyalists": 310,
    "New": 140,
    "Promising": 9,
    "Need Attention": 260,
    "About To Sleep": 300,
    "At Risk": 210,
    "Can't Lose Them": 4,
    "Hibernating": 1207,
}


def _group(name: str, customers: int, known: bool = True) -> Said:
    return {
        "name": name,
        "customers": customers,
        "money": 151.5 * customers,
        "value": 402.25 * customers if known else None,
        "value_at_risk": 61.75 * customers if known else None,
        "risk": 0.27 if known else None,
        "risk_of": customers // 10 * 9 if known else 0,
        "health": 53.6 if known else None,
        "health_of": customers // 2 if known else 0,
    }


SEGMENTS = [_group(name, n, n > 9) for name, n in COUNTS.items()]


def _moves() -> list[Said]:
    found = []
    for name, n in COUNTS.items():
        parts = [(name, n - 23), ("Loyal" if name != "Loyal" else "New", 14), ("At Risk", 6), (None, 3)]
        parts = parts if n > 40 and name != "At Risk" else [(None, n)]
        found += [{"before": before, "after": name, "customers": count} for before, count in parts]
    return found


def _leaver(number: int, **changes: Any) -> Said:
    return {
        "customer_id": f"C0{2358 + number}",
        "segment": "At Risk",
        "band": ("red", "yellow", "green", None)[number % 4],
        "risk": 0.703,
        "risk_low": 0.509,
        "risk_high": 0.844,
        "value": 103.37,
        "at_risk": 461.86 - number,
        "reason_1": "no purchase for 204 days",
        "reason_2": None,
        **changes,
    }


def _action(name: str, customers: int, effect: tuple[float, float, float], value: float) -> Said:
    return {
        "action": name,
        "customers": customers,
        "now": customers // 3,
        "held_back": customers // 50,
        "value": value,
        "value_low": -value / 3,
        "value_high": value * 2,
        "effect": [*effect],
        "contacts": 1.0,
    }


def _trait(name: str, value: str, difference: float) -> Said:
    return {
        "trait": name,
        "value": value,
        "share_with": 0.04 + difference,
        "share_without": 0.04,
        "difference": difference,
        "low": difference - 0.05,
        "high": difference + 0.05,
        "q_value": 0.0004,
        "n": 389,
    }


CUSTOMERS: Said = {
    "tiers": [
        _group("top tenth", 341),
        _group("next three tenths", 1024),
        _group("the rest", 2048),
        _group("nothing in a year", 487, False),
    ],
    "migration": {"days": 182, "moves": _moves()},
    "in_common": [_trait("again", "true", 0.156), _trait("category", HOSTILE, 0.08), _trait("wrote", "false", 0.06)],
    "actions": {
        "actions": [
            _action("fix", 436, (0.1, 0.3, 0.5), 9211.1),
            _action("renew", 0, (0.05, 0.15, 0.25), 0.0),
            _action("contact", 60, (0.02, 0.1, 0.2), 2020.4),
            _action(LONG, 285, (0.0, 0.05, 0.1), 741.3),
        ],
        "left_alone": 1213,
        "contact_cost": 4.0,
    },
    "next_products": {
        "again": {"hit_rate": 0.905, "low": 0.882, "high": 0.923, "n": 789},
        "new": {"hit_rate": 0.406, "low": 0.387, "high": 0.425, "n": 1229},
        "first": 10,
    },
    "silence": {
        "horizon_days": 91,
        "family": "gamma",
        "watched": 2104,
        "flagged": 63,
        "learned": True,
        "backtest": {
            "horizon_days": 91,
            "moments": 6,
            "watched": 11020,
            "gone": 402,
            "flagged": 330,
            "learned": True,
            "recall": around(0.37, 0.04, 402),
            "precision": around(0.45, 0.05, 330),
            **{
                name: {
                    "recall": around(0.29, 0.04, 402),
                    "precision": around(0.36, 0.05, 330),
                    "difference": around(0.08, 0.03, 402),
                }
                for name in ("three_gaps", "recency")
            },
            "lead_days_median": 61.0,
            "lead_gaps_median": 3.4,
            "silent_days_median": 58.0,
        },
    },
    "silent": [
        {
            "customer_id": one,
            "last_sign_at": "2011-10-01",
            "silent_days": 69.0,
            "own_gap_days": gap,
            "left_p": 0.91,
        }
        for one, gap in (("C00777", 12.4), (HOSTILE, None))
    ],
    "leaving": [
        _leaver(0),
        _leaver(1, customer_id=HOSTILE, reason_2=ORDER),
        _leaver(2, customer_id=TURNED, segment=None),
        _leaver(3, customer_id=f"{BROKEN} {LONG}", reason_1=LONG),
    ],
}


def _risk(kind: str, leavers: int, bands: dict[str, int] | None) -> Said:
    return {
        "name": f"risk of leaving, {kind}",
        "target": "bought nothing within 110 days" if kind == "shop" else "contract ended within 91 days",
        "parameters": {"level": -0.26, "Linen Club": 0.31},
        "prior": {"level": 0.0},
        "absent": ["use"],
        "strength": 30.0,
        "log_likelihood": -4833.6,
        "n": 8832,
        "leavers": leavers,
        "leavers_needed": 30,
        "chosen": True,
        "holdout": {},
        "customers": 2181,
        "mean_risk": 0.446,
        "bands": bands,
        "bands_rest_on": {"red_odds": 3.0, "yellow_odds": 1.5, "worked_a_month": 0.1},
        "no_colours": None if bands else "In the backtest the list is not shown to beat one drawn at random.",
    }


def _tried(name: str, target: str, chosen: bool, **more: Any) -> Said:
    return {
        "name": name,
        "target": target,
        "parameters": {
            "r": {"value": 1.8, "low": 1.6, "high": 2.1},
            "alpha": {"value": 118.5, "low": 104, "high": 134},
        },
        "log_likelihood": -61880.3,
        "n": 2702,
        "chosen": chosen,
        "holdout": {},
        **more,
    }


HELD: Said = {
    "name": "NBD",
    "origin": "2011-09-10",
    "horizon_days": 91.0,
    "customers": 3370,
    "actual": 4483.0,
    "foretold": 3384.6,
    "low": 3060.6,
    "high": 3743.0,
    "deviance": 4893.0,
    "baselines": [{"name": "everyone alike", "foretold": 3744.0, "deviance": 8249.0}],
    "calibration": [
        {"name": "0", "customers": 512, "foretold": 1351.8, "actual": 955.0},
        {"name": "7 or more", "customers": 131, "foretold": 1753.0, "actual": 1411.0},
    ],
    "earlier": [{"name": "2011-06-11", "customers": 2900, "foretold": 3001.0, "actual": 3120.0, "deviance": 4100.0}],
}
KEPT: Said = {key: HELD[key] for key in ("origin", "horizon_days", "customers")} | {
    "name": "hazard by age and plan",
    "actual": 896.0,
    "foretold": 889.8,
    "low": 752.6,
    "high": 1051.9,
    "deviance": 1821.6,
    "baselines": [{"name": "everyone alike", "foretold": 890.1, "deviance": 1800.0}],
}
MODELS: list[Said] = [
    _tried("MBG/NBD", "purchases", True, holdout=HELD),
    _tried("BG/NBD", "purchases", False, holdout={"lost": 12442.3}, parameters={"a": 0.1, "b": 0.9}),
    _tried("Pareto/NBD", "probability to be active", True, note="the record does not show that customers leave"),
    _tried("Gamma-Gamma", "spend on a purchase", True, independent_of_frequency=False, parameters={}),
    _tried("hazard by age and plan", "leaving a contract within a month", True, holdout=KEPT, parameters={"plan": 1}),
    _risk("shop", 1603, {"green": 1401, "yellow": 335, "red": 348}),
    _risk("contract", 21, None),
]
