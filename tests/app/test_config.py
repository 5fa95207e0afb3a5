"""rapport.toml: everything it can say is read, and whatever it cannot say is one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.app.config import load_config, read_config
from rapport.core.declarations import Declarations
from rapport.core.errors import ConfigError
from rapport.core.source import Reading
from rapport.core.table import Type

EXAMPLE = Path(__file__).resolve().parents[3] / "shared" / "design" / "config.example.toml"


def written(folder: Path, text: str) -> Path:
    (folder / "rapport.toml").write_text(text)
    return folder


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(written(folder, text))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example is not here")
def test_the_example_is_read_completely() -> None:
    config = load_config(None, EXAMPLE)
    declared = config.declared
    assert declared.company.currency == "EUR"
    assert declared.goals[0].metric == "repeat_rate"
    assert declared.promises[0].segment == {"region": "north"}
    assert declared.journey.touchpoints == {"checkout": "purchase"}
    assert declared.journey.expected[0].within_days == 33
    assert declared.calendar.declared
    assert declared.economics.declared
    assert declared.self_assessment["csat"] == 0.9
    assert declared.control_totals["orders_amount"] == 431900.5
    assert config.mappings[0].columns["amount"] == "Total"


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path) == (Declarations(), ())


def test_the_chosen_file_wins_key_by_key(tmp_path: Path) -> None:
    written(
        tmp_path, '[company]\nname = "A"\ncurrency = "EUR"\n[[policy]]\nid = "p"\nmeasure = "refund_days"\ntarget = 3\n'
    )
    chosen = tmp_path / "other.toml"
    chosen.write_text('[company]\ncurrency = "usd"\n')
    declared, _ = read_config(tmp_path, chosen)
    assert (declared.company.name, declared.company.currency) == ("A", "USD")
    assert declared.policies[0].target == 3


def test_days_may_be_written_with_or_without_quotes(tmp_path: Path) -> None:
    declared, _ = read_config(written(tmp_path, "[company]\nas_of = 2026-01-01\n"))
    assert declared.company.as_of == "2026-01-01"


def test_a_calendar_that_nobody_wrote_is_not_declared(tmp_path: Path) -> None:
    declared, _ = read_config(written(tmp_path, "[economics]\ngross_margin = 0.4\n"))
    assert declared.economics.declared
    assert not declared.calendar.declared


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[compnay]\nname = "A"\n', "unknown key compnay — did you mean company?"),
        ('[company]\ncurency = "EUR"\n', "unknown key company.curency — did you mean currency?"),
        ("[[promise]]\nid = 'a'\ntext = 'b'\nmeasure = 'c'\ntarget = 'soon'\n", "promise[1].target"),
        ("[[promise]]\nid = 'a'\n", "promise[1].text is missing"),
        ("[company]\ntimezone = 'Europe/Berln'\n", "is no time zone"),
        ("[company]\ntimezone = '../etc/passwd'\n", "is no time zone"),
        ("[company]\ncurrency = 'Euro'\n", "is no currency"),
        ("[company]\nas_of = 'soon'\n", "is no day"),
        ("[economics]\ngross_margin = 45\n", "economics.gross_margin"),
        ("[calendar]\nworking_days = ['monday']\n", "is no day of the week"),
        ("[calendar]\nworking_hours = ['9', '17:00']\n", "is no time of day"),
        ("[journey]\nstages = ['use']\n[journey.touchpoints]\ncheckout = 'purchase'\n", "is no stage"),
        ("[[journey.expected]]\nmomnt = 'x'\nwithin_days = 3\n", "journey.expected[1].mom"),
        ("[[mapping]]\nfile = 'a'\ntable = 'order'\n[mapping.columns]\norder_id = 'x'\n", "did you mean orders?"),
        ("[[mapping]]\nfile = 'a'\ntable = 'orders'\n[mapping.columns]\norderid = 'x'\n", "did you mean order_id?"),
        ("[[mapping]]\nfile = 'a'\ntable = 'orders'\n[mapping.columns]\n", "mapping[1].columns"),
        (
            "[[mapping]]\nfile='a'\ntable='orders'\n[mapping.columns]\norder_id='x'\n[mapping.formats]\nd='??'\n",
            "is no format",
        ),
        ("company = 3\n", "company"),
        ("[company\n", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    line = refused(tmp_path, text)
    assert said in line
    assert "rapport.toml" in line


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "rapport.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def test_a_chosen_file_that_is_missing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path, tmp_path / "none.toml")


def test_formats_are_read_as_people_write_them(tmp_path: Path) -> None:
    text = (
        "[[mapping]]\nfile = 'a.csv'\ntable = 'orders'\n[mapping.columns]\norder_id = 'x'\n"
        "[mapping.formats]\nday = 'dd/mm/yyyy'\ntotal = '1.234,56'\n"
    )
    (mapping,) = load_config(written(tmp_path, text)).mappings
    assert mapping.readings["day"] == Reading("day", Type.DAY, "%d/%m/%Y", mapping.readings["day"].reason)
    assert mapping.readings["total"].format == ","


def test_a_file_saved_by_notepad_is_read(tmp_path):
    (tmp_path / "rapport.toml").write_text('[company]\nname = "Jörg"\n', encoding="utf-8-sig")
    assert read_config(tmp_path)[0].company.name == "Jörg"
