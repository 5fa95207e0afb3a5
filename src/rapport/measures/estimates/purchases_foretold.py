"""How the forecasts of who buys when fared on the newest part of the record, which they had not seen."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pyarrow.compute as pc

from rapport.measures.estimate import CannotTell, Known, Made, Whole, estimate
from rapport.measures.held_back import FIELDS, held_back
from rapport.measures.watching import watched_days


@estimate(asks={"days": Whole("learning_days", ("customer_id", "day"), "customer_id, day")}, fields=FIELDS)
def purchases_foretold(known: Known) -> Made | CannotTell:
    """One row is a forecast of the purchases in the newest part of the record, made from what was known before it.

    The last 91 days are held back (the declared horizon where there is one, at most a third of the record). The
    candidates (NBD, BG/NBD, MBG/NBD, Pareto/NBD, the best two also on a clock that settles with age) are fitted and
    compared at origins within what was known before these days; the one that lost least there foretells them. What
    happened then chooses nothing: it is the error that is printed. Beside them stand plain rules: everyone alike, each
    at their own pace so far, each as in as many days before; and how the forecast fared by earlier repeats.

    Of more than 50,000 buyers a part is enough (`buyers.learned_from`).
    """
    now = known.now()["days"]
    first = pc.min(now["day"]).as_py() if now is not None and now.num_rows else None
    days = watched_days(known.facts, datetime.combine(first, time())) if first else None
    if days is None:
        return CannotTell(
            "Purchases are known of less than six weeks: nothing can be held back to judge a forecast by."
        )
    origin = known.facts.as_of - timedelta(days=days)
    before = known.at(origin)["days"]
    from rapport.measures.purchases_foretold import foretell
    from rapport.measures.purchases_known import day_of

    rows = foretell(before, now, day_of(origin), days) if before is not None and now is not None else ()
    if not rows:
        return CannotTell("Nobody had bought twice before the newest part of the record: no rhythm was known by then.")
    return Made(held_back(rows, "shop", origin.date(), float(days)))
