"""Draws how a year of real purchases was foretold, week by week, or says with --check that the picture is stale."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rapport.models.buying.choosing import choose, origins_within
from rapport.models.buying.holdout import origin, score, starts_of, tracking
from rapport.models.buying.purchase_days import purchase_days

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "cdnow" / "cdnow_master.parquet"
PICTURE = ROOT / "docs" / "explanation" / "tracking.svg"
END, AHEAD, WEEK = 272, 273, 7
"""Day 272 since the beginning of 1997 is 30 September; 273 days follow."""
WIDE, HIGH, LEFT, TOP, BOTTOM = 720, 360, 64, 24, 44


class Tracked(NamedTuple):
    """Weeks since the beginning, repeat purchase days until then (actual, foretold), and the two totals after it."""

    weeks: NDArray[np.float64]
    actual: NDArray[np.float64]
    foretold: NDArray[np.float64]
    model: str
    happened: float
    said: float


def tracked(data: Path) -> Tracked:
    """Return what happened and what was foretold; the model is chosen and fitted on what was known on day 272."""
    table = pq.read_table(data)
    who = np.unique(np.asarray(table["customer_id"]), return_inverse=True)[1]
    day = (np.asarray(table["date"]).astype("datetime64[D]") - np.datetime64("1997-01-01")).astype(np.int64)
    days = purchase_days(who, day)
    known = days.until(END)
    histories, _, _ = known.histories(END)
    choice = choose(histories, *known.repeat_ages(END), origins_within(known, END, AHEAD))
    fared = score(choice.best, origin(days, END, END + AHEAD))
    weeks = np.arange(0, (END + AHEAD) / WEEK + 1)
    times = np.minimum(weeks * WEEK, END + AHEAD)
    first = dict(zip(*(part.tolist() for part in known.firsts()[:2]), strict=True))
    repeats = np.sort(
        [d for c, d in zip(days.customer.tolist(), days.day.tolist(), strict=True) if d > first.get(c, d)]
    )
    actual = np.searchsorted(repeats, times, side="right").astype(np.float64)
    foretold = tracking(choice.best, *starts_of(histories), times - END)
    return Tracked(weeks, actual, foretold, choice.best.model.name, fared.actual, fared.foretold)


def picture(found: Tracked) -> str:
    """Return the picture as SVG."""
    top = float(max(found.actual.max(), found.foretold.max()))
    step = 10_000
    most = step * -(-top // step)

    def x(week: float) -> float:
        return LEFT + week / float(found.weeks[-1]) * (WIDE - LEFT - 120)

    def y(value: float) -> float:
        return HIGH - BOTTOM - value / most * (HIGH - TOP - BOTTOM)

    def line(values: NDArray[np.float64], style: str) -> str:
        points = " ".join(f"{x(w):.1f},{y(v):.1f}" for w, v in zip(found.weeks.tolist(), values.tolist(), strict=True))
        return f'<polyline points="{points}" fill="none" {style}/>'

    ticks = [
        f'<line x1="{LEFT}" x2="{WIDE - 120}" y1="{y(v):.1f}" y2="{y(v):.1f}" stroke="#ddd"/>'
        f'<text x="{LEFT - 8}" y="{y(v) + 4:.1f}" text-anchor="end">{v:,.0f}</text>'
        for v in np.arange(0, most + 1, step).tolist()
    ]
    weeks = [f'<text x="{x(w):.1f}" y="{HIGH - BOTTOM + 18}" text-anchor="middle">{w}</text>' for w in range(0, 79, 13)]
    cut = x((END + 1) / WEEK)
    ends = [(found.actual, "happened", "#222"), (found.foretold, "foretold", "#0a6")]
    low = min(float(values[-1]) for values, _, _ in ends)
    labels = []
    for values, word, ink in ends:
        height = y(float(values[-1])) + (12 if float(values[-1]) == low else -2)
        labels.append(f'<text x="{WIDE - 112}" y="{height:.1f}" fill="{ink}">{word}</text>')
    middle = (LEFT + WIDE - 120) / 2
    said = (
        f"Repeat purchase days of 23,570 CDNOW customers by week. From week 39 on nothing was known: "
        f"{found.happened:,.0f} followed, {found.said:,.0f} had been foretold ({found.model})."
    )
    body = [
        *ticks,
        *weeks,
        f'<text x="{middle}" y="{HIGH - 6}" text-anchor="middle">weeks since the beginning of 1997</text>',
        f'<line x1="{cut:.1f}" x2="{cut:.1f}" y1="{TOP}" y2="{HIGH - BOTTOM}" stroke="#999" stroke-dasharray="4 3"/>',
        f'<text x="{cut + 6:.1f}" y="{TOP + 12}" fill="#666">not known from here on</text>',
        line(found.actual, 'stroke="#222" stroke-width="2"'),
        line(found.foretold, 'stroke="#0a6" stroke-width="2" stroke-dasharray="6 3"'),
        *labels,
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" font-family="sans-serif" '
            f'font-size="12"><title>{said}</title>',
            *body,
            "</svg>\n",
        ]
    )


def main() -> int:
    """Write the picture, or check it where the data are there."""
    if not DATA.is_file():
        sys.stdout.write("the data of CDNOW are not here: the picture stays as it is\n")
        return 0
    drawn = picture(tracked(DATA))
    if "--check" not in sys.argv:
        PICTURE.write_text(drawn, encoding="utf-8")
        return 0
    stale = not PICTURE.is_file() or PICTURE.read_text(encoding="utf-8") != drawn
    if stale:
        sys.stderr.write(f"{PICTURE.relative_to(ROOT)} is stale: run tools/tracking.py\n")
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main())
