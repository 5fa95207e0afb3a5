"""How the forecasts of who keeps a contract fared on the newest part of the record, which they had not seen."""

from __future__ import annotations

from datetime import timedelta

import pyarrow.compute as pc

from rapport.measures.estimate import CannotTell, Known, Made, Whole, estimate
from rapport.measures.held_back import FIELDS, held_back
from rapport.measures.watching import MONTH, watched_days

ORIGINS = 4
"""Past moments at most from which contracts are foretold."""


@estimate(
    asks={
        "contracts": Whole(
            "contracts", ("customer_id", "running", "age_months", "plan", "mrr", "record_from"), "customer_id"
        ),
        "risks": Whole(
            "contract_risks",
            ("age_months", "plan", "at_risk", "left_by_choice", "left_by_payment", "kept_before", "kept_after"),
            "age_months, plan",
        ),
    },
    fields=FIELDS,
)
def contracts_foretold(known: Known) -> Made | CannotTell:
    """One row is a forecast of how many customers keep a contract, made from what was known before.

    The last three months are held back (the declared horizon where there is one, at most a third of the record). The
    hazard of leaving by age and plan, in which leaving and failed payments compete, foretells from their beginning who
    is still there at the end; and so from up to three earlier moments, each as long before the next. Beside it stands a
    plain rule: everyone leaves at the same monthly rate.
    """
    now = known.now()
    contracts, risks = now["contracts"], now["risks"]
    if contracts is None or risks is None or not contracts.num_rows:
        return CannotTell("There is no contract in the record.")
    first = pc.min(contracts["record_from"]).as_py()
    days = watched_days(known.facts, first)
    if days is None:
        return CannotTell(
            "Contracts are known of less than six weeks: nothing can be held back to judge a forecast by."
        )
    from rapport.measures.contracts_foretold import foretell

    months = max(1, round(days / MONTH))
    views = [(contracts, risks)]
    for back in range(1, ORIGINS + 1):
        moment = known.facts.as_of - timedelta(days=back * months * MONTH)
        if moment <= first:
            break
        then = known.at(moment)
        if then["contracts"] is not None and then["risks"] is not None:
            views.append((then["contracts"], then["risks"]))
    rows = foretell(views, months, known.facts.declared.economics)
    if not rows:
        return CannotTell("Too few months of contracts lie before the newest part of the record to foretell it.")
    origin = known.facts.as_of - timedelta(days=months * MONTH)
    return Made(held_back(rows, "contract", origin.date(), months * MONTH))
