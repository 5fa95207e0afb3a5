"""Says in plain values which models were tried, what they found, and how their forecasts fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rapport.measures.contracts_expected import Leaving
from rapport.measures.contracts_foretold import MODEL
from rapport.measures.interval_said import interval_said, parameters_said
from rapport.measures.purchases_expected import Buyers
from rapport.models.buying.choosing import Trial
from rapport.models.buying.fitting import Fit

Row = Mapping[str, Any]
Said = dict[str, Any]
FARED = ("name", "origin", "horizon_days", "customers", "actual", "foretold", "low", "high", "deviance")


def shop_models(found: Buyers, fared: Sequence[Row]) -> list[Said]:
    """Return the candidates for purchases, the one that judges who is active, and the model of spend."""
    choice = found.choice
    models = [_tried(trial) for trial in choice.trials[1:]]
    lost = choice.trials[0].lost if choice.trials[0].scores else None
    holdout = {**_holdout(fared), **({"lost": lost} if lost is not None else {})}
    models.insert(0, _fitted(choice.best, "purchases", {"chosen": True, "holdout": holdout}))
    said: Said = {"chosen": True, "holdout": {}, "leaving_seen": choice.judge.leaving_seen}
    if not choice.judge.leaving_seen:
        said["note"] = "the record does not show that customers leave: drawn to what shops usually see"
    models.append(_fitted(choice.judge, "probability to be active", said))
    return [*models, *_spend(found)]


def _spend(found: Buyers) -> list[Said]:
    if found.spend_fit is None or found.spend_check is None:
        return []
    check = found.spend_check
    return [
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
    ]


def _fitted(fit: Fit, target: str, more: Row) -> Said:
    return {
        "name": fit.model.name,
        "target": target,
        "parameters": parameters_said(fit),
        "log_likelihood": fit.log_likelihood,
        "n": round(fit.customers),
        **more,
    }


def _tried(trial: Trial) -> Said:
    """Return a candidate that was not chosen, as fitted at the last origin, with what it lost at all of them."""
    more = {"chosen": False, "holdout": {"lost": trial.lost}}
    return _fitted(trial.fits[-1], "purchases", more) | {"name": trial.name}


def _holdout(fared: Sequence[Row]) -> Said:
    """Return how the forecast of the days held back fared, beside plain rules, by repeats and earlier origins."""
    first = next((row for row in fared if row["what"] == "model"), None)
    if first is None:
        return {}
    said: Said = {name: first[name] for name in FARED if first[name] is not None}
    said["origin"] = first["origin"].isoformat()
    for what, name, shown in (
        ("baseline", "baselines", ("name", "foretold", "deviance")),
        ("repeats", "calibration", ("name", "customers", "actual", "foretold")),
        ("origin", "earlier", ("name", "customers", "actual", "foretold", "deviance")),
    ):
        if found := [{k: row[k] for k in shown} for row in fared if row["what"] == what]:
            said[name] = found
    return said


def contract_models(leaving: Leaving, fared: Sequence[Row]) -> list[Said]:
    """Return the model of leaving."""
    return [
        {
            "name": MODEL,
            "target": "leaving a contract within a month",
            "parameters": leaving.parameters(),
            "log_likelihood": leaving.hazard.log_likelihood,
            "n": round(leaving.hazard.periods),
            "chosen": True,
            "holdout": _holdout(fared),
        }
    ]
