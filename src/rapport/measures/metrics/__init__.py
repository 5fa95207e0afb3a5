"""The metrics that people quote, one file a family."""
