"""Rapport audits a company's customer relationships, and keeps auditing them."""

from __future__ import annotations

__version__ = "0.1.0"
