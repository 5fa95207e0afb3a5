"""How accounts are charged: an attempt when a payment is due, two more where it fails, and what is lost for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.worlds.clock import DAY
from rapport.worlds.rules import Levers, plus
from rapport.worlds.streams import Bools, Floats, Ints, Streams

PROVIDERS = {"cardgate": 0.55, "directpay": 0.45}
METHODS = {"cardgate": "card", "directpay": "direct debit"}
RETRIES = (0, 3, 7)
FAILS = (0.045, 0.35, 0.35)


@dataclass(slots=True)
class Paid:
    """The attempts at the payments of one month: `status` succeeded or failed; times are local seconds."""

    who: Ints
    attempt: Ints
    due: Ints
    at: Ints
    amount: Floats
    succeeded: Bools


def attempts(
    streams: Streams, levers: Levers, month: int, asked: Bools, due: Ints, provider: NDArray[Any], amount: Floats
) -> tuple[list[Paid], Bools, Bools]:
    """Return the attempts of a month, whose payment failed at first, and whose was never made.

    A healthy provider tries again after three days and after seven; what `levers.unretried` names is tried once.
    """
    u = streams.uniform((len(asked), len(RETRIES)), "payments/fails", month)
    draws = streams.uniform(len(asked), "payments/unretried", month)
    once = draws < plus(levers.unretried, {"provider": provider}, due)
    open_, failed, lost = asked, np.zeros(len(asked), dtype=np.bool_), np.zeros(len(asked), dtype=np.bool_)
    paid = []
    for attempt, (days, chance) in enumerate(zip(RETRIES, FAILS, strict=True)):
        fails = open_ & (u[:, attempt] < chance)
        who, at = np.flatnonzero(open_), due + days * DAY
        paid.append(Paid(who, np.full(who.size, attempt), due[who], at[who], amount[who], ~fails[who]))
        failed = failed | fails
        lost, open_ = lost | (fails & once), fails & ~once
    return paid, failed, lost | open_
