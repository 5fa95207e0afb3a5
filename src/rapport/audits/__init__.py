"""The audits: one question, one file, independent of each other."""
