"""What was on the lists of what customers may want half a year ago, and whether they bought it since."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from rapport.core.table import Type
from rapport.measures.estimate import CannotTell, Field, Known, Made, Whole, estimate

BACK = timedelta(days=182)
FIRST = 3
"""Products a customer on each list, as many as `next_products` has."""


@estimate(
    asks={
        "wants": Whole("next_products", ("customer_id", "product_id"), "customer_id, product_id", where="list = 'new'"),
        "bought": Whole("first_buys", ("customer_id", "product_id", "first_at"), "customer_id, product_id"),
    },
    fields=(
        Field("row_id", Type.TEXT, "list, customer and product"),
        Field("customer_id", Type.TEXT, "the customer"),
        Field("product_id", Type.TEXT, "a product that the customer did not have then"),
        Field("list", Type.TEXT, "alike: what like customers owned; best sellers: what most customers owned"),
        Field("bought", Type.BOOL, "whether the customer bought it since"),
    ),
)
def wants_checked(known: Known) -> Made | CannotTell:
    """One row is a product on a list of half a year ago of what a customer may want, and whether they bought it since.

    The lists are made from what was known then and from nothing later: what customers with the same products owned
    (`next_products`) and, for comparison, as many of the products with most owners that the customer did not have.
    """
    then = known.at(known.facts.as_of - BACK)
    wants, owned, bought = then["wants"], then["bought"], known.now()["bought"]
    if wants is None or owned is None or bought is None or not wants.num_rows:
        return CannotTell("Half a year ago too few customers had bought on two days to tell what goes together.")
    own = set(zip(owned["customer_id"].to_pylist(), owned["product_id"].to_pylist(), strict=True))
    sold = owned.group_by("product_id").aggregate([("customer_id", "count")])
    sold = sold.sort_by([("customer_id_count", "descending"), ("product_id", "ascending")])
    ranking = sold["product_id"].to_pylist()
    lists = [
        ("alike", c, p) for c, p in zip(wants["customer_id"].to_pylist(), wants["product_id"].to_pylist(), strict=True)
    ]
    for customer in dict.fromkeys(wants["customer_id"].to_pylist()):
        lacking = (product for product in ranking if (customer, product) not in own)
        lists += [("best sellers", customer, product) for product, _ in zip(lacking, range(FIRST), strict=False)]
    since = set(zip(bought["customer_id"].to_pylist(), bought["product_id"].to_pylist(), strict=True))
    names, customers, products = (list(column) for column in zip(*lists, strict=True))
    table = pa.table(
        {
            "row_id": [f"{name}/{customer}/{product}" for name, customer, product in lists],
            "customer_id": customers,
            "product_id": products,
            "list": names,
            "bought": [(customer, product) in since for _, customer, product in lists],
        }
    )
    return Made(table)
