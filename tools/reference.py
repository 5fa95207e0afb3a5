"""Writes docs/reference from the code, or says with --check which pages are stale."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import typer
from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticUndefined
from reference_python import fields_of, python_page, reachable

from rapport.app import config_meanings
from rapport.app.budgets import Budgets
from rapport.app.catalogue import error_page, metric_page
from rapport.app.config_model import Document
from rapport.cli.main import CRASHED, INTERRUPTED, app
from rapport.core.audit import CATEGORIES, SECTIONS, Audit
from rapport.core.errors import ERRORS
from rapport.core.finding import Remedy
from rapport.core.outcome import Status
from rapport.core.run import SCHEMA, Run
from rapport.core.table import Column
from rapport.engine.registry import registry
from rapport.measures.catalogue import measures
from rapport.measures.query import Measure
from rapport.record import TABLES
from rapport.remedies import remedies

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code: change the code, not this page. -->"

STATUS = {
    Status.NONCONFORMING: "the condition misses a criterion: tested, and beyond the least effect worth acting on",
    Status.OPPORTUNITY: "no criterion is missed, but a tested difference shows value left on the table",
    Status.GOOD_PRACTICE: "tested, and clearly better than the criterion",
    Status.CONFORMING: "looked, and the interval lies within the least effect worth acting on: a result, not a silence",
    Status.NOT_ASSESSABLE: "a table, a column or enough rows are missing: says which, and how many would do",
    Status.ERROR: "the audit crashed: said in the report; lowers coverage, never the score",
}


def page(title: str, lead: str, parts: Iterable[str]) -> str:
    """Return a page: title, note, lead and parts, blank lines between."""
    return "\n\n".join([f"# {title}", NOTE, lead, *parts]).rstrip() + "\n"


def cell(text: str) -> str:
    """Return text that cannot break a table row."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(cell(c) for c in row) + " |" for row in rows)])


