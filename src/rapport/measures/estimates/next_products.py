"""What each customer is likely to want next: what they buy again and again, and what they never had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rapport.core.interval import Interval
from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate
from rapport.models.next_product import Resemblance, best, buy_again, hit_rate, new_to_customer, resemblance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST = 3
"""Products on each list."""
JUDGED = 10
"""Products on the lists by which the hit rate is measured, as is usual."""
MOST_PRODUCTS = 2000
"""Those with the most buyers: resemblance costs the cube of their number, and of the rest little is known."""
MOST_CUSTOMERS = 100_000
"""Of more customers those who brought most are served."""
LEARNED_FROM = 20_000
BATCH = 5_000
LEAST = 100
"""Customers with two days of purchase: from fewer no resemblance is learned."""


@estimate(
    asks={
        "bought": Whole(
            "bought_products",
            ("customer_id", "product_id", "product", "orders", "orders_before", "in_last", "money"),
            "customer_id, product_id",
        )
    },
    fields=(
        Field("row_id", Type.TEXT, "customer, list and place"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("list", Type.TEXT, "again: bought before; new: never bought by this customer"),
        Field("place", Type.COUNT, "1 is the likeliest"),
        Field("product_id", Type.TEXT, "the product"),
        Field("product", Type.TEXT, "its name"),
    ),
)
def next_products(known: Known) -> Made | CannotTell:
    """One row is a product that a customer may want next, three on each of two lists, from purchases alone.

    "Again" follows the customer's own habit: what was in most of their orders, ties by what sells most. "New" follows
    what customers with the same products own (EASE, Steck 2019), never what the customer has. How often the lists are
    right is measured by leaving out everybody's last day of purchase: the share of customers who bought on it at least
    one of the first ten. Customers who bought within a year; of more than a hundred thousand those who brought most.
    """
    bought = known.now()["bought"]
    if bought is None or not bought.num_rows:
        return CannotTell("Nobody bought a product within the last year.")
    baskets = Baskets.of(bought)
    learn = np.flatnonzero(baskets.repeated)[:LEARNED_FROM]
    if learn.size < LEAST:
        return CannotTell(
            f"Only {learn.size} customers bought on two days; {LEAST} would do to learn what goes together.", LEAST
        )
    like = resemblance(baskets.of_rows(learn, "orders") > 0)
    sold = np.bincount(baskets.product, baskets.orders, len(baskets.products)).astype(np.float64)
    parts = [_lists(baskets, rows, like, sold) for rows in _batches(len(baskets.customers))]
    table = pa.concat_tables(parts).combine_chunks()
    return Made(table, _judged(baskets, learn))


@dataclass(frozen=True, eq=False)
class Baskets:
    """Who bought what, in numbers: one entry a customer and product; customers who brought most come first.

    customer, product : places in `customers` and `products`; entries in the order of customers. starts : where each
    customer's entries begin. repeated : who bought on two days.
    """

    customers: pa.Array
    products: pa.Array
    names: pa.Array
    customer: Ints
    product: Ints
    orders: Floats
    before: Floats
    in_last: NDArray[np.bool_]
    starts: Ints
    repeated: NDArray[np.bool_]

    @classmethod
    def of(cls, bought: pa.Table) -> Baskets:
        """Return the baskets of those who brought most, in the products with the most buyers; ties by id."""
        buyers = bought.group_by("product_id").aggregate([("customer_id", "count"), ("product", "max")])
        kept = buyers.sort_by([("customer_id_count", "descending"), ("product_id", "ascending")]).slice(
            0, MOST_PRODUCTS
        )
        people = bought.group_by("customer_id").aggregate([("money", "max")])
        served = people.sort_by([("money_max", "descending"), ("customer_id", "ascending")]).slice(0, MOST_CUSTOMERS)
        customers, products = (t.combine_chunks() for t in (served["customer_id"], kept["product_id"]))
        customer = _places(bought["customer_id"], customers)
        product = _places(bought["product_id"], products)
        inside = np.flatnonzero((customer >= 0) & (product >= 0))
        order = inside[np.lexsort((product[inside], customer[inside]))]
        customer = customer[order]
        before = _numbers(bought["orders_before"])[order]
        return cls(
            customers,
            products,
            kept["product_max"].combine_chunks(),
            customer,
            product[order],
            _numbers(bought["orders"])[order],
            before,
            np.asarray(bought["in_last"].to_numpy(zero_copy_only=False), dtype=np.bool_)[order],
            np.searchsorted(customer, np.arange(len(customers) + 1)),
            np.bincount(customer, before, len(customers)) > 0,
        )

    def of_rows(self, rows: Ints, what: str) -> Floats:
        """Return one number for each of some customers and each product: shape (rows, products), 0 where none."""
        found = np.zeros((rows.size, len(self.products)))
        values = np.asarray(getattr(self, what), dtype=np.float64)
        sizes = self.starts[rows + 1] - self.starts[rows]
        places = np.repeat(self.starts[rows] - np.append(0, np.cumsum(sizes)[:-1]), sizes) + np.arange(sizes.sum())
        found[np.repeat(np.arange(rows.size), sizes), self.product[places]] = values[places]
        return found


def _places(values: pa.ChunkedArray, among: pa.Array) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(values, among), -1).to_numpy(), dtype=np.int64)


def _numbers(values: pa.ChunkedArray) -> Floats:
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _batches(size: int) -> Iterator[Ints]:
    for start in range(0, size, BATCH):
        yield np.arange(start, min(start + BATCH, size))


def _lists(baskets: Baskets, rows: Ints, like: Resemblance, sold: Floats) -> pa.Table:
    orders = baskets.of_rows(rows, "orders")
    parts = []
    for name, scores, there in (
        ("again", buy_again(orders, sold), orders > 0),
        ("new", new_to_customer(orders > 0, like, sold, 0.0), orders == 0),
    ):
        chosen = best(scores, FIRST)
        meant = np.take_along_axis(there, chosen, axis=1)
        if name == "new":
            meant &= np.take_along_axis(scores, chosen, axis=1) > 0
        who, place = np.nonzero(meant)
        customer = baskets.customers.take(pa.array(rows[who]))
        product = pa.array(chosen[who, place])
        parts.append(
            pa.table(
                {
                    "row_id": pc.binary_join_element_wise(
                        customer, pa.array([f"{name}-{p + 1}" for p in place.tolist()], pa.string()), "/"
                    ),
                    "customer_id": customer,
                    "list": pa.array([name] * who.size, pa.string()),
                    "place": pa.array(place.astype(np.int64) + 1),
                    "product_id": baskets.products.take(product),
                    "product": baskets.names.take(product).cast(pa.string()),
                }
            )
        )
    return pa.concat_tables(parts)


def _judged(baskets: Baskets, rows: Ints) -> Mapping[str, Any]:
    """Return how often the lists would have held something of the last day, known only what came before it."""
    before, last = baskets.of_rows(rows, "before"), baskets.of_rows(rows, "in_last") > 0
    sold = before.sum(axis=0)
    like = resemblance(before > 0)
    again = hit_rate(buy_again(before, sold), last & (before > 0), JUDGED)
    new = hit_rate(new_to_customer(before > 0, like, sold, 0.0), last & (before == 0), JUDGED)
    return {"again": _rate(again), "new": _rate(new), "first": JUDGED}


def _rate(found: Interval) -> dict[str, Any]:
    return {"hit_rate": found.value, "low": found.low, "high": found.high, "n": found.n}
