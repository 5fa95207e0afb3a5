"""Draws a run as a page that one can hand to a board."""
