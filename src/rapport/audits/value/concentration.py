"""Do a few customers carry the company, and is one of them growing too large?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from rapport.core.audit import audit
from rapport.core.declarations import Facts
from rapport.core.finding import Consequence
from rapport.core.inputs import Sums
from rapport.core.interval import Interval
from rapport.core.outcome import Bar, Chart, Looked, NotAssessable, Outcome, Score, Status, Test
from rapport.core.words import grouped, money, month, share
from rapport.measures.cells import Totals
from rapport.measures.change_reasons import one_per_scope
from rapport.measures.revenue_books import Book, Share, Values, belongs, books_of, grown_since, share_of, steadily
from rapport.models.least_effect import detectable, is_within, p_beyond

LEAST = 0.10
CEILING = 0.10
"""The share from which annual reports must name a customer."""
TRIED = 10
"""Customers that can have grown by more than a tenth of the revenue: no more than ten."""
LEAST_CUSTOMERS = 30
LEAST_MONTHS = 6
CERTAIN = 0.001


@audit(
    question="Do a few customers carry the company?",
    criteria="No customer's share of the revenue grows by a tenth of the revenue, and none brings more than a fifth.",
    source="the company's own past; 10 % is the share from which listed companies must disclose a customer (ASC "
    "280-10-50)",
    least_effect=LEAST,
    unit="share",
    inputs={
        "top": Sums(
            "top_customers",
            (
                ("revenue", "CAST(SUM(revenue) AS DOUBLE)"),
                ("squares", "SUM(squares)"),
                ("amounts", "SUM(amounts)"),
                ("newest", "MAX(CASE WHEN newest THEN 1 ELSE 0 END)"),
            ),
            by=(("kind", "currency", "place", "month"),),
        ),
        "spread": Sums(
            "revenue_spread",
            (
                ("customers", "MAX(customers)"),
                ("top", "MAX(top_share)"),
                ("ten", "MAX(top_ten_share)"),
                ("decile", "MAX(top_decile_share)"),
                ("herfindahl", "MAX(herfindahl)"),
                ("revenue", "CAST(SUM(revenue) AS DOUBLE)"),
            ),
            by=(("kind", "currency", "month"),),
        ),
    },
    needs=("orders.amount|subscriptions.mrr", "orders.customer_id|subscriptions.customer_id"),
    defect="one customer grows to 30 % of revenue",
    owner="Management",
)
def concentration(top: Totals, spread: Totals, facts: Facts) -> Outcome:
    """Ask how much of the revenue hangs on single customers.

    What it asks
        Whether one customer has become so large that the company could not do without them, and since when.

    Why it matters
        A customer with a third of the revenue sets the prices, and their departure is the company's. It comes with
        success and is therefore noticed late.

    How it is measured
        Each of the ten largest customers of the newest six months (of the newer half, in a shorter record): their
        share of the revenue now against their own share before, which ends where they grew, if that was before the
        newest months. Shares are counted, not estimated: where the growth also holds without the customer's largest
        month, it is certain (p = 0). Else the chance in it follows from the single amounts it is made of; no more than
        ten customers can have grown by a tenth of the revenue, so p-values are multiplied by ten, and by the months
        that were tried. Beside it the share of the ten largest, of the largest tenth, and the Herfindahl index
        (the sum of squared shares). Orders and subscriptions are never added, nor are currencies.

    How it is scored
        100 while no customer brings a tenth of the revenue, 0 where one brings half; even in between.

    What to do
        Agree a longer contract with the large customer, spread the contacts over several people on both sides, and put
        the next effort in sales elsewhere.

    When it is wrong
        Where a marketplace or reseller stands as one customer for many. One large single order is not growth; it widens
        the interval.

    References
        FASB ASC 280-10-50-42 (major customers); Hirschman (1964), American Economic Review 54:761, for the index.
    """
    books = [b for b in books_of(top, spread) if b.customers >= LEAST_CUSTOMERS and len(b.all_) >= LEAST_MONTHS]
    if not books:
        return NotAssessable(
            f"It takes {LEAST_CUSTOMERS} customers with revenue and {LEAST_MONTHS} months of it to say how a share "
            f"moves.",
            ("orders.amount",),
            LEAST_CUSTOMERS,
        )
    tests = one_per_scope([t for book in books for t in _tests(book, facts)])
    largest = max(books, key=lambda b: sum(float(v["revenue"]) for v in b.all_.values()))
    series = [(s["month"], v) for s, v in spread.along("kind", "currency", "month") if belongs(s, largest)]
    latest = series[-1][1]
    top_share = float(latest["top"])
    return Looked(
        headline=f"The largest customer brings {share(top_share)} of the revenue of the last three months, the ten "
        f"largest {share(float(latest['ten']))}, the largest tenth {share(float(latest['decile']))}; "
        f"the Herfindahl index is {float(latest['herfindahl']):.3f}.",
        tests=tests,
        score=_score(share_of(largest.own[0], largest.all_, sorted(largest.newest))),
        chart=Chart(
            "line",
            "Share of the largest customer, by quarter",
            "share",
            tuple(Bar(m[:7], float(v["top"]), None, None, int(v["customers"])) for m, v in series),
            CEILING,
            "a tenth",
        ),
    )


def _tests(book: Book, facts: Facts) -> list[Test]:
    """Return the tests of one book: the customer who grew most, and the largest one's share by itself."""
    now = sorted(book.newest)
    shares = [(own, share_of(own, book.all_, now), share_of(own, book.all_, _before(own, book))) for own in book.own]
    tests = []
    for status, direction in ((Status.NONCONFORMING, 1), (Status.GOOD_PRACTICE, -1)):
        own, late, early = max(shares, key=lambda s: direction * (s[1].value - s[2].value))
        se = math.hypot(late.se, early.se)
        tried = TRIED * max(1, len(book.all_) - len(now) - LEAST_MONTHS)  # customers, and months since which
        p = min(1.0, tried * p_beyond(late.value - early.value, se, LEAST, 1 if direction > 0 else -1))
        if direction > 0 and steadily(own, book.all_, now) - early.value > LEAST:
            p = 0.0
        tests.append(_growth(book, own, late, early, p, status, facts))
    own, late, _ = max(shares, key=lambda s: s[1].value)
    level = _growth(book, own, late, Share(CEILING, 0.0, late.n), 1.0, Status.OPPORTUNITY, facts)
    tests.append(
        replace(
            level,
            p_value=0.0
            if steadily(own, book.all_, now) > CEILING + LEAST
            else min(1.0, TRIED * p_beyond(late.value - CEILING, late.se, LEAST, 1)),
            title=f"One customer brings {share(late.value)} of the revenue",
            statement=f"One of {grouped(book.customers)} customers brought {share(late.value)} of the revenue since "
            f"{month(now[0])}; a tenth is usually called much.",
            within=late.value + 1.645 * late.se <= CEILING + LEAST,
            onset=None,
        )
    )
    growth = tests[0]
    tests[0] = replace(growth, explains=({},)) if growth.p_value < CERTAIN else growth
    return tests


