-- One row is a customer's full month with a feature that they used in it.
--
-- Months are UTC months, full ones only: of the record of use, and before the cut-off. A customer's first 90 days are left
-- out (since `created_at`, else since their first use in the record): who has only begun has not yet had time to take
-- much up. `plan` is the one that was paid for during the whole month (the first in the alphabet where there were
-- several); months in which it changed, began or ended are left out. Customers who never had a paid subscription have the
-- plan that the customer list gives them today.
--
-- Wrong where a source logs what the software does by itself (imports, reminders) as use by the customer.
WITH used AS (
  SELECT u.customer_id, u.feature, CAST(DATE_TRUNC('month', u.day) AS DATE) AS month, COUNT(DISTINCT u.day) AS days
  FROM usage AS u
  WHERE u.events > 0
  GROUP BY u.customer_id, u.feature, CAST(DATE_TRUNC('month', u.day) AS DATE)
),
begun AS (
  SELECT u.customer_id, MIN(COALESCE(c.created_at, CAST(u.day AS TIMESTAMP))) AS begun_at
  FROM usage AS u
  LEFT JOIN customers AS c ON c.customer_id = u.customer_id
  GROUP BY u.customer_id
),
edge AS (
  SELECT CAST(MIN(u.day) AS TIMESTAMP) AS record_from FROM usage AS u
),
months AS (
  SELECT DISTINCT d.customer_id, d.month
  FROM used AS d
  JOIN begun AS b ON b.customer_id = d.customer_id
  CROSS JOIN edge AS e
  WHERE EPOCH(CAST(d.month AS TIMESTAMP)) - EPOCH(b.begun_at) >= 90 * 86400
    AND EPOCH(CAST(d.month AS TIMESTAMP)) - EPOCH(e.record_from) > -3 * 86400
    AND CAST(d.month AS TIMESTAMP) >= $start
    AND CAST(d.month AS TIMESTAMP) < DATE_TRUNC('month', $as_of)
),
paid AS (
  SELECT m.customer_id, m.month, MIN(s.plan) AS plan, COUNT(*) AS periods
  FROM months AS m
  JOIN subscription_spans AS s
    ON s.customer_id = m.customer_id
    AND EPOCH(s.valid_from) - EPOCH(CAST(m.month AS TIMESTAMP)) < 86400
    AND (s.ends_at IS NULL OR EPOCH(s.ends_at) - EPOCH(CAST(m.month AS TIMESTAMP)) >= 28 * 86400)
  GROUP BY m.customer_id, m.month
),
payers AS (
  SELECT DISTINCT s.customer_id FROM subscription_spans AS s
)
SELECT
  CONCAT(d.customer_id, '/', CAST(d.month AS VARCHAR), '/', d.feature) AS row_id,
  d.customer_id,
  d.month,
  d.feature,
  d.days,
  CASE WHEN h.customer_id IS NULL THEN c.plan ELSE p.plan END AS plan
FROM used AS d
JOIN months AS m ON m.customer_id = d.customer_id AND m.month = d.month
LEFT JOIN paid AS p ON p.customer_id = d.customer_id AND p.month = d.month
LEFT JOIN payers AS h ON h.customer_id = d.customer_id
LEFT JOIN customers AS c ON c.customer_id = d.customer_id
WHERE h.customer_id IS NULL OR p.periods > 0
