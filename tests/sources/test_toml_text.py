"""What `rapport init` writes can be read by people and by a TOML parser."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from rapport.core.source import Reading, TableMapping
from rapport.core.table import Type
from rapport.sources.toml_text import to_toml

ORDERS = TableMapping(
    "Rechnungen 2024.csv",
    "orders",
    {"order_id": '"Beleg-Nr."', "amount": "sum(case when Art = 'R' then \"Betrag\" end)"},
    where="Beleg is not null",
    group=('"Beleg-Nr."',),
    readings={
        "Datum": Reading("Datum", Type.DAY, "%d.%m.%Y", "day first: some days are later than the 12th"),
        "Betrag": Reading("Betrag", Type.MONEY, ",", "decimal comma"),
        "Art": Reading("Art", Type.TEXT),
        "Menge": Reading("Menge", Type.NUMBER, "."),
    },
    timezone="Europe/Berlin",
    reasons=("Beleg-Nr. comes back\non several lines",),
)


def test_a_mapping_reads_like_a_letter() -> None:
    assert to_toml([ORDERS], ["proposed by rapport init"]) == (
        "# proposed by rapport init\n"
        "\n"
        "# Beleg-Nr. comes back on several lines\n"
        "[[mapping]]\n"
        'file = "Rechnungen 2024.csv"\n'
        'table = "orders"\n'
        'where = "Beleg is not null"\n'
        "group = ['\"Beleg-Nr.\"']\n"
        'timezone = "Europe/Berlin"\n'
        "[mapping.columns]\n"
        "order_id = '\"Beleg-Nr.\"'\n"
        'amount = "sum(case when Art = \'R\' then \\"Betrag\\" end)"\n'
        "[mapping.formats]\n"
        'Datum = "dd.mm.yyyy"  # day first: some days are later than the 12th\n'
        'Betrag = "1.234,56"  # decimal comma\n'
    )


ANY = st.text(min_size=1, max_size=20)


@given(st.lists(st.tuples(ANY, ANY, st.dictionaries(ANY, ANY, min_size=1, max_size=4), ANY), max_size=3))
def test_whatever_files_and_columns_are_called_it_parses_back(
    given_: list[tuple[str, str, dict[str, str], str]],
) -> None:
    mappings = []
    for file, where, columns, reason in given_:
        readings = {name: Reading(name, Type.NUMBER, ",", reason) for name in columns}
        mappings.append(TableMapping(file, "orders", columns, where, (where,), readings, None, (reason,)))
    back = tomllib.loads(to_toml(mappings)).get("mapping", [])
    assert [m["file"] for m in back] == [m.file for m in mappings]
    assert [m["columns"] for m in back] == [dict(m.columns) for m in mappings]
    assert [(m["where"], m["group"]) for m in back] == [(m.where, list(m.group)) for m in mappings]
    assert [set(m["formats"]) for m in back] == [set(m.columns) for m in mappings]
