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
counted AS (
  SELECT
    w.*,
    CASE WHEN w.customer_id IS NULL THEN w.own_orders
      ELSE SUM(w.own_orders) OVER (PARTITION BY w.customer_id) END AS orders,
    ROW_NUMBER() OVER (PARTITION BY w.row_id, w.customer_id ORDER BY w.currency) AS place
  FROM who AS w
),
ranked AS (
  SELECT
    c.row_id,
    c.customer_id,
    c.currency,
    ROW_NUMBER() OVER (PARTITION BY c.currency ORDER BY c.revenue DESC, c.row_id) AS rank,
    COUNT(*) OVER (PARTITION BY c.currency) AS customers
  FROM counted AS c
  WHERE c.customer_id IS NOT NULL AND c.own_orders > 0
)
SELECT
  CONCAT(c.row_id, '/', c.currency) AS row_id,
  c.customer_id,
  c.currency,
  CAST(c.orders AS BIGINT) AS orders,
  c.place = 1 AS leads,
  c.gross,
  c.refunded,
  c.revenue,
  CASE WHEN r.rank IS NOT NULL THEN r.rank <= CEIL(0.1 * r.customers) END AS in_top_decile,
  MIN(CASE WHEN r.rank <= CEIL(0.1 * r.customers) THEN c.revenue END) OVER (PARTITION BY c.currency) AS threshold
FROM counted AS c
LEFT JOIN ranked AS r ON r.row_id = c.row_id AND r.customer_id = c.customer_id AND r.currency = c.currency
