"""The catalogue: which questions, measures and errors there are, each explained in full without a network."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from difflib import get_close_matches

from rapport.core.audit import CATEGORIES, Audit, Definition
from rapport.core.errors import ERRORS, RapportError, UsageError
from rapport.engine.registry import registry

ADVICE = {
    "unreadable-input": "Check the path. A record is a folder of CSV, Parquet, JSONL or XLSX files, one such file, or "
    "a zip of them. The line names the file, and the row and column where they are known.",
    "mapping": "Open rapport.toml at the [[mapping]] that is named and compare its columns with the file's header; "
    "`rapport init FOLDER --force` proposes a new one.",
    "config": "Open rapport.toml at the key that is named. Unknown keys are errors, so that a misspelt one is not "
    "silently ignored.",
    "usage": "`rapport COMMAND --help` lists the words that the command knows; `rapport audits` lists the ids.",
    "registry": "An audit, measure or metric of this installation is declared wrongly. If you wrote it, the line says "
    "what to change; if not, please report it.",
    "query": "A measure does not parse, reads a table or column that does not exist, or uses SQL outside the portable "
    "subset. If you did not write it, please report it.",
    "output": "Choose another folder with --out. A folder that is not Rapport's own is kept unless --force is given.",
    "not-comparable": "Audit the newer record again over a period as long as the older audit's: the line says which "
    "--since does it. Other companies, currencies and time zones cannot be compared at all.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue."""

    id: str
    category: str
    question: str
    version: int
    inputs: tuple[str, ...]
    defect: str


@dataclass(frozen=True, slots=True)
class Page:
    """One explanation: `kind` is audit, metric or error; `text` is plain text in paragraphs."""

    kind: str
    id: str
    title: str
    text: str


def catalogue() -> tuple[Entry, ...]:
    """Return every audit, by category in the order of the report, then by id."""
    place = {category: number for number, category in enumerate(CATEGORIES)}
    audits = sorted(registry().audits.values(), key=lambda a: (place.get(a.category, len(place)), a.id))
    return tuple(
        Entry(a.id, a.category, a.question, a.version, tuple(sorted({i.measure for i in a.inputs.values()})), a.defect)
        for a in audits
    )


def explain(id_: str) -> tuple[Page, ...]:
    """Return what is known under an id: an audit and a metric may share one, such as `nps`.

    Raises
    ------
    UsageError
        If nothing has that id; the line suggests the nearest ones.
    """
    known = registry()
    errors = {error.code: error for error in ERRORS}
    wanted = id_.strip()
    pages: list[Page] = []
    if wanted in known.audits:
        pages.append(audit_page(known.audits[wanted]))
    if wanted in known.metrics:
        pages.append(metric_page(known.metrics[wanted]))
    if wanted in errors:
        pages.append(error_page(errors[wanted]))
    if not pages:
        raise UsageError(
            f"nothing is called {wanted!r}", todo=_suggestion(wanted, [*known.audits, *known.metrics, *errors])
        )
    return tuple(pages)


def audit_page(audit: Audit) -> Page:
    """Return the page of an audit: what it declares, then its docstring."""
    needs = ", ".join(sorted({i.measure for n, i in audit.inputs.items() if n not in audit.optional}))
    facts = (
        f"Category: {audit.category}. Version: {audit.version}. Owner: {audit.owner}.",
        f"Criterion: {audit.criteria} (source: {audit.source}).",
        f"Least effect worth acting on: {audit.least_effect:g} {audit.unit}.",
        f"Measures: {needs or 'none'}.",
        f"Planted defect: {audit.defect}.",
    )
    return Page("audit", audit.id, audit.question, "\n\n".join((audit.question, "\n".join(facts), audit.page)))


def metric_page(metric: Definition) -> Page:
    """Return the page of a metric: its definition in full."""
    better = {True: "Higher is better.", False: "Lower is better.", None: "Neither high nor low is better in itself."}
    facts = (
        f"Formula: {metric.formula}",
        f"Who is counted: {metric.inclusion}",
        f"Missing data: {metric.missing}",
        f"Least n: {metric.least_n}",
        f"Interval: {metric.interval}",
        f"Source: {metric.source}",
    )
    text = f"{metric.name} ({metric.label}), in {metric.unit}. {better[metric.higher_is_better]}"
    return Page("metric", metric.id, metric.name, "\n\n".join((text, "\n".join(facts))))


def error_page(error: type[RapportError]) -> Page:
    """Return the page of an error: what it means and what to do."""
    meaning = inspect.cleandoc(error.__doc__ or "")
    advice = f"{ADVICE.get(error.code, '')} The exit status is {error.exit_status}.".strip()
    return Page("error", error.code, meaning, f"{meaning}\n\nWhat to do. {advice}")


def _suggestion(wanted: str, known: list[str]) -> str:
    flat = {id_.replace("_", "-"): id_ for id_ in known}
    near = [flat[match] for match in get_close_matches(wanted.lower().replace("_", "-"), flat, n=3, cutoff=0.5)]
    near += [id_ for id_ in known if wanted and wanted.lower() in id_ and id_ not in near][: 3 - len(near)]
    return f"did you mean {' or '.join(near)}?" if near else "`rapport audits` lists the audits"
