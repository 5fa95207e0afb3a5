"""What the report says of customers is what the document says, in words, and nothing where there is nothing."""

from __future__ import annotations

import copy
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from rapport.report.chart_customers import spread
from rapport.report.customers import about_customers
from rapport.report.html import render
from rapport.report.recheck import disagreements, printed
from rapport.report.trace import resolve, trace
from tests.report.hostile import HOSTILE
from tests.report.page import elements, page
from tests.report.sample import document
from tests.report.sample_customers import COUNTS, CUSTOMERS, HEALTH, MODELS, SEGMENTS, SPREAD


def section(text: str, place: str) -> str:
    start = text.index(f'<section id="{place}"')
    return text[start : text.index("</section>", start)]


def words(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")).replace(" ,", ",")


def changed(**parts: Any) -> str:
    run = document()
    for key, value in parts.items():
        run[key] = value
    text = render(run)
    assert disagreements(text, run) == []
    return text


def test_every_number_said_of_customers_is_traced_to_its_place() -> None:
    paths = {p.path for p in printed(page())}
    wanted = {"health.coverage", "health.half_width", "health.customers", "customers.migration.days"}
    wanted |= {f"health.distribution.{i}.customers" for i, n in enumerate(SPREAD) if n}
    for k in (0, 1):
        test = f"health.backtest.kinds.{k}"
        wanted |= {f"{test}.{one}.{end}" for one in ("auc", "lift", "recall") for end in ("value", "low", "high")}
        wanted |= {f"{test}.auc_baselines.{one}.value" for one in ("recency", "rfm", "last_answer")}
        wanted |= {f"{test}.auc_baselines.chance", f"{test}.lead.recall", f"{test}.missed.customers"}
        wanted |= {f"{test}.calibration.bins.{i}.observed.n" for i in range(10)}
    wanted |= {f"segments.{i}.{key}" for i, n in enumerate(COUNTS.values()) if n > 9 for key in ("customers", "value")}
    wanted |= {f"customers.migration.moves.{i}.customers" for i in range(len(CUSTOMERS["migration"]["moves"]))}
    wanted |= {f"customers.leaving.{i}.{key}" for i in range(4) for key in ("customer_id", "at_risk", "risk_high")}
    wanted |= {f"customers.actions.actions.0.{key}" for key in ("customers", "value", "value_low", "effect.0")}
    wanted |= {"customers.next_products.again.hit_rate", "models.0.holdout.actual", "models.4.holdout.foretold"}
    assert wanted - paths == set()


def test_a_number_of_a_customer_changed_in_the_document_is_named() -> None:
    run = document()
    run["segments"][0]["customers"] += 1
    run["customers"]["leaving"][0]["risk"] = 0.1
    named = {one.path for one in disagreements(page(), run)}
    assert named == {"segments.0.customers", "segments.*.customers", "customers.leaving.0.risk"}


def test_sums_are_those_of_the_document_where_something_is_unknown() -> None:
    run = document()
    value = sum(s["value"] or 0 for s in run["segments"])
    assert resolve(run, "segments.*.value") == value
    assert 'data-path="segments.*.value" data-as="estimate"' in page()


def test_texts_of_customers_stay_texts() -> None:
    for place in ("health", "leaving", "segments", "advice", "foretold"):
        assert HOSTILE not in section(page(), place)
    assert "&lt;script&gt;alert(" in section(page(), "leaving")
    assert "&lt;script&gt;alert(" in section(page(), "segments")


@pytest.mark.parametrize(
    ("place", "without"),
    [
        ("health", {"health": {}}),
        ("leaving", {"health": {**HEALTH, "backtest": {}}, "models": MODELS[:5], "customers": {}}),
        ("segments", {"segments": [], "customers": {}}),
        ("advice", {"customers": {}}),
        ("foretold", {"models": [m for m in MODELS if not m["holdout"].get("actual")]}),
    ],
)
def test_a_section_with_nothing_to_say_is_left_out(place: str, without: dict[str, Any]) -> None:
    text = changed(**without)
    ids = {e.words.get("id") for e in elements(text)}
    assert place not in ids
    assert not [e for e in elements(text) if e.words.get("href") == f"#{place}"]


def test_colours_are_shown_where_the_test_bears_them_and_else_the_reason() -> None:
    said = words(section(page(), "leaving"))
    assert "Red 348 on the list that the team can work, with at least 3 times the odds of the average" in said
    assert "No colours. In the backtest the list is not shown to beat one drawn at random." in said


def test_what_a_risk_is_worth_is_said_beside_it() -> None:
    said = words(section(page(), "leaving"))
    assert "It foresees better than recency alone, beyond what chance would do" in said
    assert "It is not shown to foresee better than recency alone" in said
    assert said.count("One season only.") == 1
    assert "22 days or more before the customer's last sign of life;" in said
    assert "8.85 days or more after the customer's last sign of life: they tell who has gone quiet" in said
    assert "fewer than 30 are too few" in said


def test_who_went_silent_is_listed_beside_how_such_lists_fared() -> None:
    said = words(section(page(), "leaving"))
    assert "2,104 can be judged so; 63 are flagged this month" in said
    assert "Silent for three times their usual gap 29.0 % 25.0 – 33.0 %" in re.sub(r" +", " ", said)
    assert "flagged 61 days or more before one could know that they were gone; in their own gaps, 3.4 ." in said
    assert "C00777" in said
    untested = {**CUSTOMERS, "silence": {**CUSTOMERS["silence"], "backtest": {}}, "silent": []}
    said = words(section(changed(customers=untested), "leaving"))
    assert "63 are flagged" in said
    assert "Their own rhythm" not in said


def test_a_list_of_the_silent_that_is_not_shown_to_find_more_says_so() -> None:
    assert "not shown to find more" not in words(section(page(), "leaving"))
    customers = copy.deepcopy(CUSTOMERS)
    past = customers["silence"]["backtest"]
    past["recency"]["difference"] = {"value": 0.001, "low": -0.006, "high": 0.008, "n": 402}
    said = words(section(changed(customers=customers), "leaving"))
    assert said.count("not shown to find more") == 1
    assert "It is not shown to find more than “silent for longest” would." in said


def test_a_simpler_way_that_does_as_well_is_named() -> None:
    health = copy.deepcopy(HEALTH)
    assert "not shown to be worse" not in words(
        section(changed(health={**HEALTH, "backtest": {"kinds": []}}), "leaving")
    )
    shop = health["backtest"]["kinds"][0]
    shop["auc_baselines"]["rfm"]["value"] = shop["auc"]["low"]
    health["backtest"]["kinds"] = [shop]
    said = words(section(changed(health=health), "leaving"))
    assert "RFM lies within its interval: as a ranking, the simpler way is not shown to be worse." in said
    shop["auc_baselines"]["rfm"]["value"] = shop["auc"]["low"] - 0.001
    assert "not shown to be worse" not in words(section(changed(health=health), "leaving"))


def test_a_risk_that_was_never_tested_says_so() -> None:
    said = words(section(changed(health={**HEALTH, "backtest": {}}), "leaving"))
    assert said.count("Not tested.") == 2
    assert "AUC" not in said


def test_a_test_without_some_of_its_parts_is_still_printed() -> None:
    health = copy.deepcopy(HEALTH)
    for kind in health["backtest"]["kinds"]:
        kind["lead"] = kind["missed"] = None
        kind["calibration"]["bins"] = []
        del kind["auc_baselines"]["rfm"]
    said = words(section(changed(health=health), "leaving"))
    assert "How early" not in said
    assert "RFM" not in said
    assert "Told apart" in said


def test_signs_that_count_for_nobody_here_are_left_out_and_unknown_ones_named() -> None:
    said = words(section(page(), "health"))
    assert "days since the last purchase 4 points (shop) · known of 94 %" in said
    assert "different products and features in a year 3 points · known of 98 %" in said
    assert "days of use in the last four weeks 4 points (subscribers) · not in the record" in said
    profiles = {"shop": 3900, "subscription": 0, "account": 0}
    assert "days of use" not in words(section(changed(health={**HEALTH, "profiles": profiles}), "health"))


def test_the_area_of_a_bar_is_its_customers() -> None:
    bins = [{"from": 0.0, "to": 60.0, "customers": 300}, {"from": 60.0, "to": 100.0, "customers": 100}]
    drawn = str(spread(bins))
    found = [
        (float(right) - float(left) + 2) * (150 - float(top))
        for left, top, right in re.findall(r'class="bar" d="M([\d.]+) 150V([\d.]+)H([\d.]+)V150Z"', drawn)
    ]
    assert len(found) == 2
    assert found[0] / found[1] == pytest.approx(3, rel=0.01)  # tops are rounded to a tenth of a pixel
    assert "0 to 60: 300; 60 to 100: 100" in drawn


def test_moves_stand_in_the_order_of_closeness_and_are_darker_the_larger_their_part() -> None:
    rows = about_customers(trace(document()))["matrix"]
    assert [r.before for r in rows][:2] == ["Champions", "Loyal"]
    assert rows[-1].before is None
    for row in rows:
        counts = [move["customers"] if move else 0 for _, move, _ in row.cells]
        shades = [shade for _, _, shade in row.cells]
        assert [s == 0 for s in shades] == [n == 0 for n in counts]
        assert sorted(zip(counts, shades, strict=True)) == sorted(zip(sorted(counts), sorted(shades), strict=True)), (
            row.before
        )
        assert len(row.cells) == len(SEGMENTS)


def test_what_was_foretold_stands_beside_what_happened_in_words() -> None:
    said = words(section(page(), "foretold"))
    assert "From 10 Sep 2011 on, for 91 days, 3,385 ( 3,061 – 3,743 ) days of purchase were foretold" in said
    assert "It came to 4,483, outside the limits" in said
    assert "nearer than every plain rule" in said
    assert "no nearer than the best plain rule" in said
    assert "the record speaks against it" in said


def test_assumptions_of_actions_are_said_with_their_worth() -> None:
    said = words(section(page(), "advice"))
    assert "Solve their problem" in said
    assert "Talk about the renewal" not in said
    assert "What is assumed." in said
    assert "A contact costs £ 4.00, as declared." in said
    nothing = copy.deepcopy(CUSTOMERS)
    nothing["actions"]["contact_cost"] = None
    assert "No cost of a contact is declared" in words(section(changed(customers=nothing), "advice"))


def keys_of(value: Any, place: str = "") -> set[str]:
    """Return the keys of every object below `value`, but for names that come from the data."""
    if isinstance(value, list):
        return {key for one in value for key in keys_of(one, place)}
    if not isinstance(value, dict):
        return set()
    own = set() if place in ("points", "profiles") else {*value}
    return own | {key for name, one in value.items() for key in keys_of(one, name)}


def test_the_reference_names_every_part_of_what_is_said_of_customers() -> None:
    reference = Path("docs/reference/audit-json.md").read_text(encoding="utf-8")
    part = reference[reference.index("## What is said of customers") : reference.index("\n## Engine")]
    keys = keys_of(HEALTH) | keys_of(SEGMENTS) | keys_of(CUSTOMERS) - {"sign"}
    named = set(re.findall(r"[a-z0-9_]+", part))
    assert keys - named == set()
