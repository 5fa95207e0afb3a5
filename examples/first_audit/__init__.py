"""The first audit, step by step: a shop's exports, the commands of the tutorial, and what they print."""
