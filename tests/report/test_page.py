"""The report is one safe, sound and complete page."""

import re
from collections import Counter
from copy import deepcopy
from itertools import pairwise

import pytest

from rapport.core.finding import NO_VALUE
from rapport.engine.judge import ROWS_WITHIN
from rapport.report.html import prepare, render
from rapport.report.queries import halves
from tests.report.hostile import HOSTILE, LONG, ORDER
from tests.report.page import colours, contrast, elements, page
from tests.report.sample import document

SECTIONS = [
    "opinion",
    "scope",
    "record",
    "measures",
    "conduct",
    "health",
    "leaving",
    "segments",
    "advice",
    "foretold",
    "findings",
    "good-practice",
    "in-order",
    "roadmap",
    "not-concluded",
    "follow-up",
    "method",
    "appendix",
]


def test_texts_stay_texts() -> None:
    text = page()
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(" in text
    assert Counter(e.tag for e in elements(text))["script"] == 1
    assert ORDER.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in text


def test_no_attribute_holds_what_a_text_smuggled_in() -> None:
    for element in elements(page()):
        assert not any(name.startswith("on") for name in element.words), element
        assert not any("<bdi" in value for value in element.words.values()), element


def test_signs_that_turn_the_line_are_shut_in() -> None:
    text = page()
    assert "\u202e" in text
    assert text.count("\u202e") == text.count("<bdi>\u202e</bdi>")


def test_signs_that_no_page_may_hold_are_shown_as_unreadable() -> None:
    page().encode("utf-8")
    assert "half \ufffd a sign, \ufffd and \ufffd[31m" in page()


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render(document()) == page()


def test_nothing_is_fetched() -> None:
    text = page()
    for element in elements(text):
        for name, value in element.words.items():
            if name in ("href", "src", "action", "data", "poster"):
                assert value.startswith(("#", "data:,")), element
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "http:" not in text
    assert "https:" not in text
    policy = next(e.words["content"] for e in elements(text) if e.words.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    found = elements(page())
    ids = Counter(e.words["id"] for e in found if "id" in e.words)
    assert [i for i, n in ids.items() if n > 1] == []
    for element in found:
        target = element.words.get("href", "")
        if target.startswith("#"):
            assert target[1:] in ids, target
        for name in ("aria-labelledby", "aria-describedby", "data-with"):
            assert all(one in ids for one in element.words.get(name, "").split()), element


def test_headings_are_in_order() -> None:
    levels = [int(e.tag[1]) for e in elements(page()) if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_sections_are_in_the_order_of_an_audit_report() -> None:
    found = [e.words["id"] for e in elements(page()) if e.tag == "section"]
    assert found == SECTIONS


def test_what_is_empty_is_left_out_heading_and_all() -> None:
    found = [e.words["id"] for e in elements(page("empty")) if e.tag == "section"]
    assert found == ["opinion", "scope", "record", "follow-up", "method"]
    ids = {e.words.get("id") for e in elements(page("empty"))}
    for element in elements(page("empty")):
        if element.words.get("href", "").startswith("#"):
            assert element.words["href"][1:] in ids, element


def test_every_picture_says_what_it_shows() -> None:
    for element in elements(page()):
        if element.tag == "svg":
            told = element.words.get("aria-label", "")
            assert element.words.get("aria-hidden") == "true" or (element.words.get("role") == "img" and len(told) > 6)
    text = page()
    assert (
        "Orders delivered within 48 hours, by region. North (marked): 71.2\u00a0% (69.6 – 72.8\u00a0%, n\u00a03,118)"
        in text
    )
    assert "promised: 95.0\u00a0%" in text


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read(scheme: int) -> None:
    tokens = colours(page())[scheme]
    for ground in ("paper", "card"):
        for ink in ("ink", "mut", "accent", "bad", "warn", "good"):
            assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
        assert contrast(tokens["rule"], tokens[ground]) >= 3, ground
    for ink in ("ink", "mut"):
        assert contrast(tokens[ink], tokens["code"]) >= 4.5
    assert contrast(tokens["on"], tokens["bad"]) >= 4.5


def test_a_long_word_cannot_stretch_the_page() -> None:
    assert LONG in page()
    assert "overflow-wrap: anywhere" in page()


def test_a_large_audit_stays_a_small_file() -> None:
    run = document()
    many = [deepcopy(f) for _ in range(3) for f in run["findings"]][:60]
    for i, one in enumerate(many):
        one["id"] = one["incident"] = f"{one['id']}-{i}"
        query = one["evidence"][0]
        before, last = halves(query["sql"])
        query["sql"] = before.replace("deliveries AS (", "deliveries AS (" + "  -- prepared\n" * 600) + last
        query["sample"] = [dict.fromkeys([f"column_{c}" for c in range(22)], "2011-11-09T12:00:00")] * 8
        one["evidence"].append({**query, "kind": "rows"})
    run["findings"] = many
    run["metrics"] = (run["metrics"] * 3)[:80]
    assert len(render(run).encode()) < 2_000_000


def test_severity_and_confidence_are_said_apart_and_statuses_have_shapes() -> None:
    text = page()
    assert 'Critical<span class="hidden"> severity</span>' in text
    assert "Confidence <data" in text
    for status in ("nonconforming", "opportunity", "good_practice", "conforming", "not_assessable", "error"):
        assert f'class="sign {status}"' in text


def test_what_is_done_beforehand_changes_nothing() -> None:
    prepare()
    assert render(document()) == page()


def test_those_measured_in_a_place_are_not_called_affected() -> None:
    run = document()
    one, other = run["findings"][:2]
    one["consequence"] |= {"customers": 1230, "value": None, "assumptions": [NO_VALUE]}
    other["consequence"] |= {"customers": 1231}
    text = render(run)
    assert re.search(r"1,230(</\w+>)? customers measured in this place", text)
    assert re.search(r"1,231(</\w+>)? customers affected", text)


@pytest.mark.parametrize(
    ("scope", "effect", "said"),
    [
        ({"plan": "Plus"}, 0.058, "net of what the others did at the same time"),
        ({}, 0.058, "net of the season"),
        ({"plan": "Plus"}, 0.0649999, None),
    ],
)
def test_a_difference_that_is_not_that_of_the_two_numbers_says_what_was_taken_off(
    scope: dict[str, str], effect: float, said: str | None
) -> None:
    run = document()
    run["findings"] = [{**run["findings"][0], "scope": scope}]
    run["findings"][0]["condition"] |= {"value": 0.089, "baseline": 0.024, "effect": effect, "onset": "2025-08-01"}
    text = render(run)
    assert ("net of" in text) is (said is not None)
    assert said is None or said in text


def test_in_order_says_the_rule_it_follows_and_nothing_larger_than_what_matters() -> None:
    text = page()
    start = text.index('<section id="in-order"')
    told = text[start : text.index("</section>", start)]
    assert "four fifths of the rows" in told
    assert ROWS_WITHIN == 4 / 5
    assert "would have been seen" not in told


def test_times_of_sample_rows_say_which_clock_they_are_of() -> None:
    captions = re.findall(r"<caption>(.*?)</caption>\s*<thead>(.*?)</thead>", page(), re.DOTALL)
    timed = [caption for caption, head in captions if "_at</th>" in head]
    assert timed
    assert all(caption.endswith(", times in UTC") for caption in timed)
    assert not any("UTC" in caption for caption, head in captions if "_at</th>" not in head)
