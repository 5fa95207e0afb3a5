"""What no query can say and a model can: each file one table, computed from measures."""
