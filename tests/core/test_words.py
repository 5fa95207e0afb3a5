"""Numbers as a person says them: nothing is 0 % that is not nothing, and 100 % only what is all."""

from __future__ import annotations

import pytest

from rapport.core.words import columns, place, share


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.998, "99.8 %"),
        (0.99999, "99.9 %"),
        (0.00001, "under 0.01 %"),
        (0.0012, "0.12 %"),
        (0.042, "4.2 %"),
        (0.63, "63 %"),
        (-0.3, "−30 %"),
    ],
)
def test_a_share_has_as_many_digits_as_it_deserves(value, said):
    assert share(value) == said


def test_columns_are_called_what_they_are_and_stand_in_the_order_of_a_place() -> None:
    scope = {"part_of_day": "after 15:00", "acquisition_channel": "web", "team": "Billing"}
    assert place(scope) == "team Billing, acquisition channel web, after 15:00"
    assert columns(scope) == "team, acquisition channel, time of day"
    assert columns(["weekday"]) == "day of the week"
