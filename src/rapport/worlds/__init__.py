"""Companies that do not exist, simulated to test the auditor."""
