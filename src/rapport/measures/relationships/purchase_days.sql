-- One row is a day on which a customer bought, of the whole record, whatever the period: models learn from all of it.
--
-- Several orders of one day are one purchase. Orders that were cancelled or returned, and orders of guests, are none.
-- `amount` is what the day brought: charged less refunded. What an order of its own pays back, as some sources write
-- returns, is taken off the customer's last purchase by then, as far as that one goes. `day` is a UTC day, `month` its
-- month.
--
-- Wrong where one person orders under several customer ids, and where such a return is of a purchase before the last.
WITH bought AS (
  SELECT
    o.customer_id,
    CAST(o.ordered_at AS DATE) AS day,
    CAST(SUM(COALESCE(o.amount, 0) - COALESCE(o.refund_amount, 0)) AS DOUBLE) AS amount,
    MIN(CAST(DATE_TRUNC('month', o.ordered_at) AS DATE)) AS month
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
  GROUP BY o.customer_id, CAST(o.ordered_at AS DATE)
),
returns AS (
  SELECT o.order_id, o.customer_id, CAST(o.ordered_at AS DATE) AS day, CAST(o.refund_amount AS DOUBLE) AS amount
  FROM orders AS o
  WHERE o.status = 'returned' AND o.refund_amount > 0 AND COALESCE(o.amount, 0) <= 0
),
taken AS (
  SELECT r.order_id, r.customer_id, r.amount, MAX(b.day) AS day
  FROM returns AS r
  JOIN bought AS b ON b.customer_id = r.customer_id AND b.day <= r.day
  GROUP BY r.order_id, r.customer_id, r.amount
),
less AS (
  SELECT t.customer_id, t.day, SUM(t.amount) AS amount
  FROM taken AS t
  GROUP BY t.customer_id, t.day
)
SELECT
  CONCAT(b.customer_id, '/', CAST(b.day AS VARCHAR)) AS row_id,
  b.customer_id,
  b.day,
  CASE WHEN l.amount IS NULL THEN b.amount WHEN b.amount > l.amount THEN b.amount - l.amount ELSE 0 END AS amount,
  b.month
FROM bought AS b
LEFT JOIN less AS l ON l.customer_id = b.customer_id AND l.day = b.day
