"""Each model against a published number, another implementation, and simulation."""
