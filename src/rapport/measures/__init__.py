"""Facts about customers as SQL, one query a file, and the metrics that people quote."""
