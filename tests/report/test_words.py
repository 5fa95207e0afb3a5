"""Numbers are written as people write them."""

import pytest

from rapport.report import words
from rapport.report.units import pair, say

N = words.GAP


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.6342, "share", f"63.4{N}%"),
        (1.0, "share", f"100{N}%"),
        (0.9997, "share", f"99.97{N}%"),
        (0.0034, "share", f"0.34{N}%"),
        (0.0, "share", f"0{N}%"),
        (0.997, "coverage", f"99{N}%"),
        (22064, "count", "22,064"),
        (0.18, "count", "0.18"),
        (-1204.4, "number", "−1,204"),
        (31.0, "points", "31"),
        (5.87, "score", "5.87"),
        (58.4, "of-100", "58"),
        (220.0, "minutes", f"3{N}h{N}40"),
        (1585.0, "minutes", f"26{N}h{N}25"),
        (1440.0, "minutes", f"24{N}h"),
        (0.999, "confidence", f">{N}0.99"),
        (90.64, "fine of-100", "90.6"),
        (0.5, "minutes", f"30{N}s"),
        (45.0, "minutes", f"45{N}min"),
        (3.0, "minutes", f"3{N}min"),
        (80.0, "hours", f"3.33{N}days"),
        (1.0, "days", f"1{N}day"),
        (412.2, "days", f"412{N}days"),
        (9747748.0, "money", f"£{N}9,747,748"),
        (17.318, "money", f"£{N}17.32"),
        (-61200.0, "money", f"−£{N}61,200"),
        (214480.0, "estimate", f"£{N}214,000"),
        (-0.249, "effect share", f"−24.9{N}points"),
        (0.249, "effect share", f"+24.9{N}points"),
        (0.01, "size share", f"1{N}point"),
        (0.95, "round share", f"95{N}%"),
        (0.955, "round share", f"95.5{N}%"),
        (240.0, "round minutes", f"4{N}h"),
        (400000.0, "tick money", f"£{N}400k"),
        (0.00004, "chance", f"<{N}0.001"),
        (0.0341, "chance", f"={N}0.034"),
        (0.021, "per customer-year", f"0.021{N}per customer-year"),
        (None, "share", "–"),
    ],
)
def test_a_number_is_written_in_its_unit(value: float | None, unit: str, text: str) -> None:
    assert say(value, unit, "GBP") == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.369, 0.394, "share", f"36.9 – 39.4{N}%"),
        (27.0, 35.0, "points", "27 – 35"),
        (192.0, 245.0, "minutes", f"3{N}h{N}12 – 4{N}h{N}05"),
        (1440.0, 1740.0, "minutes", f"24 – 29{N}h"),
        (45.0, 90.0, "minutes", f"45{N}min – 1{N}h{N}30"),
        (128300.0, 331020.0, "estimate", f"£{N}128,000 – 331,000"),
        (-0.267, -0.231, "effect share", f"−26.7 – −23.1{N}points"),
        (0.016, 0.027, "per customer-year", "0.016 – 0.027"),
        (0.5, 1.0, "days", f"0.5 – 1{N}day"),
        (90.62, 90.71, "of-100", "90.6 – 90.7"),
        (0.50123, 0.50142, "share", f"50.12 – 50.14{N}%"),
    ],
)
def test_a_range_says_its_unit_once(low: float, high: float, unit: str, text: str) -> None:
    first, second = pair(low, high, unit, "GBP")
    assert f"{say(low, first, 'GBP')} – {say(high, second, 'GBP')}" == text


def test_days_are_those_of_the_company_wherever_it_is() -> None:
    assert words.first_day("2022-11-07T23:00:00") == f"8{N}Nov{N}2022"
    assert words.first_day("2022-11-08T05:00:00") == f"8{N}Nov{N}2022"
    assert words.last_day("2026-04-30T22:00:00") == f"30{N}Apr{N}2026"
    assert words.last_day("2011-12-10T00:00:00") == f"9{N}Dec{N}2011"
    assert words.day("2011-12-09") == f"9{N}Dec{N}2011"
    assert words.day("no day at all") == "no day at all"


def test_numbers_are_not_torn_from_their_units() -> None:
    said = words.glued("71 % of £ 41,300 wait 6 h 24 or 3 days, in 12 months")
    assert said == f"71{N}% of £{N}41,300 wait 6{N}h{N}24 or 3{N}days, in 12 months"
