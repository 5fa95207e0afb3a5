"""Follows the findings of one audit to the next."""
