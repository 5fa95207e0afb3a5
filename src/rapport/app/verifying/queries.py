"""Runs every printed query as text and compares what it returns with what is printed beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rapport.app.verifying.deriving import Derived
from rapport.app.verifying.differences import Difference, compare
from rapport.core.canonical import canonical, plain
from rapport.core.errors import QueryError
from rapport.engine.registry import registry
from rapport.measures.estimate import FOLDER
from rapport.store.locks import RECORD
from rapport.store.sealed import Row, Sealed

Progress = Callable[[str, float], None]
Answered = tuple[list[Row], str]


class Queries:
    """Runs the queries of an audit that was made again, each text once, on an engine that can read the record only.

    They are the texts that Rapport writes. Where `audit.json` has another one, that is a difference, and it is not run.
    """

    def __init__(self, derived: Derived) -> None:
        self._derived = derived
        folder = derived.root / RECORD
        kept = (*folder.glob("*.parquet"), *folder.glob("*/*.parquet"), *(derived.root / FOLDER).glob("*.parquet"))
        files = [file.relative_to(derived.root) for file in kept]
        self._engine = Sealed(derived.root, sorted(files))
        self._answers: dict[str, Answered] = {}

    @property
    def run(self) -> int:
        """Return how many texts were run."""
        return len(self._answers)

    def check(self, progress: Progress) -> Iterator[Difference]:
        """Yield what the queries return that is not printed beside them."""
        metrics, findings = self._derived.run["metrics"], self._derived.run["findings"]
        for i, one in enumerate(metrics):
            progress("running printed queries", i / (len(metrics) + len(findings)))
            yield from self._metric(one)
        for i, one in enumerate(findings, len(metrics)):
            progress("running printed queries", i / (len(metrics) + len(findings)))
            yield from self._evidence(one)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _answer(self, sql: str) -> Answered:
        if sql not in self._answers:
            self._answers[sql] = self._engine.run(sql)
        return self._answers[sql]

    def _metric(self, one: Mapping[str, Any]) -> Iterator[Difference]:
        """Compare a metric's printed query with the rows that the metric was computed from."""
        if not one["sql"]:
            return
        place = f"metrics[{one['id']}].sql"
        try:
            found, _ = self._answer(one["sql"])
        except QueryError as problem:
            yield Difference(place, "a query", f"it {problem.what}")
            return
        database = self._derived.record.database
        asked = next(iter(registry().metrics[one["id"]].inputs.values()))
        expected, _ = database.run(database.query(asked))
        if _unordered(found) != _unordered(expected):
            yield Difference(place, "a query of other rows", "the rows that the metric was computed from")

    def _evidence(self, finding: Mapping[str, Any]) -> Iterator[Difference]:
        here: int | None = None
        for one in finding["evidence"]:
            if not one["sql"]:
                continue
            place = f"findings[{finding['id']}].evidence[{one['kind']}]"
            try:
                rows, digest = self._answer(one["sql"])
            except QueryError as problem:
                yield Difference(f"{place}.sql", "a query", f"it {problem.what}")
                continue
            if one["kind"] == "query":
                here = _counted(rows)
            count = len(rows) if one["kind"] == "query" else finding["condition"]["n"] if here is None else here
            returned = {"count": count, "hash": digest, "sample": [plain(r) for r in rows]}
            for found in compare({k: one[k] for k in returned}, returned):
                yield Difference(f"{place}.{found.place}", found.printed, found.derived)


def _unordered(rows: Sequence[Row]) -> list[str]:
    """Return rows so that their order does not count: the cells of a breakdown have none."""
    return sorted(canonical(row) for row in rows)


def _counted(rows: Sequence[Row]) -> int | None:
    """Return the number of rows that a finding is about, where its query says."""
    return next((int(r.get("n") or 0) for r in rows if r.get("place") == "here"), None)
