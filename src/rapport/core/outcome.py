"""How an audit can end, and what it tested on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rapport.core.finding import Cause, Consequence
from rapport.core.interval import Interval

Scope = Mapping[str, str]


class Status(StrEnum):
    """The ways an audit, or a finding, can end (see `docs/reference/statuses.md`)."""

    NONCONFORMING = "nonconforming"
    OPPORTUNITY = "opportunity"
    GOOD_PRACTICE = "good_practice"
    CONFORMING = "conforming"
    NOT_ASSESSABLE = "not_assessable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled value of a chart, with its interval and n; `marked` draws it as the one that is meant."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture described by its data: `dots` with intervals, a `line` over time, or a `step` curve.

    `unit` is `share`, `hours`, `minutes`, `points`, `count`, `money` or `days`; `reference` is a labelled rule.
    """

    kind: str
    title: str
    unit: str
    bars: tuple[Bar, ...]
    reference: float | None = None
    reference_label: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One statement that was tested: a cell of the company's customers against its criterion.

    `p_value` is one-sided and belongs to the null hypothesis that the effect is at most the least one worth acting on.
    `effect` is value minus baseline in the unit of the audit; `shrunk` is the same after shrinkage across cells.
    `within` says that the whole interval lies inside the least effect; `detectable` is the smallest true effect that
    would have been seen with 80 % power. `input` names the declared input the evidence is drawn from.
    `explains` lists scopes whose own difference vanishes once this cell's rows are left out.
    """

    scope: Scope
    status: Status
    p_value: float
    value: Interval
    effect: Interval
    baseline: float
    n: int
    customers: int
    title: str
    statement: str
    input: str
    shrunk: float = 0.0
    within: bool = False
    detectable: float | None = None
    onset: str | None = None
    same_season: bool = True
    explains: tuple[Scope, ...] = ()
    cause: Cause | None = None
    consequence: Consequence | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How well the company does on one question: 0 (worst) to 100, with its interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of_good(cls, share: Interval) -> Score:
        """Return the score of a share that is the better the larger it is; what is not known about it, is open."""
        low = 0.0 if share.low is None else share.low
        high = 1.0 if share.high is None else share.high
        return cls(100 * share.value, 100 * low, 100 * high)

    @classmethod
    def of_bad(cls, share: Interval) -> Score:
        """Return the score of a share that is the better the smaller it is."""
        good = cls.of_good(share)
        return cls(100 - good.value, 100 - good.high, 100 - good.low)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to trust a table less: `cap` is the highest confidence a finding that rests on it may have (0 to 1)."""

    table: str
    cap: float
    reason: str


@dataclass(frozen=True, slots=True)
class Short:
    """A cell about which nothing can be said yet, and how many rows would do."""

    scope: Scope
    n: int
    needed: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """The audit could look: what it measured, the tests it made and its score (None where nothing was scored)."""

    headline: str
    tests: tuple[Test, ...]
    score: Score | None
    short: tuple[Short, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class NotAssessable:
    """The audit could not look: what is missing, and how much would do."""

    reason: str
    missing: tuple[str, ...] = ()
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Errored:
    """The audit crashed: a result like any other, said in the report, that lowers coverage and never the score."""

    reason: str
    detail: str = field(default="", repr=False)


Outcome = Looked | NotAssessable | Errored
