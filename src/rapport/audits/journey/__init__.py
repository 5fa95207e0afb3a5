"""Audits of the journey: from the first weeks on."""
