"""What each order consists of."""

from __future__ import annotations

from rapport.core.table import Privacy, Table, Type, fixed, key

ORDER_LINES = Table(
    "order_lines",
    row="a line of an order (a negative quantity is a return)",
    columns=(
        key("order_line_id", "the line", required=False),
        key("order_id", "the order"),
        key("product_id", "the product", privacy=Privacy.OPEN),
        fixed("product", Type.TEXT, "the product's name"),
        fixed("category", Type.TEXT, "the product's category"),
        fixed("quantity", Type.NUMBER, "how many; negative for a return"),
        fixed("unit_price", Type.MONEY, "price of one"),
    ),
    key=("order_line_id",),
)
