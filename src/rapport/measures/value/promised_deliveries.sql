-- One row is an order that was promised by a date, and whether it arrived by then.
--
-- `on_time` is false also for what has not arrived although the date has passed; it is empty while the date lies ahead.
-- Cancelled orders and orders without a promised date are left out.
SELECT
  o.order_id AS row_id,
  o.customer_id,
  CASE
    WHEN o.delivered_at IS NOT NULL THEN o.delivered_at <= o.promised_at
    WHEN o.promised_at < $as_of THEN FALSE
  END AS on_time,
  o.channel,
  o.region,
  CAST(DATE_TRUNC('month', o.ordered_at) AS DATE) AS month
FROM orders AS o
WHERE o.ordered_at >= $start AND o.promised_at IS NOT NULL AND COALESCE(o.status, 'completed') <> 'cancelled'
