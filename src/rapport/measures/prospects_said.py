"""Says in plain values which models were tried, what they found, and how their forecasts fared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rapport.measures.contracts_expected import Leaving
from rapport.measures.contracts_foretold import MODEL
from rapport.measures.interval_said import interval_said, parameters_said
from rapport.measures.purchases_expected import Buyers
from rapport.models.buying.fitting import Fit

Row = Mapping[str, Any]
Said = dict[str, Any]
FARED = ("origin", "horizon_days", "customers", "actual", "foretold", "low", "high", "deviance", "wrong_by", "origins")


def shop_models(found: Buyers, fared: Sequence[Row]) -> list[Said]:
    """Return the candidates for purchases, the one that judges who is active, and the model of spend."""
    best, judge = found.best, found.judge
    models = [
        _fitted(best, "purchases", {"name": row["name"], "chosen": row["chosen"], "holdout": _holdout(row, fared)})
        if row["chosen"]
        else _tried(row)
        for row in fared
        if row["what"] == "model"
    ]
    if not models:
        models = [_fitted(best, "purchases", {"chosen": True, "holdout": {}})]
    said: Said = {"chosen": True, "holdout": {}, "leaving_seen": judge.leaving_seen}
    if not judge.leaving_seen:
        said["note"] = "the record does not show that customers leave: drawn to what shops usually see"
    models.append(_fitted(judge, "probability to be active", said))
    if found.spend_fit is not None and found.spend_check is not None:
        check = found.spend_check
        models.append(
            {
                "name": "Gamma-Gamma",
                "target": "spend on a purchase",
                "parameters": parameters_said(found.spend_fit),
                "log_likelihood": found.spend_fit.log_likelihood,
                "n": found.spend_fit.customers,
                "chosen": True,
                "holdout": {},
                "independent_of_frequency": check.independent,
                "elasticity": interval_said(check.elasticity),
                "spend_by_repeats": [
                    {"least": b.least, "most": b.most, "n": b.spend.n, **interval_said(b.spend)} for b in check.bands
                ],
            }
        )
    return models


def _fitted(fit: Fit, target: str, more: Row) -> Said:
    return {
        "name": fit.model.name,
        "target": target,
        "parameters": parameters_said(fit),
        "log_likelihood": fit.log_likelihood,
        "n": round(fit.customers),
        **more,
    }


def _tried(row: Row) -> Said:
    """Return a candidate that was not chosen, as fitted at the last origin before the choice, and what it lost."""
    return {
        "name": row["name"],
        "target": "purchases",
        "parameters": json.loads(row["parameters"] or "{}"),
        "log_likelihood": row["log_likelihood"],
        "n": row["customers"],
        "chosen": False,
        "holdout": {"lost": row["lost"]},
    }


def _holdout(row: Row, fared: Sequence[Row]) -> Said:
    """Return how the chosen model fared on the days held back, beside plain rules and by earlier repeats."""
    said: Said = {name: row[name] for name in FARED if row[name] is not None}
    said["origin"] = row["origin"].isoformat()
    if row["lost"] is not None:
        said["lost"] = row["lost"]
    said["baselines"] = [
        {k: other[k] for k in ("name", "foretold", "deviance")} for other in fared if other["what"] == "baseline"
    ]
    for what, name in (("repeats", "calibration"), ("origin", "earlier")):
        found = [{k: o[k] for k in ("name", "customers", "actual", "foretold")} for o in fared if o["what"] == what]
        if found:
            said[name] = found
    return said


def contract_models(leaving: Leaving, fared: Sequence[Row]) -> list[Said]:
    """Return the model of leaving."""
    first = next((row for row in fared if row["chosen"]), None)
    return [
        {
            "name": MODEL,
            "target": "leaving a contract within a month",
            "parameters": leaving.parameters(),
            "log_likelihood": leaving.hazard.log_likelihood,
            "n": round(leaving.hazard.periods),
            "chosen": True,
            "holdout": _holdout(first, fared) if first else {},
        }
    ]
