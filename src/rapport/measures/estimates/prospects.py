"""What each relationship will bring: whether it still lives, what will be bought, and the margin that leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rapport.core.table import Type
from rapport.measures.estimate import ARROW_TYPES, CannotTell, Field, Known, Made, Whole, estimate
from rapport.measures.held_back import FIELDS as FORETOLD
from rapport.measures.held_back import wrong_by
from rapport.measures.watching import MONTH, horizon_days

Columns = dict[str, np.ndarray[Any, Any]]
FIELDS = (
    Field("row_id", Type.TEXT, "the customer"),
    Field("customer_id", Type.TEXT, "the customer"),
    Field("kind", Type.TEXT, "contract: something paid runs, or the customer never bought; else shop"),
    Field("model", Type.TEXT, "the model of what is expected"),
    Field("probability_active", Type.NUMBER, "that they are still a customer; of a contract 1 while it runs, else 0"),
    Field("probability_active_low", Type.NUMBER, "its lower limit"),
    Field("probability_active_high", Type.NUMBER, "its upper limit"),
    Field("expected_purchases", Type.NUMBER, "days of purchase within the horizon"),
    Field("expected_purchases_low", Type.NUMBER, "its lower limit"),
    Field("expected_purchases_high", Type.NUMBER, "its upper limit"),
    Field("expected_months", Type.NUMBER, "months of a contract paid within the horizon"),
    Field("expected_months_low", Type.NUMBER, "its lower limit"),
    Field("expected_months_high", Type.NUMBER, "its upper limit"),
    Field("value", Type.NUMBER, "expected discounted margin within the horizon, of purchases and contract together"),
    Field("value_low", Type.NUMBER, "its lower limit"),
    Field("value_high", Type.NUMBER, "its upper limit"),
    Field("value_of_purchases", Type.NUMBER, "the part of the value that purchases bring"),
    Field("value_of_contract", Type.NUMBER, "the part of the value that the contract brings"),
)
HELD_BACK = tuple(f.name for f in FORETOLD)
ALL = ("probability_active", "expected_purchases", "expected_months", "value")


@estimate(
    asks={
        "buyers": Whole(
            "buyers", ("customer_id", "first_day", "last_day", "repeats", "paid_repeats", "paid"), "customer_id"
        ),
        "days": Whole("learning_days", ("customer_id", "day"), "customer_id, day"),
        "contracts": Whole("contracts", ("customer_id", "running", "age_months", "plan", "mrr"), "customer_id"),
        "risks": Whole(
            "contract_risks",
            ("age_months", "plan", "at_risk", "left_by_choice", "left_by_payment", "kept_before", "kept_after"),
            "age_months, plan",
        ),
        "purchases_fared": Whole("purchases_foretold", HELD_BACK, "row_id"),
        "contracts_fared": Whole("contracts_foretold", HELD_BACK, "row_id"),
    },
    optional=("buyers", "days", "contracts", "risks", "purchases_fared", "contracts_fared"),
    fields=FIELDS,
    rests_on=("gross_margin",),
)
def prospects(known: Known) -> Made | CannotTell:
    """One row is a customer who ever bought or subscribed: whether they still are one, and what they will bring.

    Without a contract: the candidates (NBD, BG/NBD, MBG/NBD, Pareto/NBD, the best two also on a clock that settles with
    age) foretell the record's own past from three origins within it, as far ahead as is asked. The one that does it
    best is fitted on everything known; `purchases_foretold` says how this choice fared on the newest days. It says how
    often each will buy; whether they are still a customer is told by a model that can tell it of everybody: the BG/NBD
    says 1 of everyone who bought once, whatever happened since, and is never asked about them. Spend is Gamma-Gamma,
    drawn towards everybody's average; it takes spend as independent of how often somebody buys, and whether it is, is
    checked and said. With a contract: the probability to be active is 1 while something paid runs and 0 afterwards, and
    the margin is what the price brings until they leave, by a hazard by age and plan in which leaving and failed
    payments compete. Who has both is worth both.

    Value is expected margin (the declared share of revenue, else all of it) within the declared horizon, discounted to
    the cut-off. Limits carry the uncertainty of the models' parameters and by how much their totals proved wrong beyond
    chance on the past. They are of the customer's expectation: what a single customer does strays far more.

    Wrong where the future is not like the past: a model knows no price rise and no new competitor.
    """
    tables, facts = known.now(), known.facts
    shop = _shop(tables, known, _listed(tables["purchases_fared"]))
    contract = _contract(tables, known, _listed(tables["contracts_fared"]))
    if shop is None and contract is None:
        return CannotTell(
            "Nobody in the record bought twice, and no contract is known: there is no rhythm to foretell."
        )
    models = [*(shop[1] if shop else ()), *(contract[1] if contract else ())]
    table = _joined(shop[0] if shop else None, contract[0] if contract else None)
    economics = facts.declared.economics
    said = {
        "models": models,
        "horizon_months": economics.horizon_months,
        "discount_rate": economics.discount_rate,
        "gross_margin": economics.gross_margin,
        "margin_declared": economics.declared,
    }
    return Made(table, said)


def _listed(table: pa.Table | None) -> list[dict[str, Any]]:
    return table.to_pylist() if table is not None else []


def _shop(
    tables: Mapping[str, pa.Table | None], known: Known, fared: list[dict[str, Any]]
) -> tuple[pa.Table, list[dict[str, Any]]] | None:
    """Return what is expected of buyers, and the models behind it; None where nobody bought twice."""
    buyers, days = tables["buyers"], tables["days"]
    if buyers is None or days is None or not days.num_rows or not pc.sum(buyers["repeats"]).as_py():
        return None
    from rapport.measures.prospects_said import shop_models
    from rapport.measures.purchases_expected import expect, limits
    from rapport.measures.purchases_foretold import choice_at, missed
    from rapport.measures.purchases_known import day_of, learning_days

    end, ahead = day_of(known.facts.as_of), horizon_days(known.facts)
    choice = choice_at(learning_days(days), end, ahead)
    if choice is None:
        return None
    fared_within = [missed(s) for s in choice.trials[0].scores]
    wrong, origins = wrong_by([m for m in (*fared_within, *(r["missed"] for r in fared)) if m is not None])
    found = expect(buyers, choice, end, ahead, known.facts.declared.economics, wrong)
    rests_on = origins if wrong else 0
    values = {
        "probability_active": (found.active.values, *found.active.interval()),
        "expected_purchases": (found.bought.values, *limits(found.bought, rests_on)),
        "value": (found.value.values, *limits(found.value, rests_on)),
    }
    return _of(buyers["customer_id"], values, choice.best.model.name), shop_models(found, fared)


def _contract(
    tables: Mapping[str, pa.Table | None], known: Known, fared: list[dict[str, Any]]
) -> tuple[pa.Table, list[dict[str, Any]]] | None:
    """Return what is expected of contracts, and the model behind it; None where too little is known."""
    contracts, risks = tables["contracts"], tables["risks"]
    if contracts is None or risks is None or not contracts.num_rows:
        return None
    from rapport.measures.contracts_expected import learn, outlook
    from rapport.measures.contracts_foretold import MODEL
    from rapport.measures.prospects_said import contract_models
    from rapport.models.student import two_sided

    leaving = learn(risks)
    if leaving is None:
        return None
    economics = known.facts.declared.economics
    found = outlook(leaving, contracts, economics.horizon_months, economics)
    runs = contracts["running"].to_numpy(zero_copy_only=False).astype(np.float64)
    wrong, origins = _grown(fared, economics.horizon_months)
    factor = two_sided(0.95, origins if wrong else None)

    def limited(mean: Any, errors: Any, unit: Any) -> tuple[Any, Any, Any]:
        half = np.exp(factor * np.hypot(errors, wrong))[found.row]
        return unit * mean[found.row], unit * mean[found.row] / half, unit * mean[found.row] * half

    values = {
        "probability_active": (runs, runs, runs),
        "expected_months": limited(found.course.paid, found.course.paid_errors, runs),
        "value": limited(found.course.worth, found.course.worth_errors, runs * found.money),
    }
    return _of(contracts["customer_id"], values, MODEL), contract_models(leaving, fared)


def _grown(fared: list[dict[str, Any]], months: int) -> tuple[float, int]:
    """Return how wrong months paid may be, and on how many forecasts that rests.

    What is wrong of who is still there grows with time, of the time paid until then half as fast.
    """
    wrong, origins = wrong_by([r["missed"] for r in fared if r["missed"] is not None])
    held = fared[0]["horizon_days"] / MONTH if fared else months
    return wrong * max(1.0, months / held / 2), origins


def _of(customers: pa.ChunkedArray, values: Mapping[str, tuple[Any, ...]], model: str) -> pa.Table:
    """Return a table of estimates with their limits by customer."""
    columns: dict[str, Any] = {"customer_id": customers}
    for name, parts in values.items():
        columns |= {f"{name}{end}": part for end, part in zip(("", "_low", "_high"), parts, strict=True)}
    columns["model"] = pa.array([model], pa.string()).take(pa.array(np.zeros(len(customers), dtype=np.int32)))
    return pa.table(columns)


def _joined(shop: pa.Table | None, contract: pa.Table | None) -> pa.Table:
    """Return one row a customer: what purchases and what a contract bring is added up."""
    parts = [t for t in (shop, contract) if t is not None]
    customers = pc.unique(pa.chunked_array([c for t in parts for c in t["customer_id"].chunks], pa.string()))
    bought, signed = (_placed(t, customers) for t in (shop, contract))
    runs = signed["there"] & (signed["probability_active"] > 0)
    is_contract = runs | ~bought["there"]
    columns: dict[str, Any] = {"row_id": customers, "customer_id": customers}
    columns["kind"] = pc.if_else(pa.array(is_contract), "contract", "shop")
    columns["model"] = pc.if_else(pa.array(is_contract), pa.scalar(_model(contract)), pa.scalar(_model(shop)))
    for end in ("", "_low", "_high"):
        name = f"probability_active{end}"
        columns[name] = np.where(is_contract, signed[name], bought[name])
        for name in (f"expected_purchases{end}", f"expected_months{end}", f"value{end}"):
            columns[name] = bought[name] + signed[name]
    columns["value_of_purchases"], columns["value_of_contract"] = bought["value"], signed["value"]
    return pa.table({f.name: pa.array(columns[f.name], ARROW_TYPES[f.type]) for f in FIELDS})


def _model(part: pa.Table | None) -> str:
    return str(part["model"][0].as_py()) if part is not None and part.num_rows else ""


def _placed(part: pa.Table | None, customers: pa.Array) -> Columns:
    """Return the numbers of a part in the order of all customers, 0 for those who are not in it."""
    names = [f"{name}{end}" for name in ALL for end in ("", "_low", "_high")]
    if part is None:
        return {**{n: np.zeros(len(customers)) for n in names}, "there": np.zeros(len(customers), dtype=bool)}
    place = pc.index_in(customers, part["customer_id"].combine_chunks())
    there = np.asarray(pc.is_valid(place))
    row = np.asarray(pc.fill_null(place, 0))
    found: Columns = {
        n: np.where(there, part[n].to_numpy()[row], 0.0) if n in part.column_names else np.zeros(len(customers))
        for n in names
    }
    return {**found, "there": there}
