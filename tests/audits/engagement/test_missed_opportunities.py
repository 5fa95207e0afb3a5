"""One segment is never shown what like customers own; shops that offer everything to all; records without offers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rapport.audits.engagement.missed_opportunities import missed_opportunities
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.core.words import share
from tests.stage import Stage

DAY = np.timedelta64(1, "D")
NOW = np.datetime64("2026-01-01", "us")
PRODUCTS = np.array([f"{kind} {size}" for kind in ("rug", "lamp", "vase") for size in ("small", "large", "round")])


def shop(seed, n=1500, left_out=0.0, offers=True, lamps=1.0):
    """A shop whose customers buy what goes together; studios are offered no lamps in a share `left_out` of the cases.

    `lamps` is how often studios buy lamps, beside others.
    """
    chance = np.random.default_rng(seed)
    studio = chance.random(n) < 0.25
    taste = chance.integers(0, 3, n)
    who = np.repeat(np.arange(n), 5)
    same = chance.random(who.size) < 0.7
    kind = np.where(same, taste[who], chance.integers(0, 3, who.size))
    bare = studio[who] & (kind == 1) & (chance.random(who.size) >= lamps)
    kind = np.where(bare, 0, kind)
    product = PRODUCTS[kind * 3 + chance.integers(0, 3, who.size)]
    at = NOW - chance.integers(1, 360, who.size) * DAY
    order = np.char.add("o", np.arange(who.size).astype(str))
    customer = np.char.add("c", np.arange(n).astype(str))
    tables = {
        "customers": pa.table({"customer_id": customer, "segment": np.where(studio, "studio", "home")}),
        "orders": pa.table(
            {
                "order_id": order,
                "customer_id": customer[who],
                "ordered_at": at,
                "amount": [Decimal(10)] * who.size,
            }
        ),
        "order_lines": pa.table(
            {
                "order_id": order,
                "product_id": product,
                "product": product,
                "category": np.array(["rugs", "lamps", "vases"])[kind],
                "quantity": np.ones(who.size),
                "unit_price": [Decimal(10)] * who.size,
            }
        ),
    }
    if offers:
        to = np.repeat(np.arange(n), 4)
        category = np.array(["rugs", "lamps", "vases"])[chance.integers(0, 3, to.size)]
        swapped = studio[to] & (category == "lamps") & (chance.random(to.size) < left_out)
        tables["touches"] = pa.table(
            {
                "touch_id": np.arange(to.size).astype(str),
                "customer_id": customer[to],
                "sent_at": NOW - chance.integers(1, 300, to.size) * DAY,
                "purpose": np.full(to.size, "promotion"),
                "category": np.where(swapped, "rugs", category),
            }
        )
    return Stage(tables, as_of=datetime(2026, 1, 1))


def certain(outcome):
    assert isinstance(outcome, Looked), outcome
    echoes = [(t.input, dict(s)) for t in outcome.tests for s in t.explains]
    return [t for t in outcome.tests if t.p_value < 0.001 and (t.input, dict(t.scope)) not in echoes]


def test_a_segment_that_is_never_offered_one_category_is_found():
    outcome = shop(1, left_out=1.0).ask(missed_opportunities)
    (found,) = certain(outcome)
    assert found.scope == {"segment": "studio", "category": "lamps"}
    assert found.status is Status.OPPORTUNITY
    assert found.value.value == 0
    assert found.baseline > 0.6
    assert "may want was offered within a year" in found.title
    assert any(note.startswith("Backtest: ") for note in outcome.notes)


@pytest.mark.parametrize("seed", range(3))
def test_where_all_are_offered_everything_and_own_alike_nothing_is_found(seed):
    assert certain(shop(seed).ask(missed_opportunities)) == []


def test_without_offers_in_the_record_a_segment_that_owns_less_is_found_all_the_same():
    outcome = shop(2, offers=False, lamps=0.1).ask(missed_opportunities)
    found = certain(outcome)
    assert {"segment": "studio", "category": "lamps"} in [dict(t.scope) for t in found]
    one = next(t for t in found if t.scope == {"segment": "studio", "category": "lamps"})
    assert one.title.startswith("Segment studio: ")
    assert "have anything of lamps" in one.title
    assert outcome.score is None
    assert any("who was offered what is not known" in note for note in outcome.notes)


def test_what_like_customers_owned_was_bought_more_often_than_best_sellers():
    stage = shop(3)
    (note,) = [n for n in stage.ask(missed_opportunities).notes if n.startswith("Backtest")]
    rows = stage.rows("wants_checked")
    alike, best = (np.mean([r["bought"] for r in rows if r["list"] == name]) for name in ("alike", "best sellers"))
    assert alike > best + 0.02, "seven in ten purchases are to the customer's taste"
    assert share(float(alike)) in note
    assert share(float(best)) in note


def test_few_customers_are_not_called_in_order():
    outcome = shop(4, n=130, left_out=1.0).ask(missed_opportunities)
    assert isinstance(outcome, Looked)
    assert not any(t.within for t in outcome.tests if len(t.scope) == 1)


def test_without_products_it_says_what_is_missing():
    stage = Stage(
        {"orders": [{"order_id": "1", "customer_id": "a", "ordered_at": datetime(2025, 5, 1), "amount": Decimal(5)}]}
    )
    outcome = stage.ask(missed_opportunities)
    assert isinstance(outcome, NotAssessable)
    assert "order_lines.product_id" in outcome.missing
