"""Looking up what a column is called: the vocabulary as tables that can be asked."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rapport.record import TABLES
from rapport.sources.names import key, singular, words
from rapport.sources.vocabulary import SPOKEN

Terms = dict[str, dict[str, tuple[str, ...]]]
"""By table and column, what it is called, the best name first."""


def _read() -> tuple[dict[str, tuple[str, ...]], Terms, Terms]:
    """Read the vocabulary: per table the names of its files, the telling names of its columns, and the bare ones."""
    files = {name: [_noun(name)] for name in TABLES}
    telling: Terms = {name: {c.name: (key(c.name),) for c in table.columns} for name, table in TABLES.items()}
    bare: Terms = {name: {} for name in TABLES}
    table = ""
    for line in SPOKEN.splitlines():
        if line.startswith("["):
            table, _, nouns = line[1:].partition("]")
            files[table] += [_noun(noun) for noun in nouns.split(",")]
        elif line:
            column, _, terms = line.partition(":")
            told, _, plain = terms.partition("|")
            telling[table][column] = _keys(key(column) + "," + told)
            bare[table][column] = _keys(plain)
    return {name: tuple(dict.fromkeys(nouns)) for name, nouns in files.items()}, telling, bare


def _keys(text: str) -> tuple[str, ...]:
    """Return the comma-separated terms as they are compared, each once."""
    return tuple(dict.fromkeys(key(term) for term in text.split(",") if term.strip()))


def _noun(name: str) -> str:
    """Return a file's noun in the singular."""
    return " ".join(singular(word) for word in words(name))


FILE_NOUNS, TELLING, BARE = _read()

OWNERS: Final = Counter(
    term
    for spoken in (*TELLING.values(), *BARE.values())
    for term in {term for said in spoken.values() for term in said}
)
"""How many tables a term could belong to: what only one table calls so tells most."""

NOISE: Final = frozenset(
    """
    data export exports table csv all report full master sample dump sf salesforce shopify stripe hubspot zendesk
    intercom qualtrics woocommerce klaviyo magento postgres snowflake databricks bigquery gql raw clean final
    new old copy list extract backup my our tbl dim fact stg header only olist dataset alle liste
    """.split()  # noqa: SIM905
)
"""Words of file names that do not say what is in the file."""


def nouns_of(file: str) -> frozenset[str]:
    """Return what a file's name says is in it, without extension, dates and words such as export."""
    stem = file.replace("\\", "/").rsplit("/", 1)[-1].split(".")[0]
    told = [singular(word) for word in words(stem) if word not in NOISE and not word.isdigit()]
    parent = file.replace("\\", "/").rsplit("/", 2)[-2] if "/" in file.replace("\\", "/") else ""
    names = {" ".join(told), _noun(parent)}
    return frozenset(name for name in names if name)


def tables_of(file: str) -> tuple[str, ...]:
    """Return the tables that a file's name says it feeds."""
    named = nouns_of(file)
    return tuple(table for table, nouns in FILE_NOUNS.items() if named.intersection(nouns))


def rank(file: str, table: str) -> int:
    """Return how plainly a file's name says that it holds a table: 0 for `customers`, more for `users`."""
    named = nouns_of(file)
    return next((place for place, noun in enumerate(FILE_NOUNS[table]) if noun in named), len(FILE_NOUNS[table]))


def terms(table: str, column: str, *, plain: bool = False) -> tuple[str, ...]:
    """Return the names of a column, the best first; `plain` adds those that say it in a file of that table only."""
    return TELLING[table][column] + (BARE[table].get(column, ()) if plain else ())
