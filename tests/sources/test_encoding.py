"""Letters survive whatever an export did to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.sources.encoding import detect_encoding

GERMAN = "Kunde;Straße;Ort\nMüller;Hauptstraße 5;Köln\nJäger;Größe L;Düsseldorf\n"
FRENCH = "client;ville;remarque\nHélène;Besançon;très déçue, où est l'été\nFrançois;Orléans;prêt à payer\n"
SPANISH = "cliente;ciudad\nJosé Muñoz;Málaga\nMaría Núñez;Córdoba\nÓscar Peña;León\n"
SHOUTED = "MÜLLER;KÖLN\nJÄGER;DÜSSELDORF\n"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH, SHOUTED, "name\nStraße\n", "name\nGruß\n", "prix\nmarché\n"])
@pytest.mark.parametrize("codec", ["cp1252", "cp850", "utf-8", "utf-8-sig", "utf-16"])
def test_a_short_export_comes_back_letter_by_letter(text: str, codec: str) -> None:
    found = detect_encoding(text.encode(codec), True)
    assert text.encode(codec).decode(found) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_zeros(codec: str) -> None:
    assert detect_encoding(GERMAN.encode(codec), True) == codec


def test_signs_of_windows_are_not_taken_for_letters_of_dos() -> None:
    text = "Preis;Notiz\n12,50 €;Größe „M“ – l’été\n£3;Geht’s?\n"
    assert detect_encoding(text.encode("cp1252"), True) == "cp1252"


def test_a_letter_cut_in_half_at_the_end_of_the_head_is_no_damage() -> None:
    head = "Köln, Münster, Zür".encode() + "ü".encode()[:1]
    assert detect_encoding(head, False) == "utf-8"
    assert detect_encoding(head, True) != "utf-8"


def test_two_damaged_bytes_do_not_make_a_utf_8_file_something_else() -> None:
    text = ("Müller;Köln\n" * 50).encode()
    assert detect_encoding(text + b"M\xfcller\n" + text, True) == "utf-8"


def test_bytes_that_windows_does_not_know_leave_latin_1() -> None:
    assert detect_encoding("Müller\nJäger\nKöhler".encode("latin-1") + b"\n\x81x\n", True) == "latin-1"


def test_nul_bytes_in_a_text_are_no_utf_16() -> None:
    assert detect_encoding(b"a,b\n1,\x00\x00\n2,x\n", True) == "utf-8"


@given(st.binary(max_size=300), st.booleans())
def test_every_heap_of_bytes_gets_a_codec_that_python_knows(head: bytes, complete: bool) -> None:
    head.decode(detect_encoding(head, complete), "replace")
