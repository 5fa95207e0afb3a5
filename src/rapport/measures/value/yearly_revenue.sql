-- One row is a customer who brought something in the last 365 days: how much, net of refunds.
--
-- Orders and what was paid for subscriptions are added (`subscription_months`, the price at the start of each of the
-- last twelve full months). It says what the relationship is worth as it stands, not what would be lost with it.
WITH amounts AS (
  SELECT s.customer_id, s.revenue
  FROM sales AS s
  WHERE s.customer_id IS NOT NULL AND EPOCH($as_of) - EPOCH(s.at) <= 365 * 86400
  UNION ALL
  SELECT m.customer_id, m.start_mrr AS revenue
  FROM subscription_months AS m
  WHERE m.months_ago < 12
)
SELECT a.customer_id AS row_id, a.customer_id, SUM(a.revenue) AS revenue
FROM amounts AS a
GROUP BY a.customer_id
