"""Which lines of an invoice are no products: postage, fees, vouchers and corrections."""

from __future__ import annotations

from typing import Final

from rapport.core.table import Type
from rapport.sources.view import View

RUN: Final = "[0-9]{4}"
"""A product's code has a run of four digits, where nearly all codes have one."""

USUAL: Final = 0.95
SHOWN: Final = 16
SERVICES: Final = (
    *("gift", "voucher", "post", "postage", "shipping", "carriage", "delivery", "fee", "discount", "manual", "sample"),
    *("bank", "adjust", "rounding", "tip", "donation", "gutschein", "porto", "versand", "rabatt", "pfand", "spende"),
    *("frais", "remise", "bon", "envio", "descuento", "cheque", "portes"),
)
"""How codes of things that are no goods begin."""


def no_product(view: View, product: str, name: str | None) -> tuple[str, str, str]:
    """Return SQL that is true for what is no product, the reason, and what to check; empty where codes tell nothing."""
    if view.type(product) is not Type.TEXT:
        return "", "", ""
    code = view.sql(product)
    share = view.rows(f"select count(*) filter (where regexp_matches({code}, '{RUN}')), count({code}) from file")
    if not share or not share[0][1] or share[0][0] < USUAL * share[0][1]:
        return "", "", ""
    words = "|".join(SERVICES)
    service = f"regexp_matches(lower({code}), '^({words})([^a-z]|$)')"
    label = f", min({view.sql(name)})" if name else ""
    asked = view.rows(
        f"select {code}, count(*), bool_or({service}){label} from file "
        f"where not regexp_matches({code}, '{RUN}') or {service} group by 1 order by 2 desc, 1"
    )
    if not asked:
        return "", "", ""
    found = [str(row[0]) for row in asked if row[2] and any(letter.isdigit() for letter in str(row[0]))]
    begins = sorted({word for word in SERVICES for seen in found if seen.lower().startswith(word)})
    parts = [f"not regexp_matches({code}, '{RUN}')", *(f"{code} ilike '{word}%'" for word in begins)]
    codes = ", ".join(str(row[0]) for row in asked[:SHOWN]) + (" …" if len(asked) > SHOWN else "")
    lines = sum(int(row[1]) for row in asked)
    why = f"{lines:,} lines have codes unlike all others ({codes}): they are marked as not a product"
    goods = [str(row[0]) for row in asked if len(str(row[0])) >= 6 and not _service(str(row[0]))]
    doubt = f"are {', '.join(goods[:4])} really no products?" if goods else ""
    return " or ".join(parts), why, doubt


def _service(code: str) -> bool:
    """Say whether a code has a word for something that is no good, anywhere in it."""
    return " " in code or any(word in code.lower() for word in SERVICES if len(word) > 2)
