"""The report in a real browser: quiet, without a network, on any width, in any light, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.page import page

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page(), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield launched
        launched.close()


def opened(browser: Any, report: str, **words: Any) -> tuple[Any, list[str], list[str]]:
    """Return the page with what it said on the console and what it asked for beyond itself."""
    context = browser.new_context(**words)
    tab = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(report)
    return tab, said, [url for url in asked if url != report and not url.startswith("data:")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 400, 820, 1280])
def test_the_page_is_quiet_and_fits(browser: Any, report: str, width: int, scheme: str) -> None:
    tab, said, asked = opened(browser, report, viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert said == []
    assert asked == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    beyond = tab.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(e => !e.closest('.scroll, pre, svg, .hidden, .quiet') && e.getBoundingClientRect().width > 0
                         && e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert beyond == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_that_is_shown_can_be_read(browser: Any, report: str, scheme: str) -> None:
    """Contrast as it is drawn, not as it was meant: each text's colour against the ground behind it."""
    tab, _, _ = opened(browser, report, viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    faint = tab.evaluate(
        """() => {
          const linear = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
          const parts = c => c.match(/[\\d.]+/g).map(Number);
          const bright = c => { const [r, g, b] = parts(c).map(linear); return .2126 * r + .7152 * g + .0722 * b; };
          const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
              if (c !== 'rgba(0, 0, 0, 0)' && c !== 'transparent') return c; } return 'rgb(255, 255, 255)'; };
          const found = new Set();
          for (const e of document.querySelectorAll('body *')) {
            const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            if (!own || e.closest('script, style, .skip, .anchor, .rank')) continue;
            const style = getComputedStyle(e), colour = e.closest('svg') ? style.fill : style.color;
            if (!colour.startsWith('rgb') || style.display === 'none') continue;
            const [a, b] = [bright(colour), bright(ground(e))].sort((x, y) => y - x);
            if ((a + .05) / (b + .05) < 4.5) found.add(`${e.tagName} ${e.className.baseVal ?? e.className} ${colour}`);
          }
          return [...found];
        }"""
    )
    assert faint == []


def test_a_query_can_be_copied_with_its_preparations(browser: Any, report: str) -> None:
    tab, said, _ = opened(browser, report, permissions=["clipboard-read", "clipboard-write"])
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    shortened = tab.locator(".query:has(pre[data-with])").first
    shortened.locator("button").click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("WITH orders AS (")
    assert copied.endswith(shortened.locator("pre").text_content())
    assert said == []


def test_everything_can_be_read_without_scripts(browser: Any, report: str) -> None:
    tab, _, _ = opened(browser, report, java_script_enabled=False)
    assert tab.locator("button:visible").count() == 0
    assert tab.locator("details.evidence summary:visible").count() > 5
    assert tab.locator("h1").inner_text().startswith("Lantern & Loom")


def test_a_link_to_what_is_folded_unfolds_it(browser: Any, report: str) -> None:
    tab, _, _ = opened(browser, report, viewport={"width": 1280, "height": 900})
    folded = tab.locator(".slim details:not([open]) > div[id^=finding-]").first
    place = folded.get_attribute("id")
    assert not folded.is_visible()
    tab.locator(f".register a[href='#{place}']").first.click()
    assert tab.locator(f"#{place}").is_visible()


def test_the_keyboard_reaches_the_report_and_can_be_seen(browser: Any, report: str) -> None:
    tab, _, _ = opened(browser, report, viewport={"width": 1280, "height": 900})
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Tab")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_paper_has_pages_in_light_and_lines_for_an_answer(browser: Any, report: str) -> None:
    tab, said, _ = opened(browser, report, color_scheme="dark")
    pdf = tab.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") > 5
    tab.emulate_media(media="print")
    assert tab.locator(".response").first.is_visible()
    assert not tab.locator("nav.contents").is_visible()
    assert tab.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#1b2230"
    assert said == []


def test_nothing_moves(browser: Any, report: str) -> None:
    tab, _, _ = opened(browser, report)
    moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
    assert tab.evaluate(moving) == 0
    assert tab.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("width", [320, 390])
def test_the_moves_and_the_lists_are_read_without_scrolling_on_a_phone(browser: Any, report: str, width: int) -> None:
    tab, _, _ = opened(browser, report, viewport={"width": width, "height": 800})
    for name in ("matrix", "leavers", "groups", "actions", "beside", "domains"):
        wide = tab.evaluate(
            """name => [...document.querySelectorAll(`.scroll:has(> .${name})`)]
                .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.getAttribute('aria-label'))""",
            name,
        )
        assert wide == [], name
    first = tab.locator(".matrix tbody td:not(:empty)").first
    label = first.evaluate("e => getComputedStyle(e, '::before').content")
    assert "Champions" in label


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_of_moves_can_be_read_on_their_colour(browser: Any, report: str, scheme: str) -> None:
    tab, _, _ = opened(browser, report, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    worst = tab.evaluate(
        """() => {
          const linear = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
          const parts = c => c.match(/[\\d.]+/g).map(Number).map(linear);
          const bright = c => { const [r, g, b] = parts(c); return .2126 * r + .7152 * g + .0722 * b; };
          return Math.min(...[...document.querySelectorAll('.matrix td:not(:empty)')].map(e => {
            const both = [getComputedStyle(e, '::before').color, getComputedStyle(e).backgroundColor];
            const [a, b] = both.map(bright).sort((x, y) => y - x);
            return (a + .05) / (b + .05); }));
        }"""
    )
    assert worst >= 4.5


def test_pictures_of_health_and_of_the_forecast_are_drawn(browser: Any, report: str) -> None:
    tab, _, _ = opened(browser, report, viewport={"width": 1280, "height": 900})
    bars = tab.locator("#health svg .bar")
    assert bars.count() == 7
    tallest = max(range(7), key=lambda i: bars.nth(i).bounding_box()["height"])
    assert tallest == 3
    dots = tab.locator("#leaving figure:has(.even) svg").first.locator("circle.dot")
    assert dots.count() == 10
    places = [dots.nth(i).bounding_box() for i in range(10)]
    assert [p["x"] for p in places] == sorted(p["x"] for p in places)
    assert [p["y"] for p in places] == sorted((p["y"] for p in places), reverse=True)
