"""Shares of money by cells: every euro counts as much, and every customer is one draw."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.core.inputs import Sums
from rapport.measures.cells import Cells, Totals
from rapport.measures.metrics.money import Pairs, Values, ratio_sums
from rapport.models.moments import Moments


def weighted(measure: str, top: str, bottom: str, by: Sequence[tuple[str, ...]], *more: tuple[str, str]) -> Sums:
    """Return the input for a ratio Σ top / Σ bottom by cells; `more` are further sums to be added up with it.

    Parameters
    ----------
    measure : has a `customer_id`; one row is one draw.
    top, bottom : columns or expressions; the bottom averages about 1, so that sums of it read like rows.
    by : sets of columns.
    """
    values: Pairs = (*ratio_sums(top, bottom), ("customers", "COUNT(DISTINCT customer_id)"), *more)
    return Sums(measure, values, by=tuple(by))


def shares(totals: Totals, by: Sequence[tuple[str, ...]]) -> Cells:
    """Return the cells of a weighted ratio as if each unit of the bottom were a row with a value.

    Row i moves the ratio r by (top_i − r·bottom_i)/Σ bottom (Cochran 1977, 6.3). No row lies in two cells of the same
    columns, so that the cross moments with the total are the cell's own. Rows of one customer in different months are
    separate draws: what somebody loses in a month, beyond what was to be expected, is unrelated to what they lost in
    the months before, in which they had not left (martingale differences; Andersen & Gill 1982, Annals of Statistics
    10:1100).
    """
    cells = {
        key: _moments(values) for key, values in totals.cells.items() if tuple(sorted(n for n, _ in key)) in _sets(by)
    }
    there = tuple(names for names in by if any(tuple(sorted(names)) == tuple(sorted(n for n, _ in k)) for k in cells))
    return Cells(_moments(totals.total), cells, there)


def _sets(by: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {tuple(sorted(names)) for names in by}


def _moments(v: Values) -> Moments:
    nn, ss, ns = (float(v[name] or 0.0) for name in ("bottom_squares", "top_squares", "products"))
    return Moments(
        n=float(v["bottom"] or 0.0),
        s=float(v["top"] or 0.0),
        g=int(v["customers"] or 0),
        nn=nn,
        ss=ss,
        ns=ns,
        nt=nn,
        st=ss,
        n_st=ns,
        s_nt=ns,
    )
