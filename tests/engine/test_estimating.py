"""What a model may look at, and what becomes of its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from rapport.core.errors import RegistryError
from rapport.core.inputs import Breakdown, Input
from rapport.core.outcome import NotAssessable
from rapport.core.table import Type
from rapport.engine.estimating import Looking, StoppedError
from rapport.measures.ask import query_for
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from tests.stage import Stage

NOW = datetime(2026, 1, 1)
EARLIER = datetime(2025, 7, 1)
DIGITS = 5e-9
"""Half of the ninth digit of a number between one and ten: a table is kept with nine."""
BOUGHT = Whole("visits", ("customer_id", "amount"), order="customer_id, amount", where="amount > 0")
FIELDS = (
    Field("row_id", Type.TEXT, "the customer"),
    Field("customer_id", Type.TEXT, "the customer"),
    Field("grown", Type.NUMBER, "what they spent since, as a share of what they had spent before"),
)


def table(rows: list[tuple[str, float]]) -> pa.Table:
    who = [c for c, _ in rows]
    return pa.table({"row_id": who, "customer_id": who, "grown": pa.array([g for _, g in rows], pa.float64())})


@estimate(asks={"bought": BOUGHT}, fields=FIELDS)
def growth(known: Known) -> Made | CannotTell:
    """One row a customer: what they spent since an earlier day, a third of a thousandth added to have digits."""
    now, before = (
        dict(zip(t["customer_id"].to_pylist(), t["amount"].to_pylist(), strict=True))
        for one in (known.now(), known.at(EARLIER))
        if (t := _sums(one["bought"])) is not None
    )
    if not before:
        return CannotTell("Nobody had bought before July.")
    rows = [(who, float(now[who]) / float(before[who]) - 1 + 1e-3 / 3) for who in before]
    return Made(table(list(reversed(rows))), {"customers": len(rows)})


def _sums(bought: pa.Table | None) -> pa.Table | None:
    if bought is None:
        return None
    found = bought.group_by("customer_id").aggregate([("amount", "sum")])
    return found.rename_columns(["customer_id", "amount"])


@estimate(asks={"grown": Whole("growth", ("customer_id", "grown"), order="customer_id")}, fields=FIELDS)
def doubled(known: Known) -> Made | CannotTell:
    """One row a customer: twice the growth."""
    grown = known.now()["grown"]
    assert grown is not None
    return Made(
        table(list(zip(grown["customer_id"].to_pylist(), pc.multiply(grown["grown"], 2).to_pylist(), strict=True)))
    )


def stage(late: float = 30.0, first: datetime = EARLIER - timedelta(40)) -> Stage:
    orders = [
        {"order_id": "1", "customer_id": "a", "ordered_at": first, "amount": 10.0},
        {"order_id": "2", "customer_id": "b", "ordered_at": first, "amount": 20.0},
        {"order_id": "3", "customer_id": "b", "ordered_at": EARLIER + timedelta(40), "amount": late},
    ]
    return Stage({"orders": orders}, as_of=NOW, also={"growth": growth, "doubled": doubled})


def mean(stage: Stage, measure: str = "growth") -> float:
    return float(stage.answer(Breakdown(measure, "grown")).total.mean)


def test_a_model_sees_the_past_as_it_was_known_then() -> None:
    assert mean(stage()) == pytest.approx((0 + 1.5) / 2 + 1e-3 / 3, abs=DIGITS)
    assert mean(stage(late=5.0)) == pytest.approx((0 + 0.25) / 2 + 1e-3 / 3, abs=DIGITS)


def test_nothing_that_is_still_to_come_can_be_asked_for() -> None:
    one = stage()
    with pytest.raises(ValueError, match="not before"):
        _asks_for_the_future(Looking(growth, one.facts, one.asker, one.asker.at))


def _asks_for_the_future(known: Known) -> Made | CannotTell:
    """Ask for what is not known yet."""
    known.at(known.facts.as_of)
    return CannotTell("")


def test_its_table_is_kept_sorted_and_rounded_and_printed_queries_read_it() -> None:
    one = stage()
    asked = Breakdown("growth", "grown")
    mean(one)
    printed = one.database.printed(query_for(asked, ()))
    assert "READ_PARQUET('estimates/growth.parquet')" in printed
    assert "visits" not in printed
    rows, _ = one.database.run_text(printed)
    assert rows[0]["n"] == 2
    kept = pq.read_table(one.database._root / "estimates" / "growth.parquet")
    assert kept["row_id"].to_pylist() == ["a", "b"]
    assert kept["grown"].to_pylist() == [0.000333333333, 1.50033333]
    assert one.asker.said["growth"] == {"customers": 2}


def test_an_estimate_may_read_another() -> None:
    one = stage()
    assert mean(one, "doubled") == pytest.approx(2 * mean(one), abs=2 * DIGITS)


def test_where_it_cannot_tell_the_reason_is_the_answer() -> None:
    late = stage(first=EARLIER + timedelta(1))
    inputs: dict[str, Input] = {"grown": Breakdown("growth", "grown")}
    assert late.asker.gather(inputs, ()) == NotAssessable("Nobody had bought before July.", ("growth",))
    none = Stage({"customers": [{"customer_id": "a"}]}, also={"growth": growth})
    found = none.asker.gather(inputs, ())
    assert isinstance(found, NotAssessable)
    assert found.missing == ("orders",)


def test_another_table_than_declared_is_refused() -> None:
    def wrong(known: Known) -> Made | CannotTell:
        """One row a customer."""
        return Made(pa.table({"row_id": ["a"]}))

    made = estimate(asks={"bought": BOUGHT}, fields=FIELDS)(wrong)
    one = Stage({"orders": [{"order_id": "1", "customer_id": "a", "ordered_at": EARLIER}]}, also={"wrong": made})
    with pytest.raises(StoppedError, match=r"“wrong” stopped with RegistryError: .* declares"):
        one.answer(Breakdown("wrong", "grown"))


def test_a_crash_happens_once_and_whatever_rests_on_it_says_whose_it_was() -> None:
    runs = []

    def fall(known: Known) -> Made | CannotTell:
        """One row a customer."""
        runs.append(known.facts.as_of)
        raise KeyError("day")

    made = estimate(asks={"bought": BOUGHT}, fields=FIELDS)(fall)
    one = Stage(
        {"orders": [{"order_id": "1", "customer_id": "a", "ordered_at": EARLIER, "amount": 1.0}]},
        also={"growth": replace(made, name="growth"), "doubled": doubled},
    )
    for measure in ("growth", "doubled", "growth"):
        with pytest.raises(StoppedError, match=r"^The estimate “growth” stopped with KeyError: 'day'$") as found:
            one.asker.has(measure)
        assert isinstance(found.value.__cause__, KeyError)
    assert runs == [NOW]
    assert not one.asker.has("growth", partly=True)
    assert not (one.database._root / "estimates" / "growth.parquet").exists()


@pytest.mark.parametrize(
    ("fields", "said"), [(FIELDS[1:], "row_id"), ((*FIELDS, FIELDS[0]), "different names")], ids=["no id", "twice"]
)
def test_columns_have_different_names_and_one_tells_rows_apart(fields: tuple[Field, ...], said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        estimate(asks={}, fields=fields)(_asks_for_the_future)


def test_what_is_computed_of_the_past_gives_back_its_room() -> None:
    one = stage()
    mean(one)
    past = one.asker.at(EARLIER)
    assert past._computed == set()
