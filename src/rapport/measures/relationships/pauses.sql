-- One row is a pause of a customer between two occasions, in the time looked at (see `life_days`), in days.
--
-- Signs of life that follow each other closely are one occasion: an order, a question about its delivery, the answer to its
-- survey. Within ten days they do where the company's usual gap between two days with a sign is five days or more; else
-- each day is an occasion. A pause runs from the last sign before a new occasion to its beginning.
WITH spaced AS (
  SELECT
    d.customer_id,
    d.day,
    EPOCH(CAST(d.day AS TIMESTAMP)) / 86400
    - LAG(EPOCH(CAST(d.day AS TIMESTAMP)) / 86400) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS gap
  FROM life_days AS d
),
usual AS (
  SELECT CASE WHEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY s.gap) >= 5 THEN 10 ELSE 0 END AS burst
  FROM spaced AS s
)
SELECT
  CONCAT(s.customer_id, '/', CAST(s.day AS VARCHAR)) AS row_id,
  s.customer_id,
  s.day,
  s.gap,
  LN(s.gap) AS log_gap
FROM spaced AS s
CROSS JOIN usual AS u
WHERE s.gap > u.burst