def _sections(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        lines.append(f"**{line.strip()}.**" if line.strip() in SECTIONS else line.strip())
    return "\n".join(lines)


def _required_tables(measure: str, known: dict[str, Measure]) -> set[str]:
    found: set[str] = set()
    for name in known[measure].needs:
        found |= _required_tables(name, known) if name in known else {name} & TABLES.keys()
    return found


def _data(audit: Audit) -> tuple[str, str]:
    """Return the tables and the columns without which an audit cannot be asked."""
    known = dict(measures())
    asked = [one.measure for name, one in audit.inputs.items() if name not in audit.optional]
    tables_ = sorted({table_ for name in asked for table_ in _required_tables(name, known)})
    columns = [need.replace("|", "` or `") for need in audit.needs]
    linked = ", ".join(f"[`{name}`](tables.md#{name})" for name in tables_)
    return linked or "any table", ", ".join(f"`{column}`" for column in columns) or "no more than the tables require"


def _advice(remedy: Remedy | None) -> str:
    if remedy is None:
        return ""
    lines = (
        f"At once: {remedy.fix_condition}",
        f"For good: {remedy.fix_cause}",
        f"Effort: {remedy.effort} of one person.",
        f"What should move: {remedy.measure}. {remedy.retest}",
    )
    return "**Advice that comes with a finding.** “…” stands for the place it was found in.\n\n" + "\n".join(
        f"- {line.replace('{place}', '…')}" for line in lines
    )


def _audit(audit: Audit) -> str:
    """Return one audit: what it declares as a table, its docstring, its advice."""
    tables_, columns = _data(audit)
    rows = [
        ("criterion", audit.criteria),
        ("where it comes from", audit.source),
        ("least effect worth acting on", f"{audit.least_effect:g} {audit.unit}"),
        ("tables it needs", tables_),
        ("columns it needs", columns),
        (
            "measures",
            ", ".join(f"[`{n}`](measures.md#{n})" for n in sorted({i.measure for i in audit.inputs.values()})),
        ),
        ("planted defect", audit.defect),
        ("owner, version", f"{audit.owner}, version {audit.version}"),
    ]
    facts = table(("", ""), rows)
    parts = (f"### {audit.id}", f"*{audit.question}*", facts, _sections(audit.page), _advice(remedies().get(audit.id)))
    return "\n\n".join(part for part in parts if part)


def audits() -> str:
    """Return the page of every audit."""
    known = registry().audits.values()
    parts = [table(("audit", "question"), ((f"[`{a.id}`](#{a.id})", a.question) for a in known))]
    for category in CATEGORIES:
        own = [a for a in known if a.category == category]
        parts += [f"## {category.capitalize()}"] if own else []
        parts += [_audit(a) for a in own]
    return page("Audits", "Each audit asks one question. `rapport explain ID` prints these pages offline.", parts)


def metrics() -> str:
    """Return the page of every metric."""
    known = registry().metrics.values()
    parts = [table(("metric", "name", "unit"), ((f"[`{m.id}`](#{m.id})", m.name, m.unit) for m in known))]
    parts += [f"## {m.id}\n\n" + metric_page(m).text.replace("\n", "  \n") for m in known]
    return page("Metrics", "One definition each, versioned, printed beside every number it made.", parts)


def _column(column: Column) -> tuple[str, ...]:
    name = f"`{column.name}`" + (" \\*" if column.required else "")
    role = column.role.value + (f" of `{column.of}`" if column.of else "")
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    return name.replace("\\*", "*"), column.type.value, role, column.privacy.value, column.meaning + choices


def tables() -> str:
    """Return the page of every table of the record."""
    lead = (
        "A folder of files named after these tables is a record. `*` marks what must be there. Roles and the as-of "
        "view are explained in [the record](../explanation/record.md)."
    )
    head = ("column", "type", "role", "privacy", "meaning")
    parts = [
        f"## {t.name}\n\nOne row is {t.row}. Key: {', '.join(f'`{k}`' for k in t.key)}.\n\n"
        + table(head, (_column(c) for c in t.columns))
        for t in TABLES.values()
    ]
    return page("Tables of the record", lead, parts)


STATUSES_OF_EXIT = (
    (0, "done"),
    (1, "it ran, and a limit, a verification or a comparison failed"),
    (2, "wrong usage or unreadable input: one line says which file, row and column, and what to do"),
    (CRASHED, "a mistake of Rapport's own; with `RAPPORT_DEBUG=1` the whole trace is shown"),
    (INTERRUPTED, "stopped with Ctrl-C; nothing was left half done"),
)


def _parameters(command: Any) -> list[tuple[str, str, str]]:
    rows = []
    for param in command.params:
        if "--help" in param.opts:
            continue
        option = param.opts[0].startswith("-")
        shown = ", ".join(param.opts) if option else param.metavar or param.name.upper().rstrip("_")
        default = "" if param.default in (None, False, ()) or callable(param.default) else str(param.default)
        words = f" {param.metavar}" if option and param.metavar else ""
        needed = "required" if option and param.required else ""
        rows.append((f"`{shown}{words}`", param.help or "", f"`{default}`" if default else needed))
    return rows


def _commands(group: Any, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(command, f"{before} {name}")
            continue
        told = [
            f"## {before} {name}",
            str(command.help or "").strip(),
            f"```sh\n{_usage(command, f'{before} {name}')}\n```",
        ]
        rows = _parameters(command)
        yield "\n\n".join([*told, table(("word", "meaning", "default"), rows)] if rows else told)


def _usage(command: Any, name: str) -> str:
    words = [p.metavar or p.name.upper() for p in command.params if not p.opts[0].startswith("-")]
    return " ".join([name, *words, "[OPTIONS]"])


def commands() -> str:
    """Return the page of every command with its arguments and options."""
    exits = table(("exit status", "when"), ((f"`{code}`", words) for code, words in STATUSES_OF_EXIT))
    lead = "`rapport COMMAND --help` prints the same. With `--json`, a result is printed for programs."
    return page("Commands", lead, [*_commands(typer.main.get_command(app), "rapport"), f"## Exit status\n\n{exits}"])


KINDS = (
    ("_zone", "time zone, such as Europe/Berlin"),
    ("_day", "day"),
    ("_hour", "time of day, HH:MM"),
    ("_weekday", "day of the week"),
    ("_currency", "three letters, such as EUR"),
    ("Ge(ge=0), Le(le=1)", "number from 0 to 1"),
    ("Ge(ge=0)", "number, 0 or more"),
    ("ge=1", "whole number, 1 or more"),
    ("bool", "true or false"),
    ("float", "number"),
    ("int", "whole number"),
    ("str", "text"),
)
MANY = {
    "day": "days",
    "text": "texts",
    "day of the week": "days of the week",
    "time of day, HH:MM": "two times of day, HH:MM",
}


def _kind_of_key(field: Any) -> str:
    """Return in words what a key of rapport.toml holds."""
    said = f"{field.annotation} {field.metadata}"
    if said.startswith("dict"):
        return "a table of names and " + ("numbers" if "float" in said else "texts")
    one = next(words for sign, words in KINDS if sign in said)
    return MANY.get(one, one) if said.startswith("tuple") else one


def _kind_of_limit(field: Any) -> str:
    """Return in words what a key of a budget holds: its choices, or the kind of value."""
    choices = [str(c) for part in (field.annotation, *get_args(field.annotation)) for c in get_args(part)]
    if "Literal" in str(field.annotation):
        return ", ".join(
            f"`{choice}`" for choice in dict.fromkeys(choices) if "typing" not in choice and "None" not in choice
        )
    return _kind_of_key(field)


def _models(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, bool, list[tuple[str, Any]]]]:
    """Yield every section of rapport.toml: its path, whether it may come several times, its keys."""
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        inner = next(iter(_inner(field.annotation)), None)
        if inner is None:
            if not path:
                yield here, False, [(here, field)]
            continue
        plain = [(f"{here}.{n}", f) for n, f in inner.model_fields.items() if not list(_inner(f.annotation))]
        yield here, "tuple" in str(field.annotation), plain
        yield from _models(inner, here)


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _inner(part)


def config_keys() -> set[str]:
    """Return every key that rapport.toml may hold, by its path."""
    return {key for _, _, keys in _models(Document) for key, _ in keys}


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default in (None, "", (), {}):
        return ""
    return f"`{json.dumps(field.default)}`"


def configuration() -> str:
    """Return the page of every section and key of rapport.toml."""
    parts = []
    for path, many, keys in _models(Document):
        name = f"[[{path}]]" if many else f"[{path}]"
        rows = [
            (
                f"`{key.rpartition('.')[2] if '.' in key else 'NAME'}`",
                config_meanings.KEYS[key],
                _kind_of_key(f),
                _default(f),
            )
            for key, f in keys
        ]
        anchor = path.replace(".", "-").replace("_", "-")
        parts.append(
            f"## `{name}` {{ #{anchor} }}\n\n{config_meanings.SECTIONS[path]}\n\n"
            + table(("key", "meaning", "what it holds", "default"), rows)
        )
    lead = (
        "What no table can hold, and how files feed the record. Every section and every key is optional, but for those "
        "marked as required within a section. An unknown key is an error. `--config FILE` adds to the folder's own "
        "`rapport.toml` and wins where both have a key; lists are replaced as a whole."
    )
    example = '## A whole example { #example }\n\n```toml\n--8<-- "examples/rapport.toml"\n```'
    return page("rapport.toml", lead, [*parts, example])


def budgets() -> str:
    """Return the page of every section and key of a file of budgets."""
    parts = []
    for name, field in Budgets.model_fields.items():
        inner = next(_inner(field.annotation))
        rows = [
            (f"`{key}`", config_meanings.BUDGETS[key], _kind_of_limit(f), _default(f))
            for key, f in inner.model_fields.items()
        ]
        told = inspect.cleandoc(inner.__doc__ or "").partition(": ")[2]
        parts.append(
            f"## `[[{name}]]` {{ #{name} }}\n\n{told[:1].upper()}{told[1:]}\n\n"
            + table(("key", "meaning", "what it holds", "default"), rows)
        )
    lead = (
        "Limits for `rapport assert AUDIT BUDGETS`; [Run in a pipeline](../how-to/run-in-ci.md) says how to use them."
    )
    return page("Budgets", lead, parts)


def measure_pages() -> str:
    """Return the page of every measure: the comment at the head of its file."""
    parts = []
    for folder in sorted({m.folder for m in measures().values()}):
        own = [m for m in measures().values() if m.folder == folder]
        parts.append(f"## {folder.capitalize()}")
        parts += [f"### {m.name}\n\n{m.page}" for m in sorted(own, key=lambda m: m.name)]
    lead = (
        "Facts as SQL, one query a file in `src/rapport/measures`. Audits and metrics name the ones they read; "
        "a finding prints the query with its values written in."
    )
    return page("Measures", lead, parts)


def python() -> str:
    """Return the page of the public names of the package."""
    return page("Python", *python_page())


def errors() -> str:
    """Return the page of every error code."""
    parts = [f"## {error.code}\n\n{error_page(error).text}" for error in ERRORS]
    return page("Errors", "An error is one line: where, what, and what to do. `rapport explain CODE` says more.", parts)


def statuses() -> str:
    """Return the page of the ways an audit can end."""
    return page("Statuses", "An audit ends in exactly one of these.", [table(("status", "when"), STATUS.items())])


OF_CUSTOMERS = (
    (
        "health",
        "`version`, `customers` scored, `profiles` (customers by kind), `coverage` and `half_width` of the "
        "average customer",
    ),
    (
        "health.domains[]",
        "`id`, `points` at most to either side, `coverage`, `p10`, `p50`, `p90` of the points, `indicators[]`",
    ),
    (
        "health.domains[].indicators[]",
        "`id`, `meaning`, `points` by profile, `half_known` (observations of which half is luck), `known` "
        "(share of customers)",
    ),
    (
        "health.distribution[]",
        "`from`, `to`, `customers`",
    ),
    (
        "health.backtest.kinds[]",
        "the risk of leaving at earlier moments: `kind` (shop, contract), `horizon_days`, `origins[]`, "
        "`seasons`, `rows`, `customers`, `leavers`, `base`, `capacity_share` (the list); intervals `auc`, "
        "`lift`, `precision`, `recall`, the same of recency (`lift_recency`, `precision_recency`) and the "
        "differences (`auc_above_recency`, `lift_above_recency`); `auc_baselines` (intervals of `recency`, "
        "`rfm`, `last_answer`; the number of `chance`)",
    ),
    (
        "health.backtest.kinds[].calibration",
        "`on` (whom), `treated`, `held_back`, `foretold`, `observed`, `bins[]` (`foretold`, the interval `observed`)",
    ),
    (
        "health.backtest.kinds[].lead",
        "`false_alarms`, `recall`, `leavers_flagged`, `median_days` before the last sign of life (below 0: "
        "after it), `before_last_sign_share`",
    ),
    (
        "health.backtest.kinds[].missed",
        "`customers`, `of`, `showed[]` (`sign`, `words`, `share`)",
    ),
    (
        "segments[], customers.tiers[]",
        "`name`, `customers`, `money` of a year, `value` ahead, `value_at_risk`, mean `risk` and `health`, "
        "known of so many (`risk_of`, `health_of`)",
    ),
    (
        "customers.migration",
        "`days` between the dates, `moves[]` (`before`, null for not there yet; `after`; `customers`)",
    ),
    (
        "customers.in_common[]",
        "`trait`, `value`, `share_with` and `share_without` it in the top tenth, `difference`, `low`, `high`, "
        "`q_value`, `n`",
    ),
    (
        "customers.actions",
        "`contact_cost`, `left_alone`, `actions[]`: `action`, `customers`, `now`, `held_back`, `value`, "
        "`value_low`, `value_high`, the assumed `effect` (low, middle, high), `contacts`",
    ),
    (
        "customers.next_products",
        "`first` (how many products), `again` and `new`: `hit_rate`, `low`, `high`, `n`",
    ),
    (
        "customers.leaving[]",
        "the twenty with the most at risk: `customer_id`, `segment`, `band`, `risk`, `risk_low`, `risk_high`, "
        "`value`, `at_risk`, `reason_1`, `reason_2`; never in a shared report",
    ),
    (
        "customers.silence",
        "`horizon_days`, `family` of gaps, `watched`, `flagged`, `learned`; `backtest`: `moments`, `watched`, `gone`, "
        "`flagged`, the intervals `recall` and `precision`, the same of `three_gaps` and `recency` with the "
        "`difference`, `lead_days_median`, `lead_gaps_median`, `silent_days_median`",
    ),
    (
        "customers.silent[]",
        "twenty of the flagged: `customer_id`, `last_sign_at`, `silent_days`, `own_gap_days`, `left_p`; never in a "
        "shared report",
    ),
    (
        "models[]",
        "`name`, `target`, `parameters`, `log_likelihood`, `n`, `chosen`, `holdout`; of a risk also "
        "`customers`, `mean_risk`, `bands` (null without colours, `no_colours` says why), `leavers`, "
        "`leavers_needed`",
    ),
    (
        "models[].holdout",
        "`origin`, `horizon_days`, `customers`, `actual`, `foretold`, `low`, `high`, `deviance`, "
        "`baselines[]`, `calibration[]`, `earlier[]`; of candidates `lost`",
    ),
)
"""Where the document speaks of customers: parts without a type of their own."""


def schema() -> dict[str, object]:
    """Return the JSON Schema of `audit.json`."""
    made = TypeAdapter(Run).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **made}


