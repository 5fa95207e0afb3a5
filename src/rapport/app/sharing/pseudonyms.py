"""Gives names that could be a person's another name, always the same one, which only the company can trace."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rapport.core.errors import OutputError
from rapport.core.words import code

KEY = "share.key"
LONG_ENOUGH = 4
"""From this many letters on a name is replaced wherever it is a word; a shorter one only beside what it names."""


def key_in(out: Path) -> bytes:
    """Return the secret of the audit folder, made once and kept there, outside of what is shared."""
    file = out / KEY
    try:
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
                made.write(secrets.token_hex(32) + "\n")
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as problem:
        todo = "remove it; another one is made, and with it other pseudonyms"
        raise OutputError("cannot be used as the key of the pseudonyms", where=str(file), todo=todo) from problem


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The names to be hidden, by what they name (`team`, `source`), and what stands in their place.

    The longest are replaced first, so that a name within another one leaves no half of it behind.
    """

    instead: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, hidden: Iterable[tuple[str, str]], key: bytes) -> Pseudonyms:
        """Return pseudonyms made with a key: without it nobody can try out who stands behind one."""
        made = {}
        for kind, name in sorted(hidden, key=lambda pair: (-len(pair[1]), pair)):
            digest = hmac.new(key, f"{kind}\0{name}".encode(), sha256).hexdigest()
            made[kind, name] = f"{kind.replace('_', ' ')}-{digest[:8]}"
        return cls(made)

    def everywhere(self, value: Any) -> Any:
        """Return plain data in which no text holds a hidden name."""
        return _mapped(value, self._replacer())

    def _replacer(self) -> Callable[[str], str]:
        rules = [rule for (kind, name), other in self.instead.items() for rule in _rules(kind, name, other)]

        def replaced(text: str) -> str:
            for pattern, other in rules:
                text = pattern.sub(other, text)
            return text

        return replaced


def _rules(kind: str, name: str, other: str) -> Iterable[tuple[re.Pattern[str], str]]:
    """Return how a name is found: in a scope, in the id of a finding, beside its kind, as words of a sentence."""
    spoken = kind.replace("_", " ")
    yield re.compile(rf"(?<![^,/]){re.escape(code({kind: name}))}(?![^,/])"), f"{kind}={other}"
    yield re.compile(rf"(?i:(?<!\w){re.escape(spoken)}) {re.escape(name)}(?!\w)"), other
    yield re.compile(rf"\A{re.escape(name)}\Z"), other
    if len(name) >= LONG_ENOUGH:
        for written in {name, code({"": name}).removeprefix("=")}:
            yield re.compile(rf"(?<!\w){re.escape(written)}(?!\w)"), other


def _mapped(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {k: _mapped(v, text) for k, v in value.items()}
    if isinstance(value, list):
        return [_mapped(v, text) for v in value]
    return value
