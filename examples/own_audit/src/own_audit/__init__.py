"""Audits of our own for Rapport."""