def document() -> str:
    """Return the page of `audit.json`: the document and every object in it."""
    lead = (
        f"The one document an audit produces, schema `{SCHEMA}`; in full: [audit.schema.json](audit.schema.json). "
        "Times are in UTC, shares from 0 to 1, money in the document's currency."
    )
    first, *others = reachable(Run)
    said = "## What is said of customers\n\n" + table(("where", "holds"), ((f"`{w}`", h) for w, h in OF_CUSTOMERS))
    said += (
        "\n\nHow each is made, and when it is wrong: [health and risk](../explanation/health-and-risk.md). A part that "
        "cannot be said is left out, an amount that cannot is null. An interval is `value`, `low`, `high`, `n`."
    )
    return page("audit.json", lead, [_object(first), said, *(_object(one) for one in others)])


def _object(one: type) -> str:
    rows = [(f"`{name}`", kind) for name, kind in fields_of(one)]
    title = "The document" if one is Run else one.__name__
    told = inspect.cleandoc(one.__doc__ or "")
    return f"## {title}\n\n{told}\n\n" + table(("key", "holds"), rows)


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {
        "audits.md": audits(),
        "metrics.md": metrics(),
        "tables.md": tables(),
        "commands.md": commands(),
        "configuration.md": configuration(),
        "budgets.md": budgets(),
        "measures.md": measure_pages(),
        "python.md": python(),
        "errors.md": errors(),
        "statuses.md": statuses(),
        "audit-json.md": document(),
        "audit.schema.json": json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
    }


def main(words: list[str]) -> int:
    """Write the pages, or with --check name the stale ones."""
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in words:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in words and stale:
        print(f"stale in docs/reference: {', '.join(stale)}; run make docs")
        return 1
    print("docs/reference is up to date" if not stale else f"written: {', '.join(stale)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
