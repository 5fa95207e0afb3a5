"""What Rapport says when it cannot go on: what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class RapportError(Exception):
    """One line a person can act on.

    Parameters
    ----------
    what : the problem, in plain words.
    where : file, row and column, as far as they are known.
    todo : the next step for the person who reads it.
    """

    code: ClassVar[str] = "rapport"
    exit_status: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the line: ``where: what. What to do``, without line breaks."""
        place = f"{self.where}: " if self.where else ""
        advice = f" — {self.todo}" if self.todo else ""
        return " ".join(f"{place}{self.what}{advice}".split())


class InputError(RapportError):
    """A file or a folder cannot be read, or holds nothing that can be used."""

    code = "unreadable-input"


class MappingError(RapportError):
    """A mapping names a column, a table or an expression that does not work."""

    code = "mapping"


class ConfigError(RapportError):
    """`rapport.toml` has an unknown key or a value of the wrong kind."""

    code = "config"


class UsageError(RapportError):
    """The command was called with words it does not know, or with words that contradict each other."""

    code = "usage"


class RegistryError(RapportError):
    """An audit, a measure or a metric is declared in a way the registry refuses."""

    code = "registry"


class QueryError(RapportError):
    """A measure does not parse, reads what does not exist, or leaves the portable subset."""

    code = "query"


class OutputError(RapportError):
    """The place for the result cannot be written or belongs to somebody else."""

    code = "output"


class ComparisonError(RapportError):
    """Two audits cannot be compared without misleading: another period, company, currency or form."""

    code = "not-comparable"


def stopped_by_hand(problem: BaseException) -> bool:
    """Whether Ctrl-C is behind an error: DuckDB 1.5 names it as the cause of a RuntimeError, DuckDB 2 only says so."""
    said = isinstance(problem, RuntimeError) and str(problem) == "Query interrupted"
    return said or isinstance(problem.__cause__, KeyboardInterrupt)


ERRORS: tuple[type[RapportError], ...] = (
    InputError,
    MappingError,
    ConfigError,
    UsageError,
    RegistryError,
    QueryError,
    OutputError,
    ComparisonError,
)
