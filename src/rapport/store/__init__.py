"""The only place that opens a database and reads files."""
