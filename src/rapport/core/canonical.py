"""The same thing always written the same way: canonical JSON, rounding and hashes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

SIGNIFICANT_DIGITS = 9

# Summing in another order moves a double in its last two digits. A sum of money often ends exactly half-way between two
# roundings (1747936.485), where that would decide the ninth digit: such dust is taken off first.
WITHOUT_DUST = 13
_SHORT = 10.0**SIGNIFICANT_DIGITS


def rounded(value: float) -> float | None:
    """Return `value` with nine significant digits, or None where it is not a finite number."""
    if -_SHORT < value < _SHORT and value.is_integer():
        return float(value)
    if not math.isfinite(value):
        return None
    return float(f"{float(f'{value:.{WITHOUT_DUST}g}'):.{SIGNIFICANT_DIGITS}g}")


def beside(difference: float, *levels: float) -> float:
    """Return a difference without the decimals that the levels it lies between do not have.

    Of two levels known to nine digits the difference is known to the same decimals, however small it is; further ones
    change with the order of summing. What is not finite is returned as it is.
    """
    largest = max((abs(x) for x in (difference, *levels) if math.isfinite(x)), default=0.0)
    if not largest or not math.isfinite(difference):
        return difference
    exponent = int(f"{largest:.{SIGNIFICANT_DIGITS - 1}e}".partition("e")[2])
    return round(difference, SIGNIFICANT_DIGITS - 1 - exponent)


def plain(value: Any) -> Any:
    """Return dataclasses, decimals, times and tuples as what JSON can hold, floats rounded, keys as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, bool) or value is None or (isinstance(value, str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int):
        return value
    if isinstance(value, (float, Decimal)):
        return rounded(float(value))
    if isinstance(value, datetime):
        return value.isoformat(sep="T", timespec="auto")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [plain(v) for v in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)]
    return plain(value.item()) if hasattr(value, "item") else str(value)


def canonical(value: Any) -> str:
    """Return canonical JSON: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
