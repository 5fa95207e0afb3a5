"""Charts show what they are given, in the page's own colours, the same every time."""

import re

import pytest

from rapport.core.canonical import plain
from rapport.core.outcome import Bar, Chart
from rapport.report.charts import can_draw, chosen, each, picture
from rapport.report.scales import domain, ticks
from rapport.report.trace import trace


def of(kind: str, *bars: Bar, unit: str = "share", reference: float | None = None) -> dict[str, object]:
    made: dict[str, object] = trace(plain(Chart(kind, "Kept", unit, bars, reference, "promised")), "chart")
    return made


SOME = (Bar("North", 0.7, 0.6, 0.8, 120, True), Bar("South", 0.9, None, None, None), Bar("Isle", None, None, None, 3))
MONTHS = tuple(
    Bar(f"2011-{m:02d}", None if m == 4 else m * 2.0, m * 2 - 1.0, m * 2 + 1.0, 50, m == 6) for m in range(1, 9)
)


def test_dots_are_labelled_and_traced() -> None:
    svg = str(picture(of("dots", *SOME, reference=0.95)))
    for text in ("North", "70.0\u00a0%", "n\u00a0120", "too few", "promised 95\u00a0%"):
        assert f">{text}<" in svg, text
    assert 'data-path="chart.bars.0.value" data-as="share"' in svg
    assert "var(--mark)" in svg
    assert "var(--ink)" in svg


@pytest.mark.parametrize("kind", ["line", "step"])
def test_a_course_has_its_ends_its_marked_month_and_a_gap(kind: str) -> None:
    svg = str(picture(of(kind, *MONTHS, unit="days", reference=7.0)))
    for text in (
        "Jan\u00a02011",
        "Aug\u00a02011",
        "Jun\u00a02011: 12\u00a0days",
        "16\u00a0days",
        "promised 7\u00a0days",
    ):
        assert f">{text}<" in svg, text
    line = next(d for d in re.findall(r'd="([^"]+)"[^>]*stroke-width="2"', svg) if d.count("L") > 3)
    assert line.count("M") == 2, "the month without a value breaks the line"


def test_no_drawing_holds_an_id_or_a_colour_of_its_own() -> None:
    for chart in (of("dots", *SOME), of("line", *MONTHS), of("step", *MONTHS)):
        svg = str(picture(chart))
        assert " id=" not in svg
        assert "url(" not in svg
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) <= {"none"} | {
            f"var(--{name})" for name in ("ink", "mut", "line", "mark")
        }
        assert svg == str(picture(chart))


def test_words_in_charts_are_left_alone() -> None:
    svg = str(picture(of("dots", Bar('v 0.18213 role="a"', 0.5, 0.4, 0.6, 9), unit="number", reference=0.18)))
    assert "v 0.18213 role=" in svg
    assert ">promised 0.18<" in svg


def test_names_in_charts_are_escaped() -> None:
    svg = str(picture(of("dots", Bar('<script>"x"</script>', 0.5, 0.4, 0.6, 9))))
    assert "<script" not in svg


def test_a_long_comparison_keeps_what_is_marked() -> None:
    bars = [Bar(str(i), i / 100, None, None, i, i == 40) for i in range(41)]
    kept = [bar["label"] for bar in chosen(of("dots", *bars))]
    assert len(kept) == 10
    assert kept[-1] == "40"


@pytest.mark.parametrize(
    "chart",
    [None, {}, of("dots"), of("dots", Bar("a", None)), of("line", Bar("2011-01", 1.0)), of("pie", *SOME)],
)
def test_what_cannot_be_drawn_is_left_out(chart: dict[str, object] | None) -> None:
    assert not can_draw(chart)


def test_axes_begin_at_zero_where_zero_matters() -> None:
    assert domain([0.2, 0.6], "share")[0] == 0
    assert domain([0.93, 0.97], "share")[0] > 0.9
    assert domain([0.2, 0.99], "share")[1] <= 1
    assert ticks(0, 400, "minutes") == [0, 180, 360]
    assert ticks(0, 30, "hours") == [0, 12, 24]
    assert ticks(0.0, 1.0, "share") == [0, 0.5, 1]


def test_weeks_are_drawn_by_their_days() -> None:
    bars = [Bar(f"2018-08-{d:02d}", 0.0 if d > 10 else 400.0, None, None, 7, d > 10) for d in (1, 8, 15, 22)]
    chart = of("line", *bars, unit="count")
    svg = str(picture({**chart, "title": "Rows by week"}))
    for text in ("1\u00a0Aug\u00a02018", "22\u00a0Aug\u00a02018", "15\u00a0Aug\u00a02018: 0"):
        assert f">{text}<" in svg, text
    assert "Aug\u00a02018: 0<" in svg
    assert svg.count(": 0<") == 1, "of marked weeks in a row the first is named"
    assert each({**chart, "title": "Rows by week"}) == "a week"
    assert each(of("line", *MONTHS)) == "a month"
    assert each(of("step", *MONTHS)) == "at risk"
    assert each(of("line", *(Bar(f"2011-{m:02d}", 1.0) for m in (1, 4, 7, 10)))) == "a quarter"
