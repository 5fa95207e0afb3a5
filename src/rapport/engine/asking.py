"""Decides what can be asked of this record, and fetches for each audit what it declared and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from rapport.core.declarations import Facts
from rapport.core.inputs import Input
from rapport.core.outcome import NotAssessable
from rapport.engine.estimating import Looking, StoppedError, estimated
from rapport.measures.ask import columns_of, dimensions
from rapport.measures.cells import Answer
from rapport.measures.estimate import CannotTell, Estimate, Whole
from rapport.measures.query import Measure, in_order
from rapport.measures.wanted import Wanted, by_models
from rapport.record import TABLES
from rapport.store.database import Database

Step = Callable[[str], None]


@dataclass
class Asker:
    """Answers declared inputs from one record, computing each measure at most once.

    Parameters
    ----------
    database : the opened record.
    measures : the measures, by name.
    filled : for each table that has rows, how many values each column holds.
    facts : the view, the period and what was declared.
    said : what each estimate made so far has to say, by its name.
    wanted : what of each measure will be asked for (see `measures.wanted`); of those that are not in it all.
    awaited : how often each input will be asked for; None: nobody knows, and everything computed is kept.
    afterwards : measures that are looked at when all inputs are done with.
    """

    database: Database
    measures: Mapping[str, Measure]
    filled: Mapping[str, Mapping[str, int]]
    facts: Facts
    said: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    awaited: Counter[Input] | None = None
    afterwards: Collection[str] = ()
    _nodes: Mapping[str, Measure] = field(init=False)
    _untold: dict[str, str] = field(default_factory=dict)
    _stopped: dict[str, StoppedError] = field(default_factory=dict)
    _past: dict[tuple[datetime, str | None], Asker] = field(default_factory=dict)
    _computed: set[str] = field(default_factory=set)
    _over: set[str] = field(default_factory=set)
    _readers: Counter[str] = field(init=False)
    _below: dict[str, frozenset[str]] = field(default_factory=dict)
    _answers: dict[Input, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Count by how many queries each measure is read; an estimate is a table that reads nothing more."""
        self._nodes = {n: m.kept() if isinstance(m, Estimate) else m for n, m in self.measures.items()}
        self._readers = Counter(read for one in self._nodes.values() for read in one.reads)

    def lacking(self, inputs: Mapping[str, Input], needs: Collection[str]) -> tuple[str, ...]:
        """Return the tables and columns without which nothing can be said, in the words of the record."""
        tables = sorted({t for asked in inputs.values() for t in self._tables(asked.measure) if not self.filled.get(t)})
        columns = [need for need in needs if not any(self._has(one) for one in need.split("|"))]
        missing = [c.replace("|", " or ") for c in columns if c.split(".")[0] not in tables]
        return (*tables, *missing)

    def gather(
        self, inputs: Mapping[str, Input], needs: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Answer | None] | NotAssessable:
        """Return the answers by name (None for an optional input that cannot be answered), or why there are none."""
        required = {name: asked for name, asked in inputs.items() if name not in optional}
        missing = self.lacking(required, needs)
        if missing:
            return NotAssessable(f"The record has no {_listed(missing)}.", missing)
        answers: dict[str, Answer | None] = {}
        for name, asked in inputs.items():
            if name in optional and self.lacking({name: asked}, ()):
                answers[name] = None
                continue
            empty = self._empty(asked)
            if empty and name not in optional:
                return NotAssessable(empty, (asked.measure,))
            answers[name] = None if empty else self.answer(asked)
        return answers

    def answer(self, asked: Input) -> Answer:
        """Return the answer to one input, from memory where it was asked before."""
        if asked not in self._answers:
            self._compute(asked.measure)
            self._answers[asked] = self.database.answer(asked)
        return self._answers[asked]

    def answered(self, inputs: Iterable[Input]) -> None:
        """Take note that inputs are done with, and give back the room of what nobody is known to need any more."""
        if self.awaited is None:
            return
        self.awaited.subtract(inputs)
        waiting = {asked.measure for asked, times in self.awaited.items() if times > 0 and asked not in self._answers}
        waiting = {name for name in waiting.union(self.afterwards) if self._can(name)}
        needed = self._reached(waiting, self.measures)
        over = self._of_queries() - needed - self._over
        self._over |= over
        self.database.release(over)

    def has(self, measure: str, *, partly: bool = False) -> bool:
        """Tell whether a measure can be computed from this record and has rows; computes it.

        partly : also where an estimate below it crashed; what that would say is unknown then.
        """
        if not self._can(measure):
            return False
        self._compute(measure, partly=partly)
        return bool(self.database.filled(measure)["*"])

    def left_out(self, asked: Input) -> tuple[str, ...]:
        """Return the columns by which the data cannot be cut because they are empty."""
        self._compute(asked.measure)
        filled = self.database.filled(asked.measure)
        return tuple(d for d in dimensions(asked) if not filled.get(d))

    def columns(self, asked: Whole) -> pa.Table | None:
        """Return whole columns for a model; None where the record lacks a table that they come from."""
        if not self._can(asked.measure):
            return None
        self._compute(asked.measure)
        return self.database.whole(asked)

    def at(self, moment: datetime, part: str | None = None) -> Asker:
        """Return what answers from the record as it was known at an earlier moment, of a part of the customers or all.

        part : hexadecimal digits below which the MD5 of a customer's id lies; None: all customers.
        """
        if (moment, part) not in self._past:
            earlier = replace(self.facts, as_of=moment)
            measures, asked = self._earlier
            there = self.database.at(moment, part)
            self._past[moment, part] = Asker(there, measures, self.filled, earlier, wanted=asked)
        return self._past[moment, part]

    @cached_property
    def _earlier(self) -> tuple[Mapping[str, Measure], Mapping[str, Wanted]]:
        """The measures of earlier moments, at which models alone look, and what is wanted of them."""
        return by_models(self.measures) if self.wanted else (self.measures, {})

    def _estimate(self, one: Estimate) -> None:
        """Have an estimate made and keep its table, an empty one where it cannot tell; a crash is remembered."""
        empty = one.schema.empty_table()
        try:
            found = estimated(Looking(one, self.facts, self, self.at))
        except StoppedError as problem:
            self._stopped[one.name] = problem
            self.database.keep(one.name, empty, file=False)
        else:
            if isinstance(found, CannotTell):
                self._untold[one.name] = found.reason
            else:
                self.said[one.name] = found.said
            self.database.keep(one.name, empty if isinstance(found, CannotTell) else found.table)
        for past in self._past.values():
            past.forget()

    def forget(self) -> None:
        """Give back the room of everything computed but the estimates."""
        tables = self._of_queries()
        self.database.forget(tables)
        self._computed -= tables

    def _of_queries(self) -> set[str]:
        """Return everything computed but the estimates."""
        return {name for name in self._computed if not isinstance(self.measures[name], Estimate)}

    def _compute(self, measure: str, *, partly: bool = False) -> None:
        """Compute a measure and what it reads; what only one measure reads, and nobody asks for, inside that one.

        Raises StoppedError where an estimate below it crashed, now or before, but with `partly`.
        """
        inside: list[str] = []
        reached = self._reached({measure}, self._nodes)
        for name in in_order(frozenset({measure}), self._nodes):
            if name not in reached:
                continue
            one = self.measures[name]
            if isinstance(one, Estimate) and name not in self._computed:
                self._estimate(one)
                self._computed.add(name)
            if name in self._stopped and not partly:
                raise self._stopped[name].with_traceback(None)
            if name in self._computed:
                continue
            direct = name in self.wanted and self.wanted[name].asked
            if name != measure and self._readers[name] == 1 and not direct:
                inside.append(name)
                continue
            read = in_order(frozenset({name}), self._nodes)
            self.database.compute(name, [one for one in inside if one in read], self.wanted.get(name))
            inside = [one for one in inside if one not in read]
            self._computed.add(name)

    def _reached(self, names: Collection[str], known: Mapping[str, Measure]) -> set[str]:
        """Return measures, what those of them that are not computed yet read, and so on."""
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            if name not in self._computed:
                waiting |= (known[name].reads & known.keys()) - found
        return found

    def _empty(self, asked: Input) -> str:
        self._compute(asked.measure)
        filled = self.database.filled(asked.measure)
        if not filled["*"]:
            for name in in_order(frozenset({asked.measure}), self._nodes):
                if name in self._untold:
                    return self._untold[name]
            return "The record has no rows of the kind this asks about in the period."
        void = sorted(c for c in columns_of(asked) if c in filled and not filled[c])
        return f"Nothing is known of {_listed(void)} in the period." if void else ""

    def _can(self, measure: str) -> bool:
        """Tell whether the record has every table that a measure cannot do without."""
        return measure in self.measures and all(self.filled.get(t) for t in self._tables(measure))

    def _tables(self, measure: str) -> frozenset[str]:
        """Return the record's tables that a measure cannot do without, through the measures it reads."""
        if measure not in self._below:
            found: set[str] = set()
            for name in self.measures[measure].needs:
                found |= self._tables(name) if name in self.measures else ({name} & TABLES.keys())
            self._below[measure] = frozenset(found)
        return self._below[measure]

    def _has(self, column: str) -> bool:
        table, _, name = column.partition(".")
        return bool(self.filled.get(table, {}).get(name, 0))


def _listed(names: Collection[str]) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
