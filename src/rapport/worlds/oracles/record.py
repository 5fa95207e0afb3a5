"""What the oracle compares in the record itself: rows missing, doubled, emptied, an hour off or not allowed."""

from __future__ import annotations

import math

import numpy as np
import pyarrow.compute as pc

from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.oracle import FEWEST, Scene, Sight, contrast, unseen
from rapport.worlds.streams import Bools, Floats

EMPTY, TWICE, LOST, HALF_AN_HOUR = 0.10, 0.005, 0.005, 0.5
"""The least effects of the audits of completeness, totals and lost scores; clocks move by whole hours."""
GAP, AROUND = 21 * DAY, 56 * DAY
PROMOTION = ("promotion", "win_back")


def record_completeness(scene: Scene) -> Sight:
    """Compare the share of empty fields in the planted source before and since."""
    table, column = scene.scope["table"], scene.scope["column"]
    there = scene.text(table, "channel") == scene.scope["channel"]
    late = scene.seconds(table, "ordered_at") >= scene.since
    empty = (scene.text(table, column) == "").astype(np.float64)
    parts = ((1.0, there & late), (-1.0, there & ~late))
    return contrast(empty, np.arange(len(empty)), parts, EMPTY)


def record_gaps(scene: Scene) -> Sight:
    """Compare the rows of the three weeks with those of the eight weeks on either side; anything missing is a gap."""
    opened = scene.seconds(scene.scope["table"], "opened_at")
    inside = int(((opened >= scene.since) & (opened < scene.since + GAP)).sum())
    sides = (opened >= scene.since - AROUND) & (opened < scene.since + GAP + AROUND)
    around = int(sides.sum()) - inside
    if around < AROUND // DAY:
        return unseen(0.0)
    expected = around * GAP / (2 * AROUND)
    days = (opened[sides] - scene.since) // DAY
    scatter = _scatter(np.bincount(days - days.min()).astype(np.float64))
    missing = 1 - inside / expected
    se = math.sqrt(scatter * (inside + expected**2 / around)) / expected
    return Sight(missing, 0.0, se, inside)


def _scatter(daily: Floats) -> float:
    """Return how much more than Poisson's the days scatter, by the differences of successive weeks, at least 1."""
    return max(1.0, float(np.mean((daily[7:] - daily[:-7]) ** 2)) / 2 / float(daily.mean()))


def control_totals(scene: Scene) -> Sight:
    """Count the orders that are there twice: the same customer, second and amount; all but one of each are too many."""
    orders = scene.tables["orders"]
    same = orders.group_by(["customer_id", "ordered_at", "amount"]).aggregate([("order_id", "count")])
    there = same.num_rows
    if not there:
        return unseen(TWICE)
    share = (orders.num_rows - there) / there
    return Sight(share, TWICE, math.sqrt(share * (1 + share) / there), there)


def clock_shift(scene: Scene) -> Sight:
    """Read by how many hours the planted channel's clock is turned against the other channels', since then.

    The score of an order is the logarithm of how much likelier its hour is on a clock turned by one: its mean is known
    for a right clock and for one that is an hour late, and lies between them in proportion to the turn.
    """
    at = scene.seconds("orders", "ordered_at")
    there, late = scene.there("orders", "channel"), at >= scene.since
    hours = at % DAY // HOUR
    usual = np.bincount(hours[late & ~there], minlength=24) + 1.0
    usual /= usual.sum()
    turned = np.roll(usual, 1)
    score = np.log(turned / usual)
    right, wrong = float(usual @ score), float(turned @ score)
    found = score[hours[there & late]]
    reach = wrong - right
    if found.size < FEWEST or not reach > 0:
        return unseen(HALF_AN_HOUR)
    return Sight(
        (float(found.mean()) - right) / reach,
        HALF_AN_HOUR,
        float(found.std()) / math.sqrt(found.size) / reach,
        found.size,
    )


def lost_scores(scene: Scene) -> Sight:
    """Count the answered surveys of the kind that have no score."""
    answered = scene.seconds("feedback", "answered_at") != NEVER
    there: Bools = answered & (scene.text("feedback", "kind") == scene.scope["kind"])
    missing = np.isnan(scene.numbers("feedback", "score")).astype(np.float64)
    return contrast(missing, scene.customers("feedback"), ((1.0, there),), LOST)


def consent(scene: Scene) -> Sight:
    """Count the promotions sent after the customer took the consent back: facts, of which one is one too many."""
    refused = scene.tables["consents"].filter(pc.invert(scene.tables["consents"]["granted"]))
    own = scene.customers("touches")
    no = np.full(scene.tables["customers"].num_rows, np.iinfo(np.int64).max)
    withdrawn = Scene({**scene.tables, "consents": refused}, scene.scope, scene.since, scene.end)
    no[withdrawn.customers("consents")] = withdrawn.seconds("consents", "at")
    sent = np.isin(scene.text("touches", "purpose"), PROMOTION)
    breaches = int((sent & (scene.seconds("touches", "sent_at") > no[own])).sum())
    if not breaches:
        return unseen(0.0)
    return Sight(breaches / int(sent.sum()), 0.0, 0.0, int(sent.sum()))
