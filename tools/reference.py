"""Writes docs/reference from the code, or says with --check which pages are stale."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import typer
from pydantic import TypeAdapter

from rapport.app.catalogue import audit_page, error_page, metric_page
from rapport.cli.main import app
from rapport.core.audit import CATEGORIES, SECTIONS
from rapport.core.errors import ERRORS
from rapport.core.outcome import Status
from rapport.core.run import SCHEMA, Run
from rapport.core.table import Column
from rapport.engine.registry import registry
from rapport.record import TABLES

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


def audits() -> str:
    """Return the page of every audit."""
    known = registry().audits.values()
    parts = [table(("audit", "question"), ((f"[`{a.id}`](#{a.id})", a.question) for a in known))]
    for category in CATEGORIES:
        own = [a for a in known if a.category == category]
        parts += [f"## {category.capitalize()}"] if own else []
        parts += [f"### {a.id}\n\n{_sections(audit_page(a).text)}" for a in own]
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


def commands() -> str:
    """Return the page of every command with its arguments and options."""
    group = typer.main.get_command(app)
    parts = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        rows = []
        for param in command.params:
            if "--help" in param.opts:
                continue
            option = param.opts[0].startswith("-")
            shown = ", ".join(param.opts) if option else param.metavar or param.name.upper().rstrip("_")
            default = "" if param.default in (None, False, ()) else str(param.default)
            words = f" {param.metavar}" if option and param.metavar else ""
            rows.append((f"`{shown}{words}`", param.help or "", f"`{default}`" if default else ""))
        parts.append(f"## rapport {name}\n\n{command.help}\n\n" + table(("word", "meaning", "default"), rows))
    lead = (
        "Exit status: 0 done; 1 a limit, a verification or a comparison failed; 2 wrong usage or unreadable input, "
        "with one line that says what and what to do; 70 a mistake of Rapport's own."
    )
    return page("Commands", lead, parts)


def errors() -> str:
    """Return the page of every error code."""
    parts = [f"## {error.code}\n\n{error_page(error).text}" for error in ERRORS]
    return page("Errors", "An error is one line: where, what, and what to do. `rapport explain CODE` says more.", parts)


def statuses() -> str:
    """Return the page of the ways an audit can end."""
    return page("Statuses", "An audit ends in exactly one of these.", [table(("status", "when"), STATUS.items())])


def schema() -> dict[str, object]:
    """Return the JSON Schema of `audit.json`."""
    made = TypeAdapter(Run).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **made}


def document() -> str:
    """Return the page of `audit.json`."""
    rows = [(f"`{n}`", str(s.get("description", "")) or _kind(s)) for n, s in schema()["properties"].items()]  # type: ignore[attr-defined]
    lead = f"The one document an audit produces, schema `{SCHEMA}`; in full: [audit.schema.json](audit.schema.json)."
    return page("audit.json", lead, [table(("key", "holds"), rows)])


def _kind(schema_: dict[str, object]) -> str:
    reference = schema_.get("$ref") or (schema_.get("items") or {}).get("$ref", "")  # type: ignore[attr-defined]
    name = str(reference).rpartition("/")[2]
    return f"{'list of ' if schema_.get('type') == 'array' else ''}{name or schema_.get('type', 'anything')}"


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {
        "audits.md": audits(),
        "metrics.md": metrics(),
        "tables.md": tables(),
        "commands.md": commands(),
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
