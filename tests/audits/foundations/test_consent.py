"""Promotions after a no are counted one by one; service messages and a yes given again are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rapport.audits.foundations.consent import consent
from rapport.core.outcome import Looked, NotAssessable
from rapport.engine.protection import shown_groups
from tests.stage import Stage

DAY = datetime(2025, 6, 1)


def touch(id_, customer, days=0, purpose="promotion", channel="email", **words):
    return {
        "touch_id": id_,
        "customer_id": customer,
        "sent_at": DAY + timedelta(days=days),
        "purpose": purpose,
        "channel": channel,
        "campaign": None,
        "unsubscribed_at": None,
        **words,
    }


def word(customer, days, granted, purpose="marketing", channel=None):
    return {
        "consent_id": f"{customer}{days}{granted}",
        "customer_id": customer,
        "at": DAY + timedelta(days=days),
        "granted": granted,
        "purpose": purpose,
        "channel": channel,
    }


def objected(touches, **tables):
    return [r["row_id"] for r in Stage({"touches": touches, **tables}).rows("marketing_touches") if r["objected"]]


def test_forty_promotions_after_opt_out_are_counted_and_located():
    sent = [touch(f"t{i:04}", f"c{i}", campaign="spring" if i < 300 else "news") for i in range(1000)]
    words = [word(f"c{i}", -30, i >= 40) for i in range(500)]
    outcome = Stage({"touches": sent, "consents": words}).ask(consent)
    assert isinstance(outcome, Looked)
    (test,) = outcome.tests
    assert test.p_value == 0.0
    assert test.scope == {"campaign": "spring"}
    assert test.customers == 40
    assert test.title.startswith("40 promotions were sent to customers who had objected")
    assert outcome.headline.startswith("40 of 1,000")


def test_a_few_breaches_are_told_without_the_place_that_would_show_who_it_was():
    sent = [touch(f"t{i:04}", f"c{i}", campaign="spring" if i < 300 else "news") for i in range(1000)]
    outcome = Stage({"touches": sent, "consents": [word(f"c{i}", -30, i >= 4) for i in range(500)]}).ask(consent)
    assert isinstance(outcome, Looked)
    (test,) = outcome.tests
    assert (test.scope, test.customers, test.p_value) == ({}, 4, 0.0)
    assert test.title == "4 promotions were sent to customers who had objected"
    assert shown_groups(outcome, 10) == outcome


def test_nobody_who_objected_was_sent_anything():
    sent = [touch(f"t{i}", f"c{i}") for i in range(100)]
    outcome = Stage({"touches": sent, "consents": [word(f"c{i}", -3, True) for i in range(100)]}).ask(consent)
    assert isinstance(outcome, Looked)
    assert [(t.p_value, t.within) for t in outcome.tests] == [(1.0, True)]
    assert outcome.score.value == 100


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([(-5, False)], True),
        ([(5, False)], False),
        ([(0, False)], False),
        ([(-5, False), (-2, True)], False),
        ([(-5, True), (-2, False)], True),
        ([(-5, True), (-5, False)], True),
    ],
)
def test_the_last_word_before_the_contact_counts(words, found):
    told = [word("a", days, granted) for days, granted in words]
    assert objected([touch("1", "a")], consents=told) == (["1"] if found else [])


def test_a_refusal_counts_for_its_channel_and_purpose():
    told = [word("a", -5, False, channel="sms"), word("b", -5, False, purpose="analytics"), word("c", -5, False, None)]
    sent = [touch("1", "a"), touch("2", "a", channel="sms"), touch("3", "b"), touch("4", "c")]
    assert objected(sent, consents=told) == ["2", "4"]


def test_service_messages_are_no_advertising():
    sent = [touch("1", "a", purpose="service"), touch("2", "a", purpose="win_back")]
    assert objected(sent, consents=[word("a", -5, False)]) == ["2"]


def test_unsubscribing_counts_on_its_channel_until_a_new_consent():
    sent = [
        touch("1", "a", -10, unsubscribed_at=DAY - timedelta(days=9)),
        touch("2", "a"),
        touch("3", "a", channel="sms"),
        touch("4", "a", 10),
    ]
    assert objected(sent) == ["2", "4"]
    assert objected(sent, consents=[word("a", 5, True)]) == ["2"]


def test_the_customers_own_setting_counts_from_its_day():
    customers = [
        {"customer_id": "a", "marketing_consent": False, "consent_changed_at": DAY - timedelta(days=1)},
        {"customer_id": "b", "marketing_consent": False, "consent_changed_at": DAY + timedelta(days=1)},
        {"customer_id": "c", "marketing_consent": False, "consent_changed_at": None},
        {"customer_id": "d", "marketing_consent": True, "consent_changed_at": DAY - timedelta(days=1)},
    ]
    assert objected([touch(c, c) for c in "abcd"], customers=customers) == ["a"]


def test_without_any_word_on_consent_it_cannot_be_asked():
    outcome = Stage({"touches": [touch("1", "a")]}).ask(consent)
    assert isinstance(outcome, NotAssessable)
    assert "consents.granted" in outcome.missing[0]
