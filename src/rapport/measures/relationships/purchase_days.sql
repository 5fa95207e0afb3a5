-- One row is a day on which a customer bought, of the whole record, whatever the period: models learn from all of it.
--
-- Several orders of one day are one purchase. Orders that were cancelled or returned, and orders of guests, are none.
-- `amount` is what the day brought: charged less refunded. What an order of its own pays back, as some sources write
-- returns, is taken off the customer's last purchase by then, as far as that one goes. `day` is a UTC day.
--
-- Wrong where one person orders under several customer ids, and where such a return is of a purchase before the last.
WITH bought AS (
  SELECT
    o.customer_id,
    CAST(o.ordered_at AS DATE) AS day,
    SUM(COALESCE(o.amount, 0) - COALESCE(o.refund_amount, 0)) AS amount
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
  GROUP BY o.customer_id, CAST(o.ordered_at AS DATE)
),
paid_back AS (
  SELECT o.customer_id
  FROM orders AS o
  WHERE o.status = 'returned' AND o.refund_amount > 0 AND (o.amount <= 0 OR o.amount IS NULL)
),
events AS (
  SELECT
    o.customer_id,
    CAST(o.ordered_at AS DATE) AS day,
    CASE WHEN COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned') THEN CAST(o.ordered_at AS DATE) END AS bought,
    CASE WHEN o.status = 'returned' AND COALESCE(o.amount, 0) <= 0 THEN o.refund_amount END AS back
  FROM orders AS o
  WHERE o.customer_id IN (SELECT p.customer_id FROM paid_back AS p)
),
placed AS (
  SELECT e.customer_id, e.back, MAX(e.bought) OVER (PARTITION BY e.customer_id ORDER BY e.day) AS day
  FROM events AS e
),
less AS (
  SELECT p.customer_id, p.day, SUM(p.back) AS amount
  FROM placed AS p
  WHERE p.back > 0
  GROUP BY p.customer_id, p.day
)
SELECT
  CONCAT(b.customer_id, '/', CAST(b.day AS VARCHAR)) AS row_id,
  b.customer_id,
  b.day,
  CAST(
    CASE WHEN l.amount IS NULL THEN b.amount WHEN b.amount > l.amount THEN b.amount - l.amount ELSE 0 END AS DOUBLE
  ) AS amount
FROM bought AS b
LEFT JOIN less AS l ON l.customer_id = b.customer_id AND l.day = b.day
