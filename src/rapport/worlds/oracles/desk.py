"""What the oracle compares at the service desk: a team, topic, channel or day with all the others, or with its past."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from rapport.worlds.clock import CLOSES, DAY, HOUR, NEVER, OPENS, WorkTime, hour, to_utc, weekday
from rapport.worlds.oracle import Scene, Sight, apart, changed, unseen
from rapport.worlds.streams import Bools, Floats, Ints

IN_TIME, LASTING, NEVER_ANSWERED, PASSED_ON, CAME_BACK = -0.10, -0.05, 0.01, 0.25, 0.03
"""The least effects of the audits of first reply and cover, resolution, unanswered, hand-offs and reopens."""
PROMISED = 9 * HOUR
USUAL = 75
AFTERNOON = 15
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def first_reply(scene: Scene) -> Sight:
    """Compare the share answered within the promised working hours after 15:00, the team's with all others'."""
    opened, replied = _local(scene, "opened_at"), _local(scene, "first_reply_at")
    in_time = (replied != NEVER) & (_worked(opened, replied) <= PROMISED)
    old = opened < scene.end - 3 * DAY
    return _compared(scene, in_time, scene.there("tickets", "team"), old & (hour(opened) >= AFTERNOON), IN_TIME)


def cover_gaps(scene: Scene) -> Sight:
    """Compare the share answered in the usual time on the weekday that has nobody, since then, with other days'."""
    opened, replied = _local(scene, "opened_at"), _local(scene, "first_reply_at")
    in_time = _usual(scene, _worked(opened, replied), replied != NEVER)
    usable = (opened >= scene.since) & (opened < scene.end - 7 * DAY)
    return _compared(scene, in_time, weekday(opened) == DAYS.index(scene.scope["weekday"].lower()), usable, IN_TIME)


def resolution_time(scene: Scene) -> Sight:
    """Compare the share solved in the usual working time, the topic's before and since, net of all others'."""
    opened, solved = _local(scene, "opened_at"), _local(scene, "resolved_at")
    in_time = _usual(scene, _worked(opened, solved), solved != NEVER).astype(np.float64)
    usable = opened < scene.end - 14 * DAY
    there = scene.there("tickets", "topic")
    return changed(in_time, scene.customers("tickets"), there, opened >= scene.since, usable, LASTING)


def unanswered(scene: Scene) -> Sight:
    """Compare the share never answered in the channel with all others'."""
    opened, replied = _local(scene, "opened_at"), _local(scene, "first_reply_at")
    if not (replied != NEVER).any():
        return unseen(NEVER_ANSWERED)
    patience = np.percentile((replied - opened)[replied != NEVER], 95)
    return _compared(
        scene, replied == NEVER, scene.there("tickets", "channel"), opened < scene.end - patience, NEVER_ANSWERED
    )


def hand_offs(scene: Scene) -> Sight:
    """Compare the hand-offs of a ticket of the topic with all others'."""
    count = scene.numbers("tickets", "handoffs")
    there = scene.there("tickets", "topic")
    return apart(np.nan_to_num(count), scene.customers("tickets"), there, ~np.isnan(count), PASSED_ON)


def reopens(scene: Scene) -> Sight:
    """Compare the share that comes back of what the team solved at least a fortnight ago with all others'."""
    first = scene.seconds("tickets", "first_resolved_at")
    settled = (first != NEVER) & (first < scene.end - 14 * DAY)
    return _compared(scene, scene.numbers("tickets", "reopens") > 0, scene.there("tickets", "team"), settled, CAME_BACK)


def _compared(scene: Scene, yes: Bools, there: Bools, usable: Bools, least: float) -> Sight:
    return apart(yes.astype(np.float64), scene.customers("tickets"), there, usable, least)


def _local(scene: Scene, column: str) -> Ints:
    """Return times on the company's clock; within two hours of a change of clocks they may be an hour off."""
    times = scene.seconds("tickets", column)
    return np.where(times == NEVER, NEVER, 2 * times - to_utc(times))


def _worked(opened: Ints, until: Ints) -> Floats:
    """Return the seconds of announced opening hours between two local times, 0 where the second never came."""
    known = until != NEVER
    if not opened.size:
        return np.zeros(0)
    days = [datetime.fromtimestamp(int(t), UTC).date() for t in (opened.min(), max(opened.max(), until.max()) + DAY)]
    work = WorkTime.of(date(days[0].year, 1, 1), days[1])
    return np.where(known, _before(work, np.where(known, until, opened)) - _before(work, opened), 0).astype(np.float64)


def _before(work: WorkTime, local: Ints) -> Ints:
    """Return the working seconds that lie before each local time."""
    day = np.clip(np.searchsorted(work.starts, local, side="right") - 1, 0, None)
    before: Ints = work.worked[day] + np.clip(local - work.starts[day], 0, (CLOSES - OPENS) * HOUR)
    return before


def _usual(scene: Scene, seconds: Floats, ended: Bools) -> Bools:
    """Return which cases ended within the time in which three quarters of those of their channel did."""
    channel = scene.text("tickets", "channel")
    in_time = np.zeros(ended.shape, dtype=np.bool_)
    for name in sorted(set(channel)):
        own = channel == name
        if (own & ended).any():
            in_time |= own & ended & (seconds <= np.percentile(seconds[own & ended], USUAL))
    return in_time
