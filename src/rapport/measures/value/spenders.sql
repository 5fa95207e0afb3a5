-- One row is a customer with an order or a refund (and currency), or a guest's single order: what they brought in all.
--
-- `orders` counts those neither cancelled nor returned, in any currency; `gross`, `refunded` and `revenue` are sums of
-- `sales` in `currency`. `leads` marks one row for each customer, for counting them. `in_top_decile` marks the tenth of
-- the customers of a currency with the highest revenue (rounded up; guests and customers without an order are left out
-- and have no place), `threshold` is the smallest revenue among them.
WITH who AS (
  SELECT
    COALESCE(s.customer_id, s.row_id) AS row_id,
    s.customer_id,
    s.currency,
    SUM(CASE WHEN s.counts THEN 1 ELSE 0 END) AS own_orders,
    SUM(s.gross) AS gross,
    SUM(s.refunded) AS refunded,
    SUM(s.revenue) AS revenue
  FROM sales AS s
  GROUP BY COALESCE(s.customer_id, s.row_id), s.customer_id, s.currency
),
known AS (
  SELECT w.customer_id, SUM(w.own_orders) AS orders, MIN(w.currency) AS first_currency
  FROM who AS w
  WHERE w.customer_id IS NOT NULL
  GROUP BY w.customer_id
),
buyers AS (
  SELECT w.currency, COUNT(*) AS customers
  FROM who AS w
  WHERE w.customer_id IS NOT NULL AND w.own_orders > 0
  GROUP BY w.currency
),
ranked AS (
  SELECT
    w.*,
    COALESCE(k.orders, w.own_orders) AS orders,
    w.customer_id IS NULL OR w.currency = k.first_currency AS leads,
    CASE WHEN w.customer_id IS NOT NULL AND w.own_orders > 0 THEN
      ROW_NUMBER() OVER (
        PARTITION BY w.currency, w.customer_id IS NOT NULL AND w.own_orders > 0 ORDER BY w.revenue DESC, w.row_id
      ) <= CEIL(0.1 * b.customers) END AS in_top_decile
  FROM who AS w
  LEFT JOIN known AS k ON k.customer_id = w.customer_id
  LEFT JOIN buyers AS b ON b.currency = w.currency
),
thresholds AS (
  SELECT r.currency, MIN(r.revenue) AS threshold FROM ranked AS r WHERE r.in_top_decile GROUP BY r.currency
)
SELECT
  CONCAT(c.row_id, '/', c.currency) AS row_id,
  c.customer_id,
  c.currency,
  CAST(c.orders AS BIGINT) AS orders,
  c.leads,
  c.gross,
  c.refunded,
  c.revenue,
  c.in_top_decile,
  t.threshold
FROM ranked AS c
LEFT JOIN thresholds AS t ON t.currency = c.currency
