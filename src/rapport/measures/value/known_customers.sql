-- One row is a customer: everyone whom any table of the record names, also those without an order.
--
-- `active` says that the relationship lives at the cut-off: an order (neither cancelled nor returned) in the last 365
-- days, a paid subscription that runs, or use of the product in the last 365 days; empty where the record has none of
-- these tables. `referred` says that the customer recommended the company to somebody in the last 365 days. Somebody who
-- was recommended to is no customer by that.
WITH signs AS (
  SELECT
    o.customer_id,
    MAX(
      CASE
        WHEN EPOCH($as_of) - EPOCH(o.ordered_at) <= 365 * 86400
          AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned') THEN 1
        ELSE 0
      END
    ) AS alive
  FROM orders AS o
  GROUP BY o.customer_id
  UNION ALL
  SELECT
    s.customer_id,
    MAX(
      CASE WHEN s.mrr > 0 AND s.valid_from < $as_of AND (s.valid_to IS NULL OR s.valid_to >= $as_of) THEN 1 ELSE 0 END
    ) AS alive
  FROM subscriptions AS s
  GROUP BY s.customer_id
  UNION ALL
  SELECT
    u.customer_id,
    MAX(CASE WHEN EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 365 * 86400 THEN 1 ELSE 0 END) AS alive
  FROM usage AS u
  GROUP BY u.customer_id
),
alive AS (
  SELECT s.customer_id, MAX(s.alive) AS alive FROM signs AS s GROUP BY s.customer_id
),
named AS (
  SELECT customer_id FROM customers
  UNION SELECT customer_id FROM alive
  UNION SELECT customer_id FROM contacts
  UNION SELECT customer_id FROM payments
  UNION SELECT customer_id FROM tickets
  UNION SELECT customer_id FROM messages
  UNION SELECT customer_id FROM touches
  UNION SELECT customer_id FROM feedback
  UNION SELECT customer_id FROM events
  UNION SELECT referrer_id AS customer_id FROM referrals
  UNION SELECT customer_id FROM loyalty
  UNION SELECT customer_id FROM milestones
  UNION SELECT customer_id FROM deals
  UNION SELECT customer_id FROM consents
  UNION SELECT customer_id FROM tasks
  UNION SELECT customer_id FROM goals
),
looked AS (
  SELECT COUNT(*) AS signs FROM alive
),
referrers AS (
  SELECT DISTINCT r.referrer_id
  FROM referrals AS r
  WHERE EPOCH($as_of) - EPOCH(r.at) <= 365 * 86400
)
SELECT
  n.customer_id AS row_id,
  n.customer_id,
  CASE WHEN l.signs > 0 THEN COALESCE(a.alive = 1, FALSE) END AS active,
  r.referrer_id IS NOT NULL AS referred
FROM named AS n
CROSS JOIN looked AS l
LEFT JOIN alive AS a ON a.customer_id = n.customer_id
LEFT JOIN referrers AS r ON r.referrer_id = n.customer_id
WHERE n.customer_id IS NOT NULL
