"""What is printed after an audit: the opinion, the score, what matters most and where the report is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rapport.cli.words import clean, count, period, score, span

if TYPE_CHECKING:
    from rich.text import Text

Run = Mapping[str, Any]

TOP = 5
STATUSES = (
    ("nonconforming", "nonconforming"),
    ("opportunity", "opportunity"),
    ("good_practice", "good practice"),
    ("conforming", "conforming"),
    ("not_assessable", "not assessable"),
    ("error", "crashed"),
)
INK = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "default"}


def show(run: Run, report: Path, notes: Sequence[str], *, as_json: bool, shared: Path | None = None) -> None:
    """Print the summary of a run, or the run itself for programs."""
    if as_json:
        import json

        typer.echo(json.dumps(run, ensure_ascii=False, indent=1, sort_keys=True))
        return
    from rich.console import Console
    from rich.padding import Padding

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
    console.print()
    for part in (_heading(run), _verdict(run), _opinion(run), _counts(run), *_findings(run), _rows(run)):
        if part is not None:
            console.print(Padding(part, (0, 2, 1, 2)) if sys.stdout.isatty() else part)
    for note in notes:
        console.print(_text(("  note  ", "dim"), (clean(note), "")))
    console.print(_text(("  report  ", "dim"), (str(report), "bold")))
    if shared is not None:
        console.print(_text(("  to share  ", "dim"), (str(shared.parent), "bold"), ("  nobody is named in it", "dim")))


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)


def _heading(run: Run) -> Text:
    name = clean(run["company"]) or "The company"
    return _text((name, "bold"), (f"   {period(run['period']['start'], run['period']['end'])}", "dim"))


def _verdict(run: Run) -> Text:
    opinion, reliability = run["opinion"], run["reliability"]
    grade = f"{opinion['grade']}   " if opinion["grade"] else ""
    return _text(
        (grade + score(opinion["score"], opinion["low"], opinion["high"]), "bold"),
        (f"   {opinion['coverage']:.0%} of the relationship could be looked into", "dim"),
        (f"   record: {clean(reliability['opinion'])}", "dim"),
    )


def _opinion(run: Run) -> Text:
    return _text((clean(run["opinion"]["text"]), "italic"))


def _counts(run: Run) -> Text:
    ended = Counter(audit["status"] for audit in run["audits"])
    plural = {"opportunity": "opportunities"}
    said = [
        f"{ended[status]} {word if ended[status] == 1 else plural.get(status, word)}"
        for status, word in STATUSES
        if ended[status]
    ]
    return _text((count(len(run["audits"]), "audit") + ":  ", "dim"), (" · ".join(said), ""))


def _findings(run: Run) -> list[Text]:
    worth_saying = [f for f in run["findings"] if f["status"] in ("nonconforming", "opportunity")]
    incidents: dict[str, Mapping[str, Any]] = {}
    for finding in worth_saying:
        incidents.setdefault(finding["incident"], finding)
    lines = []
    for number, finding in enumerate(list(incidents.values())[:TOP], start=1):
        value = finding["consequence"]["value"]
        at_stake = f"\n   {span(value, run['currency'])} at stake" if value else ""
        lines.append(
            _text(
                (f"{number}. ", "dim"),
                (clean(finding["title"]), "bold"),
                (f"   {finding['severity']}", INK.get(finding["severity"], "")),
                (f", confidence {finding['confidence']:.0%}", "dim"),
                (at_stake, ""),
            )
        )
    rest = len(incidents) - TOP
    if rest > 0:
        lines.append(_text((f"and {count(rest, 'more finding')} in the report", "dim")))
    return lines


def _rows(run: Run) -> Text:
    read = sum(i["rows"] for i in run["inputs"])
    rejected = sum(i["rejected"] for i in run["inputs"])
    where = "; rejects.parquet says which, in which file and why" if rejected else ""
    return _text(("rows  ", "dim"), (f"{read:,} read, {rejected:,} rejected{where}", ""))
