-- One row is one of the last twelve full months: how many customers there were when it began, and what they brought in it.
--
-- A customer is there with a paid subscription that runs, or with an order in the 365 days before. `brought` is their
-- orders less refunds in the month and the price of the subscriptions that ran when it began; `margin` the declared share
-- of it. Where orders are known for less than a year before a month, nobody can say who was there, and it is left out.
-- Currencies are not told apart.
WITH starts AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', k.day) AS TIMESTAMP) AS starts FROM calendar AS k
),
edge AS (
  SELECT EPOCH(DATE_TRUNC('month', MIN(s.at))) AS opens FROM sales AS s WHERE s.customer_id IS NOT NULL
),
months AS (
  SELECT s.starts
  FROM starts AS s
  LEFT JOIN edge AS e ON 1 = 1
  WHERE s.starts < DATE_TRUNC('month', $as_of)
    AND (e.opens IS NULL OR EPOCH(s.starts) - e.opens >= 365 * 86400)
    AND EPOCH(s.starts) >= EPOCH(DATE_TRUNC('month', $as_of)) - 366 * 86400
    AND s.starts >= $start
),
there AS (
  SELECT m.starts, s.customer_id
  FROM months AS m
  JOIN sales AS s ON s.counts AND s.at < m.starts AND EPOCH(s.at) >= EPOCH(m.starts) - 365 * 86400
  WHERE s.customer_id IS NOT NULL
  UNION
  SELECT CAST(x.month AS TIMESTAMP) AS starts, x.customer_id
  FROM subscription_months AS x
  WHERE x.at_start
),
brought AS (
  SELECT CAST(s.month AS TIMESTAMP) AS starts, s.customer_id, CAST(s.revenue AS DOUBLE) AS revenue
  FROM sales AS s
  WHERE s.customer_id IS NOT NULL
  UNION ALL
  SELECT CAST(x.month AS TIMESTAMP) AS starts, x.customer_id, CAST(x.start_mrr AS DOUBLE) AS revenue
  FROM subscription_months AS x
  WHERE x.start_mrr > 0
),
sums AS (
  SELECT b.starts, b.customer_id, SUM(b.revenue) AS revenue FROM brought AS b GROUP BY b.starts, b.customer_id
)
SELECT
  CAST(CAST(m.starts AS DATE) AS VARCHAR) AS row_id,
  CAST(m.starts AS DATE) AS month,
  COUNT(t.customer_id) AS customers,
  COALESCE(SUM(s.revenue), 0) AS brought,
  COALESCE(SUM(s.revenue), 0) * $gross_margin AS margin
FROM months AS m
LEFT JOIN there AS t ON t.starts = m.starts
LEFT JOIN sums AS s ON s.starts = t.starts AND s.customer_id = t.customer_id
GROUP BY m.starts
