-- One row is the whole company: how long customers usually take to buy again, in days.
--
-- `typical_days` is the median time from one day of purchase to the customer's next, `slow_days` the time within which
-- nine in ten who come back do so, `gaps` how many such times there are; `record_days` is the age of the first purchase.
--
-- A gap that is still open does not count, so a young record makes customers look quicker than they are.
WITH gaps AS (
  SELECT
    d.day,
    (EPOCH(CAST(d.day AS TIMESTAMP)) - EPOCH(CAST(
      LAG(d.day) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS TIMESTAMP
    ))) / 86400 AS gap_days
  FROM purchase_days AS d
)
SELECT
  'company' AS row_id,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY g.gap_days) AS typical_days,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY g.gap_days) AS slow_days,
  COUNT(g.gap_days) AS gaps,
  (EPOCH($as_of) - EPOCH(CAST(MIN(g.day) AS TIMESTAMP))) / 86400 AS record_days
FROM gaps AS g
