"""What no table can hold and the company declares instead: promises, calendar, economics, teams, goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Company:
    """Who is audited; `currency` is of amounts without one, `timezone` of times without one."""

    name: str = ""
    currency: str = ""
    as_of: str | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the company wants to reach: a metric, its target and the day."""

    id: str
    text: str
    metric: str
    target: float
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the company can afford to do."""

    hours_per_week: float | None = None
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """How people are protected: staff unnamed by default, groups smaller than `minimum_group` not shown."""

    name_staff: bool = False
    minimum_group: int = 10


@dataclass(frozen=True, slots=True)
class Competitor:
    """Another company that customers may go to, with the names it is known by."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time: days, hours (`HH:MM`), holidays (ISO dates) in one time zone."""

    timezone: str = "UTC"
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    working_hours: tuple[str, str] = ("09:00", "17:00")
    holidays: tuple[str, ...] = ()
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Economics:
    """What money means here: margin as a share of revenue, discounting, horizon, costs of contact and acquisition."""

    gross_margin: float = 1.0
    discount_rate: float = 0.10
    horizon_months: int = 12
    contact_cost: float | None = None
    acquisition_cost: float | None = None
    accounts_per_month: int | None = None
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """A public claim as a measurable criterion: the share of cases of `measure` that must be at most `target`."""

    id: str
    text: str
    measure: str
    target: float
    share: float = 0.95
    where: str = ""
    segment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """An internal criterion: `measure` should be at most `target`."""

    id: str
    measure: str
    target: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that every customer should have within so many days of becoming one."""

    moment: str
    within_days: float
    purpose: str | None = None
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """The stages a customer goes through, which touchpoint belongs to which, and the moments expected."""

    stages: tuple[str, ...] = ()
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team and what it owns: touchpoints by name, tickets or touches that name it."""

    name: str
    tickets: str | None = None
    touches: str | None = None
    touchpoints: tuple[str, ...] = ()
    acquisition: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Initiative:
    """A change that is being made: for whom, since when, and what it should move."""

    id: str
    text: str
    started: str
    measure: str
    segment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything `rapport.toml` can say; the defaults are an audit without one."""

    company: Company = Company()
    goals: tuple[Goal, ...] = ()
    capacity: Capacity = Capacity()
    privacy: PrivacyRules = PrivacyRules()
    competitors: tuple[Competitor, ...] = ()
    calendar: Calendar = Calendar()
    economics: Economics = Economics()
    promises: tuple[Promise, ...] = ()
    policies: tuple[Policy, ...] = ()
    journey: Journey = Journey()
    teams: tuple[Team, ...] = ()
    self_assessment: Mapping[str, float] = field(default_factory=dict)
    control_totals: Mapping[str, float] = field(default_factory=dict)
    initiatives: tuple[Initiative, ...] = ()

    def target(self, measure: str) -> float | None:
        """Return the strictest declared target for a case-level quantity: a promise to all customers, else a policy."""
        promised = [p.target for p in self.promises if p.measure == measure and not p.segment]
        ruled = [p.target for p in self.policies if p.measure == measure]
        return min(promised or ruled, default=None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an audit may know beside its inputs: the view it looks through and what the company declared.

    `as_of`, `start` and `record_start` are naive UTC times; `left_out` names breakdowns that the data does not allow;
    `seed` is that of whatever is drawn at random.
    """

    as_of: datetime
    start: datetime
    record_start: datetime
    declared: Declarations = Declarations()
    currency: str = ""
    left_out: tuple[str, ...] = ()
    seed: int = 0

    @property
    def months(self) -> float:
        """Length of the period in months of 30.44 days."""
        return (self.as_of - self.start).total_seconds() / 86400 / 30.44
