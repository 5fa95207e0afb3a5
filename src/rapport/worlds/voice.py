"""What customers answer when they are asked: would they recommend the shop, were they content, was it easy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.buying import Orders
from rapport.worlds.clock import DAY, HOUR, NEVER
from rapport.worlds.desk import Cases
from rapport.worlds.rules import Levers, plus
from rapport.worlds.streams import Bools, Floats, Ints, Streams

SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
ANSWERS = {"nps": 0.50, "csat": 0.46, "ces": 0.46}
POINTS = {"returns": "returns", "invoice": "billing", "payment": "billing", "subscription": "billing"}


@dataclass(slots=True)
class Asked:
    """Questions of one kind asked in a month; `answered` is `NEVER` where nobody answered; `about` is case or order."""

    kind: str
    month: int
    about: str
    who: Ints
    slot: Ints
    at: Ints
    answered: Ints
    score: Floats
    touchpoint: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked after a moment: of whom (`asked`), when, about which moment, and in which mood they are."""

    kind: str
    about: str
    asked: Bools
    at: Ints
    touchpoint: NDArray[Any]
    mood: Floats


def ask(streams: Streams, levers: Levers, orders: Orders, cases: Cases, content: Floats, here: Bools) -> list[Asked]:
    """Return what was asked in a month: after cases, after parcels, after buying, and every quarter for the whole."""
    month, n = orders.month, len(content)
    begin, end = orders.span
    own = content[:, None]
    solved = cases.there & (cases.resolved != NEVER)
    half = streams.uniform(cases.there.shape, "voice/case", month) < 0.5
    point = np.vectorize(lambda topic: POINTS.get(topic, "support"), otypes=["<U12"])(cases.topic)
    after = cases.resolved + HOUR
    case_mood = own + 1.2 * cases.felt
    arrived = orders.there & (orders.delivered != NEVER)
    drawn = streams.uniform(orders.there.shape, "voice/parcel", month)
    parcel = np.full(orders.there.shape, "delivery")
    buying = np.full(orders.there.shape, "checkout")
    came = own + np.where(orders.late, -1.0, 0.1)
    turn = (here & ((np.arange(n) + month) % 3 == 0))[:, None]
    day = (streams.uniform((n, 1), "voice/day", month) * ((end - begin) // DAY)).astype(np.int64)
    day = begin + day * DAY + 10 * HOUR
    whole = np.full((n, 1), "relationship")
    questions = (
        Question("csat", "case", solved & half, after, point, case_mood),
        Question("ces", "case", solved & ~half, after, point, case_mood),
        Question("csat", "order", arrived & (drawn < 0.35), orders.delivered + 26 * HOUR, parcel, came),
        Question("ces", "order", orders.there & (drawn > 0.80), orders.at + HOUR // 2, buying, own + 0.1),
        Question("nps", "", turn, day, whole, own),
    )
    return [answers(streams, levers, question, month) for question in questions]


def answers(streams: Streams, levers: Levers, question: Question, month: int) -> Asked:
    """Return who was asked and what they answered: their mood, the noise of the moment, and what was done to scores."""
    shape = question.asked.shape
    name = f"voice/{question.kind}/{question.about}"
    mood = np.broadcast_to(question.mood, shape)
    noise = streams.normal(shape, f"{name}/noise", month)
    columns = {"kind": np.full(shape, question.kind), "touchpoint": question.touchpoint}
    shift = plus(levers.scores, columns, question.at)
    if question.kind == "nps":
        angry = streams.uniform(shape, f"{name}/angry", month)
        raw = np.where(angry < 0.05, 40 * angry, 8.1 + 0.9 * mood + 1.3 * noise)
        falls = streams.uniform(shape, f"{name}/falls", month) < plus(levers.nps_fallen, columns, question.at)
        raw = np.where(falls, np.clip(raw, *SCALES["nps"]) - 4, raw)
    elif question.kind == "csat":
        raw = 4.35 + 0.40 * mood + 0.62 * noise
    else:
        raw = 5.75 + 0.55 * mood + 0.85 * noise
    low, high = SCALES[question.kind]
    score = np.clip(np.round(raw + shift), low, high)
    late = (streams.uniform(shape, f"{name}/delay", month) ** 2 * 3 * DAY).astype(np.int64) + 20 * 60
    yes = streams.uniform(shape, f"{name}/answers", month) < ANSWERS[question.kind]
    kept = question.asked
    who = np.broadcast_to(np.arange(shape[0])[:, None], shape)
    slot = np.broadcast_to(np.arange(shape[1]), shape)
    answered = np.where(yes, question.at + late, NEVER)
    return Asked(
        question.kind,
        month,
        question.about,
        who[kept],
        slot[kept],
        question.at[kept],
        answered[kept],
        score[kept],
        question.touchpoint[kept],
    )
