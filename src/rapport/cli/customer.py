"""`rapport customer`: one relationship, its health with the reasons, what to do next, and what happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rapport.cli.words import clean
from rapport.core.words import MINUS, SIGNS, grouped, opening, share

if TYPE_CHECKING:
    from rich.text import Text

    from rapport.app.customer import Customer, Moment

WORDS = {
    "orders": "bought",
    "subscriptions": "contract",
    "payments": "payment",
    "tickets": "case opened",
    "messages": "message",
    "touches": "contacted",
    "feedback": "survey",
    "events": "event",
    "usage": "last used",
    "referrals": "recommended you",
    "loyalty": "loyalty programme",
    "deals": "deal",
    "consents": "consent",
    "tasks": "task",
    "goals": "goal set",
}
DOMAINS = ("engagement", "communication", "sentiment", "outreach", "commitment")
BAR = 10
SURE = 0.995
ROOM = 90
GONE = "Health is measured of active customers: this one is not active any more."


def customer(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The customer's id in the record.", show_default=False)],
    audit: Annotated[
        Path, typer.Option("--audit", metavar="DIR", help="The folder of the audit.", readable=False)
    ] = Path("rapport-out"),
    json_: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Print one relationship: its health with the reasons, its value, what to do next, and what happened."""
    from rapport.app.customer import customer as look_up

    found = look_up(id_, audit)
    if json_:
        from rapport.core.canonical import canonical

        typer.echo(canonical(found))
        return
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
    for line in _lines(found):
        console.print(line)


def _lines(found: Customer) -> Iterator[Text | str]:
    from rich.text import Text

    card = found.card
    names = [card.get("profile"), card.get("segment"), card.get("value_tier")]
    heading = " · ".join(str(n) for n in names if n)
    yield Text.assemble((clean(str(card["customer_id"])), "bold"), (f"  {heading}", "dim"))
    yield ""
    yield from _health(card)
    yield from _prospects(found)
    yield from _next(found)
    for problem in found.problems:
        yield Text(f"Not all could be computed. {clean(problem)}", "yellow")
    if found.problems:
        yield ""
    yield Text("What happened", "bold")
    for moment in found.timeline:
        yield Text.assemble((f"  {moment.at:%Y-%m-%d %H:%M}  ", "dim"), _said(moment, found.currency))
    if not found.timeline:
        yield "  nothing that the record dates"


def _health(card: Mapping[str, Any]) -> Iterator[Text | str]:
    from rich.text import Text

    if card.get("health") is None:
        yield GONE if card.get("active") is False else "Health is not known of this customer."
        yield ""
        return
    limits = f"{card['health_low']:.0f} to {card['health_high']:.0f}"
    known = f"{share(card['coverage'], 0)} of it rests on something known"
    yield Text.assemble(("Health ", "bold"), (f"{card['health']:.0f}", "bold"), (f"  ({limits}; {known})", "dim"))
    for domain in DOMAINS:
        points = card[domain]
        half = max(-BAR, min(BAR, round(points)))
        bar = f"{'▆' * -half:>{BAR}}│{'':{BAR}}" if half < 0 else f"{'':{BAR}}│{'▆' * half:<{BAR}}"
        ink = "red" if half < 0 else "green"
        sign = MINUS if points < 0 else "+"
        yield Text.assemble(f"  {opening(domain):14} ", (bar, ink), f" {sign}{abs(points):.1f}")
    reasons = [str(card[f"health_reason_{i}"]) for i in (1, 2, 3) if card.get(f"health_reason_{i}")]
    if reasons:
        yield f"  {opening('; '.join(reasons))}."
    yield ""


def _prospects(found: Customer) -> Iterator[Text | str]:
    card = found.card
    parts = []
    if card.get("value") is not None:
        sign = SIGNS.get(found.currency, found.currency)
        limits = f"{grouped(card['value_low'])} to {grouped(card['value_high'])}"
        parts.append(f"Worth {sign} {grouped(card['value'])} ({limits}) of expected margin")
    if card.get("probability_active") is not None and card["probability_active"] < SURE:
        parts.append(f"still a customer with {share(card['probability_active'])}")
    if card.get("risk") is not None:
        parts.append(f"risk of leaving {share(card['risk'])}")
    if parts:
        yield f"{'; '.join(parts)}."
        yield ""


def _next(found: Customer) -> Iterator[Text | str]:
    from rich.text import Text

    for action in found.actions:
        held = " (held back, to learn from)" if action.get("arm") == "holdout" else ""
        said = f"{opening(str(action['action']))}: {action['reason']}{held}"
        yield Text.assemble(("Next  ", "bold"), clean(said))
    for name, words in (("again", "May buy again"), ("new", "May like")):
        products = [clean(str(p["product"] or p["product_id"])) for p in found.products if p["list"] == name]
        if products:
            yield f"{words}: {', '.join(products)}."
    if found.actions or found.products:
        yield ""


def _said(moment: Moment, currency: str) -> str:
    """Return a moment in one line; what customers wrote is shown as text and cut."""
    said = [_value(name, value, currency) for name, value in moment.says.items()]
    if moment.table == "feedback" and "score" not in moment.says and "text" not in moment.says:
        said.append("no answer")
    line = clean(": ".join(part for part in (WORDS[moment.table], ", ".join(said)) if part))
    return line if len(line) <= ROOM else f"{line[: ROOM - 1]}…"


def _value(name: str, value: object, currency: str) -> str:
    if isinstance(value, Decimal):
        return f"{SIGNS.get(currency, currency)} {grouped(float(value), 2)}".strip()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if name == "text" else str(value).replace("_", " ")
