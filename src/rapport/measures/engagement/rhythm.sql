-- One row is the whole company: how long its customers usually take from one visit to the next, in days.
--
-- `typical_days` is the median gap between two visits of one customer. `horizon_days` is the time within which three
-- quarters of those who come back do so: at least 14 days and at most a quarter of the record, so that there are cohorts
-- old enough to judge; 90 where nobody ever came back (or a quarter of a shorter record). `settled_after_days` is three
-- typical gaps: whoever is first seen that soon after the record begins may well be an old customer.
--
-- Gaps longer than the record cannot be seen, so a young record makes customers look quicker than they are.
WITH gaps AS (
  SELECT
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v.gap_days) AS typical_days,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY v.gap_days) AS slow_days,
    (EPOCH($as_of) - EPOCH(MIN(v.record_from))) / 86400 AS record_days
  FROM visits AS v
)
SELECT
  g.typical_days,
  CEIL(GREATEST(14.0, LEAST(COALESCE(g.slow_days, 90.0), g.record_days / 4))) AS horizon_days,
  3 * COALESCE(g.typical_days, 30.0) AS settled_after_days,
  g.record_days
FROM gaps AS g
