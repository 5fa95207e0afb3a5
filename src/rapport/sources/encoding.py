"""In which alphabet a file was saved, so that Müller does not become MÃ¼ller."""

from __future__ import annotations

import codecs
from typing import Final

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT: Final = 20_000
UNDEFINED: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
"""The bytes that mean nothing in cp1252."""

COMMON: Final = frozenset("äöüßéèàçñóáíúêôâîûëïœæøå")
UNCOMMON: Final = frozenset("ãõìòùýÿðþšž")
COMMON_CAPITALS: Final = frozenset("ÄÖÜÉÈÀÇÑÓÁÍÚÅØÆŒ")
SPACED: Final = frozenset("àéèóyíáñ")
TYPOGRAPHIC: Final = frozenset("‘’‚“”„–—…•€£°«»©®™§¿¡ºª´·²³½¼ \u00a0")
VOWELS: Final = frozenset("aeiouyäöüéèAEIOUYÄÖÜ")
IMPOSSIBLE: Final = -8.0
DRAWING: Final = -5.0
ODD: Final = -3.0


def detect_encoding(head: bytes, complete: bool, name: str = "") -> str:
    """Return the Python codec that reads the file whose first bytes are `head`.

    A byte-order mark decides, then whether the bytes are UTF-8, then which of the three old Western code pages gives
    words rather than noise. The rest of the file may still hold a byte the codec does not know: decode with
    ``errors="replace"``. `complete` says whether `head` is the whole file; `name` is not looked at.
    """
    for mark, codec in MARKS:
        if head.startswith(mark):
            return codec
    wide = _wide(head)
    if wide:
        return wide
    if _is_utf8(head, complete):
        return "utf-8"
    undefined = any(head.count(byte) for byte in UNDEFINED)
    western = "latin-1" if undefined else "cp1252"
    return "cp850" if _score(head, "cp850") > _score(head, "cp1252") else western


def _wide(head: bytes) -> str:
    """Return the UTF-16 codec of text without a byte-order mark: every other byte of Western text is then zero."""
    sample = head[:4096]
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return ""


def _is_utf8(head: bytes, complete: bool) -> bool:
    """Say whether the bytes are UTF-8, but for a letter cut in half at the end and very few damaged places."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, complete)
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        whole = sum(1 for letter in text if letter > "\x7f" and letter != "\ufffd")
        return whole >= 20 * text.count("\ufffd")
    return True


def _score(head: bytes, codec: str) -> float:
    """Return how much the text looks like words when read with `codec`."""
    text = head.decode(codec, "replace")
    total, looked_at = 0.0, 0
    for place, letter in enumerate(text):
        if letter <= "\x7f":
            continue
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        total += _likely(letter, before, after)
        looked_at += 1
        if looked_at == LOOKED_AT:
            break
    return total


def _likely(letter: str, before: str, after: str) -> float:
    """Return how likely a letter beyond ASCII is between its two neighbours."""
    if letter == "\ufffd" or "\x80" <= letter <= "\x9f":
        return IMPOSSIBLE
    if letter in TYPOGRAPHIC:
        return _likely_sign(letter, before, after)
    if not letter.isalpha():
        return DRAWING if "\u2500" <= letter <= "\u259f" or letter == "■" else ODD
    if before.isdigit() or after.isdigit():
        return ODD
    return _likely_capital(letter, before, after) if letter.isupper() else _likely_small(letter, before, after)


def _likely_sign(letter: str, before: str, after: str) -> float:
    """Judge punctuation: an apostrophe or a hyphen may stand in a word, a currency sign may not."""
    if before.isalpha() and after.isalpha():
        return 1.0 if letter == "’" else ODD
    if letter in "€£" and not (before.isdigit() or after.isdigit() or before.isspace() or after.isspace()):
        return 0.0
    return 1.0


def _likely_capital(letter: str, before: str, after: str) -> float:
    """Judge a capital: it begins a word, or stands among capitals."""
    base = 2.0 if letter in COMMON_CAPITALS else 0.5
    if before.isalpha() and not before.isupper():
        return ODD
    if not before.isalpha() and not after.isalpha():
        return -1.0
    return base


def _likely_small(letter: str, before: str, after: str) -> float:
    """Judge a small letter by its language's habits: ß follows a vowel, á rarely does, none stands among capitals."""
    if letter not in COMMON and letter not in UNCOMMON:
        return -1.0
    base = 3.0 if letter in COMMON else 1.0
    if letter == "ß":
        return base if before in VOWELS and not (before.isupper() and after.isupper()) else ODD
    if letter == "á" and (before in "aeoäöü" or (before in "iuy" and not after.isalpha())):
        return -1.0
    if before.isupper() and after.isupper():
        return -2.0
    if not before.isalpha() and not after.isalpha():
        return 1.0 if letter in SPACED else -1.0
    return base
