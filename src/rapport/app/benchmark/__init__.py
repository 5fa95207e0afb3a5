"""Plants known defects into invented companies, lets an auditor look for them, and counts what it found."""

from __future__ import annotations

from rapport.app.benchmark.auditor import Command, Rapport
from rapport.app.benchmark.cases import Case, cases
from rapport.app.benchmark.running import run
from rapport.app.benchmark.tally import Tally, tally

__all__ = ["Case", "Command", "Rapport", "Tally", "cases", "run", "tally"]
