-- One row is an order for which at least one payment is on record: whether what was paid is what was charged.
--
-- `paid` adds up the payments that succeeded, `refunded` those marked refunded (in absolute terms). `differs` is false
-- where the amount equals what was paid, what was paid and refunded together, or what remains after the refund, to one
-- per cent or one cent; orders paid in another currency, cancelled ones, and those whose payments all failed, are left
-- out.
WITH sums AS (
  SELECT
    order_id,
    COALESCE(SUM(CASE WHEN COALESCE(status, 'succeeded') = 'succeeded' THEN amount END), 0) AS paid,
    COALESCE(SUM(CASE WHEN status = 'refunded' THEN ABS(amount) END), 0) AS refunded,
    MIN(currency) AS currency
  FROM payments
  WHERE order_id IS NOT NULL
  GROUP BY order_id
)
SELECT
  o.order_id AS row_id,
  o.customer_id,
  'payments' AS "table",
  o.channel,
  o._source AS source,
  o.ordered_at,
  o.amount,
  s.paid,
  s.refunded,
  ABS(o.amount - s.paid) > GREATEST(0.01 * o.amount, 0.01)
    AND ABS(o.amount - s.paid - s.refunded) > GREATEST(0.01 * o.amount, 0.01)
    AND ABS(o.amount - s.paid + s.refunded) > GREATEST(0.01 * o.amount, 0.01) AS differs,
  CAST(DATE_TRUNC('month', o.ordered_at) AS DATE) AS month
FROM orders AS o
JOIN sums AS s ON s.order_id = o.order_id
WHERE o.ordered_at >= $start
  AND o.amount > 0
  AND COALESCE(o.status, 'completed') <> 'cancelled'
  AND s.paid + s.refunded > 0
  AND COALESCE(o.currency, s.currency, '') = COALESCE(s.currency, o.currency, '')
