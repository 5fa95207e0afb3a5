"""Recall, localisation and false findings, with intervals that the libraries give too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from rapport.app.benchmark import Case, tally
from rapport.app.benchmark.tally import RECALL
from rapport.models.rates import poisson_rate
from tests.benchmark.made import BILLING, found, outcome


def twin(name: str, seed: int, *findings: object, **more: object) -> object:
    return outcome(*findings, case=Case("shop", seed, twin=name), **more)


def planted(id_: str, seed: int, *findings: object) -> object:
    return outcome(*findings, case=Case("shop", seed, {id_: 1.0}))


@pytest.mark.parametrize(("count", "runs"), [(0, 50), (3, 50), (25, 50), (200, 10)])
def test_rates_have_the_exact_interval(count: int, runs: int) -> None:
    rate = poisson_rate(count, runs)
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    assert (rate.value, rate.low, rate.high) == pytest.approx(
        (count / runs, low / runs, chi2.ppf(0.975, 2 * count + 2) / 2 / runs)
    )


def test_recall_and_place_are_counted_by_defect_and_together() -> None:
    right, wrong = found(), found(scope={"team": "Shop"})
    runs = [planted("first-reply", seed, *([right], [wrong], [])[seed % 3]) for seed in range(9)]
    counted = tally(runs)
    (one,) = counted.defects
    assert (one.runs, one.recall.value, one.localised.value) == (9, pytest.approx(6 / 9), 0.5)
    assert (one.recall.low, one.recall.high) == pytest.approx(proportion_confint(6, 9, method="wilson"))
    assert counted.recall == one.recall
    assert [m for m in counted.missed if "66.7%" in m]
    assert [m for m in counted.missed if m.startswith("first-reply")]


def test_all_found_misses_nothing() -> None:
    counted = tally([planted("first-reply", seed, found()) for seed in range(4)])
    assert counted.recall.value == 1.0 > RECALL
    assert counted.missed == ()


def test_a_dose_that_an_oracle_often_misses_is_said_once_there_are_companies_enough() -> None:
    thin = [
        replace(planted("first-reply", seed, found()), planted=({**BILLING, "oracle": {"power": 0.98}},))
        for seed in range(8)
    ]
    assert tally(thin[:7]).missed == ()
    assert tally(thin).missed == ("first-reply is planted too thinly: an oracle sees 98.0%, 99% are asked for",)


def test_false_findings_are_counted_by_company_incident_and_audit() -> None:
    slow = [found(incident="slow"), found("csat", {"touchpoint": "billing"}, incident="slow")]
    counted = tally([twin("clean", 1, *slow), twin("clean", 2), twin("season", 1, *slow, found("nps", {}))])
    clean, season = counted.twins
    assert (clean.false.value, clean.incidents.value, clean.beyond) == (1.0, 0.5, 0.0)
    assert (season.false.value, season.incidents.value, season.beyond) == (3.0, 2.0, 1.0)
    assert clean.where == {"csat": 1, "first-reply": 1}
    assert len(counted.missed) == 2


def test_a_trap_counts_the_audit_that_it_is_set_for() -> None:
    (trap,) = tally([twin("small-fall", 1, found(), found("nps", {}))]).twins
    assert trap.where == {"nps": 1}
    driver = replace(found("loyalty-drivers", {"behaviour": "used photos"}), status="opportunity")
    (heavy,) = tally([twin("heavy-users", 1, driver)]).twins
    assert heavy.where == {"loyalty-drivers": 1}, "what it would find is an opportunity"


def test_the_small_twin_asks_for_words_that_nobody_can_tell() -> None:
    (small,) = tally([twin("small", 1)]).twins
    assert small.unassessed.value == 0.5
    assert [m for m in tally([twin("small", 1)]).missed if m.startswith("small: 50%")]


def test_a_company_that_could_not_be_audited_is_a_miss() -> None:
    crashed = outcome(failed="exit status 70: it stopped", statuses={})
    counted = tally([crashed])
    assert counted.recall.value == 0.0
    assert counted.missed[-1] == "1 companies could not be audited"
