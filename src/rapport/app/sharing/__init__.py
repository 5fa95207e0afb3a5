"""Writes an audit that may leave the house: without people, without words of people, without groups of a few."""
