"""Says how the mix of new customers moved, and what that does to what they bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.core.words import SIGNS, grouped, money
from rapport.measures.drift import Drift
from rapport.models.mix_rate import MixRate

WORTH = 0.03
"""From this part of the average amount on, what the mix did to it counts."""
NAMES = {
    "basket": "size of the first order",
    "acquisition_channel": "acquisition channel",
    "channel": "order channel",
    "region": "region",
    "plan": "plan",
    "segment": "segment",
}


@dataclass(frozen=True, slots=True)
class Story:
    """The words: which days are compared, and what customers begin with."""

    meant: Mapping[str, Any]
    currency: str

    @property
    def seasonal(self) -> bool:
        """Whether the same days of the year are compared."""
        return bool(self.meant["same_season"])

    @property
    def now(self) -> str:
        """The newer days."""
        return f"in the newest {grouped(self.meant['window'])} days"

    @property
    def then(self) -> str:
        """The days they are compared with."""
        if not self.seasonal:
            return "in as many days before"
        years = round(float(self.meant["back"]) / 364)
        return "in the same days a year before" if years == 1 else f"in the same days {years} years before"

    @property
    def begins_with(self) -> str:
        """What a new customer brings."""
        return "first order" if self.meant["kind"] == "orders" else "price a month"

    def amount(self, value: float) -> str:
        """Return money in words, with cents where it is little."""
        sign = SIGNS.get(self.currency, self.currency)
        return money(value, self.currency) if abs(value) >= 20 else f"{sign} {grouped(value, 2)}".strip()


def on_average(d: Drift) -> float:
    """Return what the mix did to the average, as a part of what it was; 0 where it is not known.

    Kinds of first order are told apart by the amount itself: there all of the change is meant.
    """
    if d.split is None:
        return 0.0
    then = sum(k.then * k.amount_then[0] for k in d.kinds.values() if k.then > 0 and math.isfinite(k.amount_then[0]))
    rows = sum(k.then for k in d.kinds.values() if k.then > 0 and math.isfinite(k.amount_then[0]))
    return _moved(d.split, d.column) / (then / rows) if rows and then > 0 else 0.0


def _moved(split: MixRate, column: str) -> float:
    return split.total if column == "basket" else split.mix


def consequence_said(d: Drift, story: Story, effect: float) -> str:
    """Say in the title what the shift does to the average."""
    if d.split is None or abs(effect) < WORTH:
        return ""
    change = story.amount(abs(_moved(d.split, d.column)))
    smaller = "smaller" if effect < 0 else "larger"
    if d.column == "basket":
        return f"; the average {story.begins_with} is {change} {smaller}"
    return f"; that alone makes the average {story.begins_with} {change} {smaller}"


def split_said(d: Drift, story: Story) -> str:
    """Say how the average changed, and how much of that is the mix; nothing where no amounts are known."""
    if d.split is None:
        return ""
    if d.column == "basket":
        return f" The average {story.begins_with} changed by {signed(d.split.total, story)}."
    total, mix, rate = (signed(x, story) for x in (d.split.total, d.split.mix, d.split.rate))
    half = 1.96 * d.split.rate_se
    low, high = (signed(d.split.rate + x, story) for x in (-half, half)) if math.isfinite(half) else ("", "")
    apart = abs(on_average(d)) >= WORTH and d.split.mix * d.split.rate < 0 and abs(d.split.rate) > half
    hidden = " The average hides that: the two pull in opposite directions." if apart else ""
    return (
        f" The average {story.begins_with} changed by {total}: {mix} because other customers came, {rate}"
        f"{f' ({low} to {high})' if low else ''} because the same kind of customer brings more or less.{hidden}"
    )


def signed(value: float, story: Story) -> str:
    """Return a change of money with its sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{story.amount(abs(value))}"
