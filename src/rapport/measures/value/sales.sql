-- One row is an order, also of guests: what it brought and what was paid back.
--
-- `counts` says that it is an order: neither cancelled nor returned. `gross` is what was charged (discount taken off,
-- refunds not), 0 for cancelled orders; `refunded` what was paid back, 0 for cancelled orders, whose money never counted;
-- `revenue` is gross less refunds: a returned order keeps its charge and its refund. An order without an amount counts as
-- an order and brings nothing. Sums are exact decimals. `currency` is the order's, the company's where it has none; amounts of
-- different currencies are never added. `at` is when it was ordered: a refund counts in the month of its order.
--
-- Wrong where the source writes returns as orders of their own with a negative amount *and* as refunds.
SELECT
  o.order_id AS row_id,
  o.customer_id,
  o.ordered_at AS at,
  COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned') AS counts,
  CASE WHEN o.status = 'cancelled' THEN 0 ELSE COALESCE(o.amount, 0) END AS gross,
  CASE WHEN o.status = 'cancelled' THEN 0 ELSE COALESCE(o.refund_amount, 0) END AS refunded,
  CASE WHEN o.status = 'cancelled' THEN 0 ELSE COALESCE(o.amount, 0) - COALESCE(o.refund_amount, 0) END AS revenue,
  o.amount,
  COALESCE(o.currency, $currency) AS currency,
  o.channel,
  o.region,
  CAST(DATE_TRUNC('month', o.ordered_at) AS DATE) AS month
FROM orders AS o
WHERE o.ordered_at >= $start
