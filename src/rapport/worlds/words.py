"""What is written in the letters between a company and its customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.streams import Streams, pick


@dataclass(frozen=True, slots=True)
class Book:
    """The sentences that letters are made of; questions and replies by topic."""

    openings: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]
    closings: tuple[str, ...]
    replies: Mapping[str, tuple[str, ...]]
    manners: tuple[str, ...]
    greetings: tuple[str, ...] = ("Hello,", "Good day,", "Dear customer,")


_OPENINGS = ("Hello,", "Good morning,", "Hi there,", "Dear team,", "Hello Lumen & Loom,", "Good evening,")
_QUESTIONS = {
    "invoice": (
        "my invoice shows the wrong amount.",
        "I cannot find the invoice for my order.",
        "why was I charged twice?",
    ),
    "payment": ("my payment was refused.", "the direct debit came too early.", "which ways to pay are there?"),
    "subscription": (
        "how do I pause the Linen Club?",
        "the price of my plan has changed.",
        "I want to change my plan.",
    ),
    "product": ("does the fabric shrink when washed?", "is the curtain lined?", "which size fits a bed of 1.80?"),
    "order change": ("can I still change the address?", "please add a second towel.", "I ordered the wrong colour."),
    "delivery": ("where is my parcel?", "the tracking has not moved for days.", "nobody rang at the door."),
    "damaged": ("the parcel arrived torn.", "there is a hole in the fabric.", "two seams are open."),
    "returns": ("how do I send this back?", "I am waiting for my refund.", "the return label does not print."),
}
_CLOSINGS = ("Thank you.", "Best wishes", "Please help.", "I look forward to your answer.", "Kind regards")
_REPLIES = {
    "invoice": (
        "We have corrected the invoice and sent it to you again.",
        "The invoice is in your account, under orders.",
    ),
    "payment": ("The payment went through on the second try.", "You can pay by card, by debit or by invoice."),
    "subscription": (
        "You can pause the plan in your account at any time.",
        "Your plan has been changed from next month.",
    ),
    "product": (
        "The fabric is washed beforehand and does not shrink.",
        "That size fits, with a margin of ten centimetres.",
    ),
    "order change": ("We have changed your order.", "The address is corrected."),
    "delivery": (
        "Your parcel left our house; it should reach you tomorrow.",
        "We have asked the carrier and will report.",
    ),
    "damaged": ("We are sending a new one today; keep the other.", "Please send us a photo, then we replace it."),
    "returns": ("The label is attached; the refund follows in five days.", "Your refund was sent today."),
}
_MANNERS = ("We are sorry about this.", "Thank you for writing.", "Thank you for your patience.", "I looked into it.")


SHOP = Book(_OPENINGS, _QUESTIONS, _CLOSINGS, _REPLIES, _MANNERS)


def letters(
    streams: Streams, month: int, topics: NDArray[Any], there: NDArray[np.bool_], book: Book, inbound: bool
) -> list[str]:
    """Return one short letter for each case that is there; what a letter says has no bearing on anything else."""
    u = streams.uniform((*topics.shape, 3), "words/in" if inbound else "words/out", month)[there]
    said = book.questions if inbound else book.replies
    before, after = (book.openings, book.closings) if inbound else (book.greetings, book.manners)
    first = pick(u[:, 0], [1.0] * len(before))
    last = pick(u[:, 2], [1.0] * len(after))
    middle = [said[topic][int(x * len(said[topic]))] for topic, x in zip(topics[there], u[:, 1], strict=True)]
    return [f"{before[a]} {text} {after[b]}" for a, text, b in zip(first, middle, last, strict=True)]
