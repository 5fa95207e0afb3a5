"""Writes the exports of Brook & Barley, a tea shop that does not exist: three files, as three programs save them."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

START = date(2024, 5, 1)
END = date(2026, 5, 1)
CUSTOMERS = 900
OPENS, CLOSES = 9, 17
GROUPS = {"Shop floor": 0.40, "Orders and invoices": 0.35, "Deliveries": 0.25}
SUBJECTS = {
    "Shop floor": ("Which tea suits me", "Opening a package", "Gift wrapping"),
    "Orders and invoices": ("Invoice", "Payment", "Change of address"),
    "Deliveries": ("Where is my parcel", "Damaged parcel"),
}
STAMP = "%d.%m.%Y %H:%M"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who buys tea: since when, until when, and how many days apart."""

    number: str
    since: datetime
    until: datetime
    gap_days: float


def moment(dice: random.Random, day: date) -> datetime:
    """Return a minute of that day between seven and eleven, most of them around the afternoon."""
    return datetime.combine(day, time(7)) + timedelta(minutes=int(960 * dice.betavariate(2.0, 1.8)))


def at_work(opened: datetime, minutes: float) -> datetime:
    """Return the moment that many working minutes later; somebody is there every day from nine to five."""
    at = opened
    left = timedelta(minutes=minutes)
    while True:
        opening = datetime.combine(at.date(), time(OPENS))
        closing = datetime.combine(at.date(), time(CLOSES))
        at = max(at, opening)
        if at < closing:
            if at + left <= closing:
                return at + left
            left -= closing - at
        at = opening + timedelta(days=1)


def customers(dice: random.Random) -> list[Customer]:
    """Return the customers by number; three in ten buy once and never again."""
    people = []
    days = (END - START).days
    for number in range(1, CUSTOMERS + 1):
        since = moment(dice, START + timedelta(days=int(days * dice.random())))
        stays = 0.0 if dice.random() < 0.3 else dice.expovariate(1 / 700)
        people.append(Customer(f"C{number:04d}", since, since + timedelta(days=stays), dice.gauss(62, 12)))
    return people


def orders(people: Iterable[Customer], dice: random.Random) -> Iterator[tuple[Customer, datetime, float]]:
    """Yield who ordered, when and for how much."""
    for person in people:
        at = person.since
        while at.date() < END and at <= max(person.until, person.since):
            yield person, at, round(dice.lognormvariate(3.4, 0.45), 2)
            at = moment(dice, at.date() + timedelta(days=max(7, int(dice.gauss(person.gap_days, 9)))))


def wait(group: str, late: bool, dice: random.Random, mended: bool) -> float:
    """Return the working minutes until the first answer: after three, invoices wait until tomorrow afternoon."""
    slow = group == "Orders and invoices" and late and not mended
    return dice.lognormvariate(6.6 if slow else 4.5, 0.55)


def order_rows(bought: Iterable[tuple[Customer, datetime, float]], dice: random.Random) -> Iterator[list[str]]:
    """Yield the lines of the web shop's export."""
    yield ["Order number", "Customer number", "Order date", "Total", "Currency", "Status", "Delivery date"]
    for number, (person, at, total) in enumerate(sorted(bought, key=lambda sale: sale[1]), start=1):
        arrived = at + timedelta(hours=dice.gauss(60, 10))
        done = arrived.date() < END
        status = "delivered" if done else "paid"
        yield [f"B{number:05d}", person.number, at.strftime(STAMP), f"{total:.2f}", "EUR", status,
               arrived.strftime(STAMP) if done else ""]  # fmt: skip


def ticket_rows(
    bought: Iterable[tuple[Customer, datetime, float]], dice: random.Random, mended: bool
) -> Iterator[list[str]]:
    """Yield the lines of the help desk's export: every third order brings a question."""
    yield ["Ticket number", "Customer number", "Created", "Answered", "Solved at", "Channel", "Category", "Desk"]
    number = 0
    for person, at, _ in sorted(bought, key=lambda sale: sale[1]):
        if dice.random() > 0.35:
            continue
        opened = moment(dice, at.date() + timedelta(days=dice.randint(0, 4)))
        if opened.date() >= END:
            continue
        number += 1
        group = dice.choices(list(GROUPS), list(GROUPS.values()))[0]
        answered = at_work(opened, wait(group, opened.hour >= 15, dice, mended))
        solved = at_work(answered, dice.lognormvariate(5.2, 0.6))
        yield [f"H{number:05d}", person.number, opened.strftime(STAMP), _before_the_end(answered),
               _before_the_end(solved), dice.choice(("email", "email", "chat")), dice.choice(SUBJECTS[group]),
               group]  # fmt: skip


def _before_the_end(at: datetime) -> str:
    return at.strftime(STAMP) if at.date() < END else ""


def survey_rows(people: Iterable[Customer], dice: random.Random) -> Iterator[list[str]]:
    """Yield the lines of the survey tool's export: one question twice a year, answered by four in ten."""
    yield ["Customer number", "Survey sent at", "Responded at", "How likely are you to recommend us?"]
    for person in people:
        asked = person.since + timedelta(days=45)
        while asked.date() < END:
            replied = asked + timedelta(hours=dice.expovariate(1 / 30))
            answers = dice.random() < 0.4 and replied.date() < END
            score = dice.choices(range(11), (2, 1, 1, 2, 3, 6, 8, 15, 22, 20, 20))[0]
            yield [person.number, asked.strftime(STAMP), replied.strftime(STAMP) if answers else "",
                   str(score) if answers else ""]  # fmt: skip
            asked += timedelta(days=182)


def write(folder: Path, mended: bool = False) -> dict[str, int]:
    """Write the three exports and return their lines; `mended`: had the desk for invoices been as quick as the others.

    Each file is drawn from its own dice, so that what is mended in one changes nothing in another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = customers(random.Random("people"))
    bought = list(orders(people, random.Random("orders")))
    tables = {
        "shop-orders.csv": order_rows(bought, random.Random("parcels")),
        "helpdesk-tickets.csv": ticket_rows(bought, random.Random("questions"), mended),
        "survey.csv": survey_rows(people, random.Random("answers")),
    }
    written = {}
    for name, rows in tables.items():
        lines = list(rows)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";", lineterminator="\n").writerows(lines)
        written[name] = len(lines) - 1
    return written


def main(words: list[str]) -> int:
    """Write the exports into the folder that is named."""
    names = [word for word in words if not word.startswith("-")]
    if len(names) != 1 or set(words) - {*names, "--mended"}:
        print("usage: exports.py FOLDER [--mended]", file=sys.stderr)
        return 2
    for name, lines in write(Path(names[0]), mended="--mended" in words).items():
        print(f"{names[0]}/{name}  {lines:,} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
