"""What rapport.toml may hold, section by section."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from rapport.app.config_values import DAYS, Amount, Currency, Day, Hour, Share, Weekday, Zone
from rapport.core import declarations as d
from rapport.core.errors import ConfigError
from rapport.core.source import TableMapping
from rapport.record import TABLES
from rapport.sources.written import reading_of


class Section(BaseModel):
    """A section: unknown keys are errors, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Section):
    """`[company]`."""

    name: str = ""
    currency: Currency = ""
    as_of: Day | None = None
    timezone: Zone = "UTC"


class Goal(Section):
    """`[[goal]]`."""

    id: str
    text: str
    metric: str
    target: float
    by: Day | None = None


class Capacity(Section):
    """`[capacity]`."""

    hours_per_week: Amount | None = None
    budget: Amount | None = None


class Privacy(Section):
    """`[privacy]`."""

    name_staff: bool = False
    minimum_group: Annotated[int, Field(ge=1)] = 10


class Competitor(Section):
    """`[[competitor]]`."""

    name: str
    aliases: tuple[str, ...] = ()


class Calendar(Section):
    """`[calendar]`."""

    timezone: Zone = "UTC"
    working_days: tuple[Weekday, ...] = DAYS[:5]
    working_hours: tuple[Hour, Hour] = ("09:00", "17:00")
    holidays: tuple[Day, ...] = ()


class Economics(Section):
    """`[economics]`."""

    gross_margin: Share = 1.0
    discount_rate: Amount = 0.10
    horizon_months: Annotated[int, Field(ge=1, le=600)] = 12
    contact_cost: Amount | None = None
    acquisition_cost: Amount | None = None
    accounts_per_month: Annotated[int, Field(ge=1)] | None = None


class Promise(Section):
    """`[[promise]]`."""

    id: str
    text: str
    measure: str
    target: float
    share: Share = 0.95
    where: str = ""
    segment: dict[str, str] = {}


class Policy(Section):
    """`[[policy]]`."""

    id: str
    measure: str
    target: float


class Moment(Section):
    """`[[journey.expected]]`."""

    moment: str
    within_days: Amount
    purpose: str | None = None
    campaign: str | None = None


class Journey(Section):
    """`[journey]`."""

    stages: tuple[str, ...] = ()
    touchpoints: dict[str, str] = {}
    expected: tuple[Moment, ...] = ()


class Team(Section):
    """`[[team]]`."""

    name: str
    tickets: str | None = None
    touches: str | None = None
    touchpoints: tuple[str, ...] = ()
    acquisition: tuple[str, ...] = ()


class Initiative(Section):
    """`[[initiative]]`."""

    id: str
    text: str
    started: Day
    measure: str
    segment: dict[str, str] = {}


class Mapping(Section):
    """`[[mapping]]`."""

    file: str
    table: str
    columns: dict[str, str] = Field(min_length=1)
    where: str = ""
    group: tuple[str, ...] = ()
    formats: dict[str, str] = {}
    timezone: Zone | None = None


class Document(Section):
    """The whole of rapport.toml."""

    company: Company = Company()
    goal: tuple[Goal, ...] = ()
    capacity: Capacity = Capacity()
    privacy: Privacy = Privacy()
    competitor: tuple[Competitor, ...] = ()
    calendar: Calendar = Calendar()
    economics: Economics = Economics()
    promise: tuple[Promise, ...] = ()
    policy: tuple[Policy, ...] = ()
    journey: Journey = Journey()
    team: tuple[Team, ...] = ()
    self_assessment: dict[str, float] = {}
    control_totals: dict[str, float] = {}
    initiative: tuple[Initiative, ...] = ()
    mapping: tuple[Mapping, ...] = ()

    @classmethod
    def keys_at(cls, loc: tuple[int | str, ...]) -> list[str]:
        """Return the keys that are known at a place of the file."""
        model: type[BaseModel] = cls
        for part in loc:
            if isinstance(part, str) and part in model.model_fields:
                model = _inside(model.model_fields[part].annotation) or model
        return sorted(model.model_fields)

    def declarations(self, where: str) -> d.Declarations:
        """Return what is declared; a journey's touchpoint whose stage is not listed is an error."""
        for touchpoint, stage in self.journey.touchpoints.items():
            if self.journey.stages and stage not in self.journey.stages:
                todo = f"write one of {', '.join(self.journey.stages)}"
                raise ConfigError(f"journey.touchpoints.{touchpoint}: {stage!r} is no stage", where=where, todo=todo)
        return d.Declarations(
            company=d.Company(**self.company.model_dump()),
            goals=tuple(d.Goal(**g.model_dump()) for g in self.goal),
            capacity=d.Capacity(**self.capacity.model_dump()),
            privacy=d.PrivacyRules(**self.privacy.model_dump()),
            competitors=tuple(d.Competitor(**c.model_dump()) for c in self.competitor),
            calendar=d.Calendar(**self.calendar.model_dump(), declared=bool(self.calendar.model_fields_set)),
            economics=d.Economics(**self.economics.model_dump(), declared=bool(self.economics.model_fields_set)),
            promises=tuple(d.Promise(**p.model_dump()) for p in self.promise),
            policies=tuple(d.Policy(**p.model_dump()) for p in self.policy),
            journey=d.Journey(
                self.journey.stages,
                dict(self.journey.touchpoints),
                tuple(d.Moment(**m.model_dump()) for m in self.journey.expected),
            ),
            teams=tuple(d.Team(**t.model_dump()) for t in self.team),
            self_assessment=dict(self.self_assessment),
            control_totals=dict(self.control_totals),
            initiatives=tuple(d.Initiative(**i.model_dump()) for i in self.initiative),
        )

    def mappings(self, where: str) -> tuple[TableMapping, ...]:
        """Return the mappings; a table or a column that the record does not have is an error."""
        return tuple(_mapping(m, f"{where}, mapping[{i}]") for i, m in enumerate(self.mapping, start=1))


def _mapping(written: Mapping, where: str) -> TableMapping:
    if written.table not in TABLES:
        raise ConfigError(f"there is no table {written.table!r}", where=where, todo=_nearest(written.table, TABLES))
    known = [c.name for c in TABLES[written.table].columns]
    for name in written.columns:
        if name not in known:
            raise ConfigError(f"{written.table} has no column {name!r}", where=where, todo=_nearest(name, known))
    try:
        readings = {column: reading_of(column, text) for column, text in written.formats.items()}
    except ConfigError as problem:
        raise ConfigError(problem.what, where=f"{where}, formats", todo=problem.todo) from problem
    return TableMapping(
        written.file, written.table, dict(written.columns), written.where, written.group, readings, written.timezone
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"


def _inside(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an annotation such as `tuple[Promise, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inside(part))), None)
