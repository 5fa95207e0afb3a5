"""What makes accounts loyal beside what they experience: a feature they use, or only how much they use everything."""

from __future__ import annotations

import numpy as np

from rapport.worlds.rules import Levers, times
from rapport.worlds.streams import Floats, Ints
from rapport.worlds.subscription.accounts import Accounts
from rapport.worlds.subscription.using import FEATURES, OFFERED, Adoption


def loyalty(levers: Levers, accounts: Accounts, adoption: Adoption, plan: Ints, at: int) -> Floats:
    """Return the log of how many times as loyal as usual each account is: 0 for all in a healthy company."""
    uses = adoption.takes & OFFERED[plan] & (adoption.since <= at)
    columns = {f"uses {name}": np.where(uses[:, place], "yes", "no") for place, name in enumerate(FEATURES)}
    more: Floats = np.log(times(levers.loyal, columns, np.full(accounts.n, at))) + levers.heavy * np.tanh(
        2 * accounts.drive
    )
    return more
