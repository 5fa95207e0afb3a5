"""What the names of columns and files say: InvoiceNo, invoice_no and "Invoice No." are one name."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def _set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


VENDOR_WORDS: Final = _set("property hs fld col field u sys")
CODE_ENDINGS: Final = _set(
    """
    id ids no nr num number code sku key uuid guid ean gtin isbn iban nummer numero kennung matricule referenz reference
    ref hash token plz zip postcode postal postleitzahl cp tel phone telephone telefon mobile mobil handy fax telefono
    movil portable customerid clientid userid orderid kundennummer kundennr bestellnummer bestellnr rechnungsnummer
    rechnungsnr auftragsnummer artikelnummer artikelnr
    """
)
PHRASES_OF_CODES: Final = ("postal code", "zip code", "code postal", "codigo postal", "phone number")
MONEY_WORDS: Final = _set(
    """
    price amount total revenue cost value subtotal discount refund refunded refunds mrr arr spent balance tax taxes
    shipping fee dollar dollars euro umsatz betrag preis summe kosten rabatt erstattung gesamt netto brutto einzelpreis
    gesamtpreis gesamtbetrag prix montant remise rembourse cout precio importe descuento reembolso coste
    """
)
COUNT_WORDS: Final = _set("count orders items number quantity qty anzahl menge nombre quantite cantidad of")
TIME_WORDS: Final = _set(
    """
    at date time day created updated modified timestamp ts when on datum zeit tag zeitpunkt uhrzeit heure jour fecha
    hora dia opened closed resolved sent start end begin until from since month
    """
)
RESERVED: Final = _set(
    """
    all alter analyse analyze and anti any array as asc asof asymmetric at attach authorization begin between
    binary both by cache call case cast check collate collation column comment commit concurrently constraint
    copy create cross current_date current_time current_timestamp default deferrable delete desc describe detach
    distinct do drop else end except execute exists explain false fetch filter for force foreign freeze from
    full glob grant group having if ilike in initially inner insert install intersect interval into is isnull
    join lambda lateral leading left like limit load map merge natural not notnull null offset on only or order
    outer over overlaps pivot pivot_longer pivot_wider placing positional pragma prepare primary qualify
    references rename reset returning revoke right rollback row select semi set show similar some summarize
    symmetric table tablesample then to trailing true truncate union unique unpack unpivot update use using
    vacuum values variadic verbose when where window with
    """
)
"""The words that SQL keeps for itself, in DuckDB or in sqlglot's reading of it: as names they need quotes."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters without accents: ``CustomerID`` is customer, id."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-ZÄÖÜÉ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    plain = unicodedata.normalize("NFKD", spaced.replace("ß", "ss").lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = re.findall(r"[a-z]+|\d+", letters)
    while len(found) > 1 and found[0] in VENDOR_WORDS:
        found.pop(0)
    return tuple(found)


def key(name: str) -> str:
    """Return the name as it is compared: its words, with German ae, oe and ue as a, o and u."""
    return re.sub(r"([aou])e", r"\1", " ".join(words(name)))


def singular(word: str) -> str:
    """Return a noun without the plural s, for file names."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def is_code(name: str) -> bool:
    """Say whether a column names things (ids, telephone numbers, postcodes): its digits are no quantity."""
    found = words(name)
    if not found:
        return False
    if " ".join(found).endswith(PHRASES_OF_CODES):
        return True
    if found[0] in ("number", "num", "anzahl") and len(found) > 1:
        return False
    return found[-1] in CODE_ENDINGS or found[0] in ("id", "numero", "phone", "telefon", "zip", "plz", "postcode")


def is_money(name: str) -> bool:
    """Say whether a column counts money, by its words."""
    found = set(words(name))
    return bool(found & MONEY_WORDS) and not found & COUNT_WORDS


def is_time(name: str) -> bool:
    """Say whether a column tells when, by its words."""
    return bool(set(words(name)) & TIME_WORDS)


def quoted(column: str) -> str:
    """Return a column's name as SQL wants it: as it is where it is plain, else in double quotes."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", column) and column.lower() not in RESERVED:
        return column
    return '"' + column.replace('"', '""') + '"'
