-- One row is a customer with an order or a refund (and currency), or a guest's single order: what they brought in all.
--
-- `orders` counts those neither cancelled nor returned, in any currency; `gross`, `refunded` and `revenue` are sums of
-- `sales` in `currency`. `leads` marks one row for each customer, for counting them. `in_top_decile` marks the tenth of
-- the customers of a currency with the highest revenue (rounded up; guests and customers without an order are left out
-- and have no place; only the upper fifth is put in order), `threshold` is the smallest revenue among them.
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
  SELECT w.row_id, w.currency, w.revenue FROM who AS w WHERE w.customer_id IS NOT NULL AND w.own_orders > 0
),
fifths AS (
  SELECT
    b.currency,
    COUNT(*) AS customers,
    PERCENTILE_CONT(0.8) WITHIN GROUP (ORDER BY CAST(b.revenue AS DOUBLE)) AS least
  FROM buyers AS b
  GROUP BY b.currency
),
ranked AS (
  SELECT
    b.row_id,
    b.currency,
    b.revenue,
    f.customers,
    ROW_NUMBER() OVER (PARTITION BY b.currency ORDER BY b.revenue DESC, b.row_id) AS place
  FROM buyers AS b
  JOIN fifths AS f ON f.currency = b.currency AND CAST(b.revenue AS DOUBLE) >= f.least
),
tenth AS (
  SELECT r.row_id, r.currency, r.revenue FROM ranked AS r WHERE r.place <= CEIL(0.1 * r.customers)
),
thresholds AS (
  SELECT t.currency, MIN(t.revenue) AS threshold FROM tenth AS t GROUP BY t.currency
)
SELECT
  CONCAT(w.row_id, '/', w.currency) AS row_id,
  w.customer_id,
  w.currency,
  CAST(COALESCE(k.orders, w.own_orders) AS BIGINT) AS orders,
  w.customer_id IS NULL OR w.currency = k.first_currency AS leads,
  w.gross,
  w.refunded,
  w.revenue,
  CASE WHEN w.customer_id IS NOT NULL AND w.own_orders > 0 THEN t.row_id IS NOT NULL END AS in_top_decile,
  h.threshold
FROM who AS w
LEFT JOIN known AS k ON k.customer_id = w.customer_id
LEFT JOIN tenth AS t ON t.row_id = w.row_id AND t.currency = w.currency
LEFT JOIN thresholds AS h ON h.currency = w.currency
