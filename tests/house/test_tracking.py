"""The picture of how purchases were foretold is what the models say today, and the page tells its numbers."""

from __future__ import annotations

import re

import pytest

from tests.house.test_order import tool
from tests.importing import needs


@pytest.mark.data
def test_the_picture_is_what_the_models_say() -> None:
    made = tool("tracking")
    found = made.tracked(needs("cdnow") / "cdnow_master.parquet")
    assert made.PICTURE.read_text(encoding="utf-8") == made.picture(found)
    missed = found.happened - (found.actual[-1] - found.actual[39])  # week 39 ends a day after what was known
    assert 0 < missed < found.actual[39] - found.actual[38]
    assert 17_153 < found.said < found.happened == 19_684  # nearer than the best of the classical models by itself


def test_the_page_tells_the_numbers_of_the_picture() -> None:
    made = tool("tracking")
    happened, said = re.findall(r"(\d\d,\d{3})", made.PICTURE.read_text(encoding="utf-8").split("</title>")[0])[1:3]
    page = (made.PICTURE.parent / "worth.md").read_text(encoding="utf-8")
    assert f"{happened} days" in page
    assert f"{said} were foretold" in page.replace("\n", " ")
