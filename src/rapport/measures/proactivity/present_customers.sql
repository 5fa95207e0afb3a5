-- One row is a customer who is one at the cut-off: since when.
--
-- Somebody is who ordered in the last 365 days (neither cancelled nor returned) or has a paid subscription that runs,
-- and has not closed the account. `known_since` is when the customer was created, else their first order or paid
-- subscription in the record, which at its left edge is too late.
WITH signs AS (
  SELECT s.customer_id, MIN(s.at) AS began, MAX(CASE WHEN s.counts THEN s.at END) AS last_order, 0 AS runs
  FROM sales AS s
  WHERE s.customer_id IS NOT NULL
  GROUP BY s.customer_id
  UNION ALL
  SELECT
    p.customer_id,
    MIN(p.first_from) AS began,
    CAST(NULL AS TIMESTAMP) AS last_order,
    MAX(CASE WHEN p.running THEN 1 ELSE 0 END) AS runs
  FROM subscription_spans AS p
  GROUP BY p.customer_id
),
alive AS (
  SELECT s.customer_id, MIN(s.began) AS began
  FROM signs AS s
  GROUP BY s.customer_id
  HAVING MAX(s.runs) = 1 OR EPOCH($as_of) - EPOCH(MAX(s.last_order)) <= 365 * 86400
)
SELECT
  a.customer_id AS row_id,
  a.customer_id,
  COALESCE(c.created_at, a.began) AS known_since,
  (EPOCH($as_of) - EPOCH(COALESCE(c.created_at, a.began))) / 86400 AS tenure_days
FROM alive AS a
LEFT JOIN customers AS c ON c.customer_id = a.customer_id
WHERE c.closed_at IS NULL
