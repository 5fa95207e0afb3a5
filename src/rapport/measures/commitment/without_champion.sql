-- One row is a customer of today whose champions have all left: since when, and what they brought in the last 365 days.
--
-- `revenue` is net of refunds. Customers who never had a champion on record are not here.
WITH states AS (
  SELECT
    c.customer_id,
    MAX(c.left_at) AS left_at,
    COUNT(CASE WHEN c.left_at IS NULL THEN 1 END) AS there
  FROM contacts AS c
  WHERE c.champion
  GROUP BY c.customer_id
)
SELECT
  s.customer_id AS row_id,
  s.customer_id,
  s.left_at,
  COALESCE(y.revenue, 0) AS revenue,
  CAST(DATE_TRUNC('month', s.left_at) AS DATE) AS month
FROM states AS s
JOIN present_customers AS p ON p.customer_id = s.customer_id
LEFT JOIN yearly_revenue AS y ON y.customer_id = s.customer_id
WHERE s.there = 0 AND s.left_at >= $start
