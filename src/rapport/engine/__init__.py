"""Plans, runs, scores and ranks audits."""
