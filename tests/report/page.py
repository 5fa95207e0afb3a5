"""Reads a page the way the tests need it: its elements, their attributes, its colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from rapport.report.html import render
from tests.report.sample import document, empty

HEX = re.compile(r"--(\w+): (#[0-9a-f]{6})")


@dataclass(frozen=True)
class Element:
    tag: str
    words: dict[str, str]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[str] = []
        self.crossed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {k: v or "" for k, v in attrs}))
        if tag not in ("meta", "link", "br", "col", "input", "img", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


@lru_cache(maxsize=2)
def page(which: str = "whole") -> str:
    return render(document() if which == "whole" else empty())


def elements(text: str) -> list[Element]:
    reader = _Elements()
    reader.feed(text)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    assert not reader.crossed, f"closed in the wrong order: {reader.crossed}"
    return reader.found


def colours(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tokens for light and for dark."""
    style = text[text.index("<style>") : text.index("</style>")]
    blocks = re.findall(r":root \{(.*?)\n\s*\}", style, re.DOTALL)
    light, dark = (dict(HEX.findall(block)) for block in blocks[:2])
    return light, dark


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""

    def brightness(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
