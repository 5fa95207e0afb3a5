-- One row is a customer who ever bought, used or paid: how recently, how often, and for how much.
--
-- `recency_days` is the time since the last day of purchase, or of use where the customer never bought. `frequency` counts
-- days of purchase (of use) in the last 365 days. `money` is what came in during the last 365 days from purchases, less
-- refunds, and twelve times the price a month of what runs. `since_days` is the time since the first of all this.
WITH used AS (
  SELECT
    u.customer_id,
    MIN(u.day) AS first_day,
    MAX(u.day) AS last_day,
    COUNT(DISTINCT CASE WHEN EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 365 * 86400 THEN u.day END) AS days
  FROM usage AS u
  WHERE u.events > 0
  GROUP BY u.customer_id
),
bought AS (
  SELECT
    p.customer_id,
    MIN(p.day) AS first_day,
    MAX(p.day) AS last_day,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(CAST(p.day AS TIMESTAMP)) <= 365 * 86400 THEN 1 END) AS days,
    SUM(CASE WHEN EPOCH($as_of) - EPOCH(CAST(p.day AS TIMESTAMP)) <= 365 * 86400 THEN p.amount ELSE 0 END) AS money
  FROM purchase_days AS p
  GROUP BY p.customer_id
),
paid AS (
  SELECT
    s.customer_id,
    CAST(MIN(s.first_from) AS DATE) AS first_day,
    MAX(CAST(CASE WHEN s.running THEN $as_of ELSE s.ends_at END AS DATE)) AS last_day,
    SUM(CASE WHEN s.running THEN 12 * s.mrr ELSE 0 END) AS money
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
who AS (
  SELECT customer_id FROM used
  UNION SELECT customer_id FROM bought
  UNION SELECT customer_id FROM paid
),
dated AS (
  SELECT
    w.customer_id,
    COALESCE(b.last_day, u.last_day, s.last_day) AS last_day,
    LEAST(
      COALESCE(b.first_day, u.first_day, s.first_day),
      COALESCE(u.first_day, s.first_day, b.first_day),
      COALESCE(s.first_day, b.first_day, u.first_day)
    ) AS first_day,
    CASE WHEN b.customer_id IS NOT NULL THEN b.days ELSE COALESCE(u.days, 0) END AS frequency,
    CAST(COALESCE(b.money, 0) AS DOUBLE) + CAST(COALESCE(s.money, 0) AS DOUBLE) AS money
  FROM who AS w
  LEFT JOIN bought AS b ON b.customer_id = w.customer_id
  LEFT JOIN used AS u ON u.customer_id = w.customer_id
  LEFT JOIN paid AS s ON s.customer_id = w.customer_id
)
SELECT
  d.customer_id AS row_id,
  d.customer_id,
  (EPOCH($as_of) - EPOCH(CAST(d.last_day AS TIMESTAMP))) / 86400 AS recency_days,
  d.frequency,
  d.money,
  (EPOCH($as_of) - EPOCH(CAST(d.first_day AS TIMESTAMP))) / 86400 AS since_days
FROM dated AS d
WHERE d.customer_id IS NOT NULL