def _before(own: Mapping[str, Values], book: Book) -> list[str]:
    """Return the months that the newest are compared with: those before the customer grew, if that is longer ago.

    Else half a year of growth that has already happened would pass for what the customer always was.
    """
    older = sorted(m for m in book.all_ if m not in book.newest)
    grown = grown_since(own, book.all_)
    small = [m for m in older if m < grown]
    return small if len(small) >= LEAST_MONTHS else older


def _growth(
    book: Book, own: Mapping[str, Values], late: Share, early: Share, p: float, status: Status, facts: Facts
) -> Test:
    months = sorted(book.all_)
    se = math.hypot(late.se, early.se)
    within, reach = is_within(late.value - early.value, se, LEAST), detectable(se, LEAST, alpha=0.05 / TRIED)
    since = grown_since(own, book.all_)
    if early.se:  # said by the month since which it grew: the months before the newest may have grown already
        late, early = (share_of(own, book.all_, [m for m in months if (m >= since) is new]) for new in (True, False))
    effect, se = late.value - early.value, math.hypot(late.se, early.se)
    low, high = effect - 1.96 * se, effect + 1.96 * se
    if not p:  # counted: the lower end is what is left without the customer's largest month
        low, high = steadily(own, book.all_, sorted(book.newest)) - early.value, effect
    bars = [(m, share_of(own, book.all_, [m])) for m in months]
    a_year = 12 * math.fsum(float(own[m]["revenue"]) for m in book.newest if m in own) / len(book.newest)
    return Test(
        scope={},
        status=status,
        p_value=p,
        value=Interval(
            late.value, max(0.0, late.value - 1.96 * late.se), min(1.0, late.value + 1.96 * late.se), late.n
        ),
        effect=Interval(effect, min(low, effect), high, late.n),
        baseline=early.value,
        n=late.n,
        customers=0,  # no sample of customers: the interval is that of the single amounts
        title=f"Since {month(since)} one customer has grown from {share(early.value)} to {share(late.value)} of the "
        f"revenue",
        statement=f"One of {grouped(book.customers)} customers brought {share(late.value)} of the revenue since "
        f"{month(since)}, in the months before {share(early.value)}.",
        input="top",
        shrunk=effect,
        within=within,
        detectable=reach if math.isfinite(reach) else None,
        onset=since,
        consequence=Consequence(
            1,
            None,
            (f"This customer brings {money(a_year, book.currency or facts.currency)} a year at the present rate.",),
        ),
        chart=Chart(
            "line",
            "Share of this customer, month by month",
            "share",
            tuple(
                Bar(m[:7], s.value, max(0.0, s.value - 1.96 * s.se), min(1.0, s.value + 1.96 * s.se), s.n)
                for m, s in bars
            ),
        ),
    )


def _score(top: Share) -> Score:
    def points(value: float) -> float:
        return 100 * min(1.0, max(0.0, (0.5 - value) / (0.5 - CEILING)))

    return Score(points(top.value), points(top.value + 1.96 * top.se), points(top.value - 1.96 * top.se))
