"""The mathematics behind the findings: numbers in, intervals and p-values out; no database, no file, no text."""
