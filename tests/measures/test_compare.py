"""A part is compared with the rest: found where it differs, explained where it only seems to, else quiet."""

from __future__ import annotations

import numpy as np

from rapport.core.outcome import Status
from rapport.measures.cells import Cells, key_of
from rapport.measures.compare import against_rest
from rapport.measures.onset import changes
from rapport.measures.yardstick import Yardstick
from rapport.models.moments import of_rows

WORDS = Yardstick("x", 0.10, "higher", "share", lambda d: (f"{dict(d.scope)}", ""), binary=True)


def cells_of(values, customers, columns, sets):
    """Return the Cells of raw arrays, as the database would."""
    found = {}
    for names in sets:
        keys = list(zip(*(columns[n] for n in names), strict=True))
        for key in sorted(set(keys)):
            inside = np.array([k == key for k in keys])
            found[key_of(dict(zip(names, map(str, key), strict=True)))] = of_rows(values, customers, inside)
    return Cells(of_rows(values, customers), found, tuple(sets))


def company(seed, n=4000, shift=0.0):
    random = np.random.default_rng(seed)
    customers = random.integers(0, n // 3, n)
    team = random.choice(["a", "b", "c", "d"], n)
    late = random.choice(["late", "early"], n)
    topic = np.where(
        team == "b", random.choice(["x", "y"], n, p=[0.8, 0.2]), random.choice(["x", "y"], n, p=[0.3, 0.7])
    )
    base = 0.75 + 0.15 * (random.random(n // 3 + 1)[customers] - 0.5)
    p = base - shift * ((team == "b") & (late == "late"))
    values = (random.random(n) < p).astype(float)
    sets = [("team",), ("late",), ("topic",), ("team", "late"), ("team", "topic")]
    return cells_of(values, customers, {"team": team, "late": late, "topic": topic}, sets)


def worse(tests):
    return sorted((t for t in tests if t.status is not Status.GOOD_PRACTICE), key=lambda t: t.p_value)


def test_a_slow_team_in_the_late_hours_is_found_there_and_explains_what_it_touches():
    first = worse(against_rest(company(1, shift=0.4), WORDS).tests)[0]
    assert dict(first.scope) == {"team": "b", "late": "late"}
    assert first.p_value < 1e-6
    assert {"team": "b"} in [dict(s) for s in first.explains]


def test_a_company_without_a_difference_is_quiet():
    """Tests against the least effect of ten points: on 40 clean companies hardly a p-value comes near 5 %."""
    smallest = [worse(against_rest(company(seed), WORDS).tests)[0].p_value for seed in range(40)]
    assert min(smallest) > 0.001


def test_a_test_against_zero_instead_of_the_least_effect_would_fire_on_what_does_not_matter():
    """At 60,000 rows a difference of three points is certain and still not worth acting on."""
    random = np.random.default_rng(3)
    n = 60_000
    customers, team = random.integers(0, 20_000, n), random.choice(["a", "b"], n)
    values = (random.random(n) < np.where(team == "b", 0.72, 0.75)).astype(float)
    cells = cells_of(values, customers, {"team": team}, [("team",)])
    naive = Yardstick("x", 0.0, "higher", "share", WORDS.say, binary=True)
    assert worse(against_rest(cells, naive).tests)[0].p_value < 1e-6
    first = worse(against_rest(cells, WORDS).tests)[0]
    assert first.p_value > 0.99
    assert first.within


def test_small_cells_are_named_with_what_would_do():
    random = np.random.default_rng(5)
    team = np.array(["a"] * 500 + ["tiny"] * 12)
    values = (random.random(512) < 0.7).astype(float)
    compared = against_rest(cells_of(values, np.arange(512), {"team": team}, [("team",)]), WORDS)
    assert [dict(s.scope) for s in compared.short] == [{"team": "tiny"}]
    assert compared.short[0].needed > 30


def months(seed, drop_after=None, season=False, n=900):
    random = np.random.default_rng(seed)
    names = [f"2024-{m:02d}-01" for m in range(1, 13)] + [f"2025-{m:02d}-01" for m in range(1, 13)]
    month = np.repeat(names, n)
    team = random.choice(["a", "b", "c"], len(month))
    p = np.full(len(month), 0.75)
    if season:
        p = p - 0.25 * np.array([m[5:7] == "12" for m in month])
    if drop_after:
        p = p - 0.3 * ((team == "b") & (month >= drop_after))
    values = (random.random(len(month)) < p).astype(float)
    columns = {"team": team, "month": month}
    return cells_of(values, random.integers(0, 4000, len(month)), columns, [("team",), ("month",), ("team", "month")])


def say(change):
    return (f"{dict(change.scope)} since {change.since}", "")


def test_a_change_is_found_with_its_month():
    first = worse(changes(months(1, drop_after="2025-03-01"), ("team",), WORDS, say))[0]
    assert (dict(first.scope), first.onset) == ({"team": "b"}, "2025-03-01")
    assert first.p_value < 1e-9


def test_a_december_that_hits_everybody_is_no_change():
    cells = months(2, season=True)
    assert worse(changes(cells, ("team",), WORDS, say))[0].p_value > 0.05
    assert worse(changes(cells, (), WORDS, say))[0].p_value > 0.05


def test_without_the_others_the_same_december_would_look_like_a_fall():
    """The naive comparison, last three months against all before, takes the season for a change."""
    cells = months(2, season=True)
    series = {s["month"]: m for s, m in cells.along("month")}
    newest = [series[m].mean for m in sorted(series)[-1:]]
    before = [series[m].mean for m in sorted(series)[:-1] if m[5:7] != "12"]
    assert np.mean(before) - np.mean(newest) > 0.2
