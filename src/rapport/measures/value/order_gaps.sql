-- One row is the time between two successive orders of one customer, in days.
--
-- Orders that were cancelled or returned do not count; two orders of one day are two orders here (the median of gaps is a
-- plain description). `median_days` is the median of all gaps, `below` whether this one is at most that long, from which
-- its interval follows, customers kept together. `month` is that of the later order.
WITH gaps AS (
  SELECT
    s.row_id,
    s.customer_id,
    (EPOCH(s.at) - EPOCH(LAG(s.at) OVER (PARTITION BY s.customer_id ORDER BY s.at, s.row_id))) / 86400 AS gap_days,
    s.month
  FROM sales AS s
  WHERE s.counts AND s.customer_id IS NOT NULL
),
middle AS (
  SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY g.gap_days) AS median_days FROM gaps AS g
)
SELECT
  g.row_id,
  g.customer_id,
  g.gap_days,
  g.gap_days * 86400 AS gap_seconds,
  m.median_days,
  g.gap_days <= m.median_days AS below,
  g.month
FROM gaps AS g
CROSS JOIN middle AS m
WHERE g.gap_days IS NOT NULL
