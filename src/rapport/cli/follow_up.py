"""What is printed of two audits compared: the findings by what became of them, then the numbers that moved."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapport.cli.words import clean, count, period
from rapport.core.follow_up import Fate, Followed, FollowUp, Moved
from rapport.core.words import MINUS, grouped, money, share

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

FEW = 10
"""Up to so many numbers are printed whether they moved or not."""

WORDS = {
    Fate.REGRESSED: ("regressed", "bold red"),
    Fate.NEW: ("new", "bold red"),
    Fate.FIXED: ("fixed", "bold green"),
    Fate.IMPROVED: ("improved, not yet in order", "green"),
    Fate.UNCHANGED: ("unchanged", "default"),
    Fate.GONE: ("gone: nothing can be said", "yellow"),
    Fate.NOT_COMPARABLE: ("not comparable", "yellow"),
}


def show(found: FollowUp) -> None:
    """Print a comparison for people."""
    from rich.console import Console
    from rich.padding import Padding

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())

    def say(part: RenderableType) -> None:
        console.print(Padding(part, (0, 2, 1, 2)) if sys.stdout.isatty() else part)

    console.print()
    say(_heading(found))
    for fate in Fate:
        these = [f for f in found.findings if f.fate is fate]
        if these:
            say(_findings(fate, these, found.currency))
    for title, rows in (("Scores", found.scores), ("Metrics", found.metrics)):
        if rows:
            say(_table(title, rows, found.currency, console))
    for note in found.notes:
        say(f"note  {clean(note)}")


def _heading(found: FollowUp) -> RenderableType:
    from rich.text import Text

    number = Counter(f.fate for f in found.findings)
    told = " · ".join(
        f"{number[fate]} {WORDS[fate][0].partition(',')[0].partition(':')[0]}" for fate in Fate if number[fate]
    )
    span = f"{period(found.before.start, found.before.end)}, then {period(found.after.start, found.after.end)}"
    return Text.assemble(
        (clean(found.company) or "The company", "bold"),
        (f"   {span}\n", "dim"),
        (f"{count(len(found.findings), 'finding')}:  ", "dim"),
        (told or "none in either audit", ""),
    )


def _findings(fate: Fate, these: Sequence[Followed], currency: str) -> RenderableType:
    from rich.text import Text

    word, ink = WORDS[fate]
    lines = Text(word.capitalize(), ink)
    for one in these:
        lines.append(f"\n  {clean(one.title)}", "bold")
        lines.append(f"   {one.severity}  {one.id}", "dim")
        if one.before is not None and one.after is not None:
            apart = not one.id.endswith("/change")
            was, now = (_amount(v, one.unit, currency, sign=apart) for v in (one.before, one.after))
            told = "gap" if apart else "level"
            lines.append(f"\n    {told} {was} → {now}{_span(one, currency)}. ")
        else:
            lines.append("\n    ")
        lines.append(clean(one.reason), "dim")
    return lines


def _span(one: Followed | Moved, currency: str) -> str:
    if one.change is None:
        return ""
    told = _amount(one.change, one.unit, currency, sign=True)
    if one.low is None or one.high is None:
        return f" ({told})"
    limits = f"{_amount(one.low, one.unit, currency, sign=True)} to {_amount(one.high, one.unit, currency, sign=True)}"
    return f" ({told}; {limits})"


def _table(title: str, rows: Sequence[Moved], currency: str, console: Console) -> Table:
    from rich.table import Table

    table = Table(title=None, box=None, pad_edge=False, header_style="dim", width=None if console.is_terminal else 140)
    for name, side in ((title, "left"), ("before", "right"), ("after", "right"), ("difference", "left"), ("", "left")):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    quiet = sum(row.moved is False for row in rows)
    for row in rows:
        if row.moved is False and len(rows) > FEW:
            continue
        name = f"{row.name}, {row.segment}" if row.segment else row.name
        was, now = (_amount(v, row.unit, currency) if v is not None else "–" for v in (row.before, row.after))
        verdict = "moved" if row.moved else "within noise" if row.moved is False else clean(row.reason)
        table.add_row(
            clean(name), was, now, _span(row, currency).strip(" ()"), verdict, style="bold" if row.moved else ""
        )
    if quiet and len(rows) > FEW:
        table.add_row(f"{quiet} more", "", "", "", "within noise", style="dim")
    return table


def _amount(value: float, unit: str, currency: str, *, sign: bool = False) -> str:
    """Return a value in its unit; with `sign` as a difference."""
    plus = "+" if sign and value > 0 else ""
    if unit == "share":
        points = 100 * value
        return plus + (f"{grouped(points, 1)} points" if sign else share(value))
    if unit == "money":
        return plus + (money(value, currency) if value >= 0 else MINUS + money(-value, currency))
    digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 10 else 2
    word = f" {unit}" if unit in ("hours", "minutes", "days", "points") else ""
    return f"{plus}{grouped(value, digits)}{word}"
