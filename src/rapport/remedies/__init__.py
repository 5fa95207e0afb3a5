"""What to do about a finding: the advice, one file an audit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from rapport.core.finding import Remedy


@cache
def remedies() -> Mapping[str, Remedy]:
    """Return the advice by the audit it belongs to."""
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(__path__, f"{__name__}.")]
    return {m.REMEDY.audit: m.REMEDY for m in modules}
