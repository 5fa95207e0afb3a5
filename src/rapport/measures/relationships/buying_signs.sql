-- One row is a customer who ever bought: how often, how lately and for how much, by what is known at the cut-off.
--
-- A purchase is a day with an order that was neither cancelled nor returned. `silent_days` is the time since the last
-- purchase, `tenure_days` since the first in the record, `purchases` how many there were. `bought_28` to `bought_364`
-- count the purchases of the last so many days. `paid` is what all of them brought, `paid_182` those of the last 182
-- days. `returned` counts the orders of the last 364 days that came back or were paid back, on a date that is known;
-- `late` those of the last 182 days that came after the promised day, or have not come although it is past.
WITH days AS (
  SELECT
    o.customer_id,
    CAST(o.ordered_at AS DATE) AS day,
    (EPOCH($as_of) - EPOCH(CAST(CAST(o.ordered_at AS DATE) AS TIMESTAMP))) / 86400 AS ago,
    SUM(COALESCE(o.amount, 0)) AS paid
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
  GROUP BY o.customer_id, CAST(o.ordered_at AS DATE)
),
bought AS (
  SELECT
    d.customer_id,
    MIN(d.ago) AS silent_days,
    MAX(d.ago) AS tenure_days,
    COUNT(*) AS purchases,
    COUNT(CASE WHEN d.ago <= 28 THEN 1 END) AS bought_28,
    COUNT(CASE WHEN d.ago <= 56 THEN 1 END) AS bought_56,
    COUNT(CASE WHEN d.ago <= 91 THEN 1 END) AS bought_91,
    COUNT(CASE WHEN d.ago <= 182 THEN 1 END) AS bought_182,
    COUNT(CASE WHEN d.ago <= 364 THEN 1 END) AS bought_364,
    CAST(SUM(d.paid) AS DOUBLE) AS paid,
    CAST(SUM(CASE WHEN d.ago <= 182 THEN d.paid ELSE 0 END) AS DOUBLE) AS paid_182
  FROM days AS d
  GROUP BY d.customer_id
),
trouble AS (
  SELECT
    o.customer_id,
    COUNT(CASE WHEN o.returned_at IS NOT NULL THEN 1 END) AS returned,
    COUNT(
      CASE
        WHEN EPOCH($as_of) - EPOCH(o.ordered_at) <= 182 * 86400 AND COALESCE(o.delivered_at, $as_of) > o.promised_at THEN 1
      END
    ) AS late
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND EPOCH($as_of) - EPOCH(o.ordered_at) <= 364 * 86400
    AND (o.returned_at IS NOT NULL OR o.promised_at < $as_of)
  GROUP BY o.customer_id
)
SELECT
  b.customer_id AS row_id,
  b.*,
  COALESCE(t.returned, 0) AS returned,
  COALESCE(t.late, 0) AS late
FROM bought AS b
LEFT JOIN trouble AS t ON t.customer_id = b.customer_id
