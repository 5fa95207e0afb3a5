-- One row is a day on which a customer bought, of the whole record, whatever the period: models learn from all of it.
--
-- Several orders of one day are one purchase. Orders that were cancelled or returned, and orders of guests, are none.
-- `amount` is what the day brought: charged less refunded. `day` is a UTC day, `month` its month.
--
-- Wrong where one person orders under several customer ids, and where a source writes returns as orders of their own.
SELECT
  CONCAT(o.customer_id, '/', CAST(CAST(o.ordered_at AS DATE) AS VARCHAR)) AS row_id,
  o.customer_id,
  CAST(o.ordered_at AS DATE) AS day,
  CAST(SUM(COALESCE(o.amount, 0) - COALESCE(o.refund_amount, 0)) AS DOUBLE) AS amount,
  MIN(CAST(DATE_TRUNC('month', o.ordered_at) AS DATE)) AS month
FROM orders AS o
WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
GROUP BY o.customer_id, CAST(o.ordered_at AS DATE)
