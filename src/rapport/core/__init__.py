"""The words everything else is said in: tables, measures, audits, findings and the run; standard library only."""
