"""Texts from customers are shown as texts: never as markup, never able to turn the line around them."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def readable(text: str) -> str:
    """Return the text with characters that no page may hold replaced by the sign for an unreadable one."""
    return FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(value: Any) -> Any:
    """Return a text as markup that shows exactly it; signs that reverse the reading direction are shut in."""
    if value is None:
        return ""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = str(escape(readable(value)))
    return Markup(TURNING.sub(lambda sign: f"<bdi>{sign[0]}</bdi>", text))


def verbatim(text: str) -> Markup:
    """Return a query for the inside of an element, never of an attribute: its quotation marks stay as they are."""
    return Markup(str(shown(text)).replace("&#34;", '"').replace("&#39;", "'"))


def breakable(name: str) -> Markup:
    """Return a long name that a narrow column may break after its underscores."""
    return Markup(str(shown(str(name))).replace("_", "_<wbr>"))


def upright(value: Any) -> str:
    """Return a text without signs that reverse the reading direction, for where they cannot be shut in."""
    return TURNING.sub("", readable(str(value)))


def in_attribute(value: Any) -> Markup:
    """Return a text for the inside of an attribute."""
    return escape(upright(value))
