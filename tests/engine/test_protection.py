"""Small groups are not shown, and it is said that they are not."""

from __future__ import annotations

from rapport.core import outcome
from rapport.core.interval import Interval
from rapport.core.outcome import Looked, NotAssessable, Status
from rapport.engine.protection import shown_groups


def weighed(customers, **scope):
    i = Interval(0.5, 0.4, 0.6, 30)
    return outcome.Test(scope, Status.NONCONFORMING, 0.0, i, i, 0.2, 30, customers, "t", "s", "x")


def test_a_place_with_few_customers_is_left_out_and_counted():
    looked = Looked("h", (weighed(9, team="a"), weighed(10, team="b"), weighed(3)), None)
    shown = shown_groups(looked, 10)
    assert [dict(t.scope) for t in shown.tests] == [{"team": "b"}, {}]
    assert shown.notes == ("1 place with fewer than 10 customers cannot be shown.",)


def test_rows_without_customers_are_no_group_of_people():
    looked = Looked("h", (weighed(0, table="spend"),), None)
    assert shown_groups(looked, 10) is looked


def test_other_outcomes_stay_as_they_are():
    nothing = NotAssessable("no rows")
    assert shown_groups(nothing, 10) is nothing
