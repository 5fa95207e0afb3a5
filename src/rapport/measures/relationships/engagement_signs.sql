-- One row is a customer who ever bought or used: how much they do with the company, lately and before.
--
-- `days_since_order` is the time since the last day of purchase (see `visits`); `orders_recent` counts such days in the
-- last 180 days, `orders_before` in the 180 before. `use_recent` counts days of use in the last 28 days, `use_before` in
-- the 56 before, halved. `breadth` counts the different products bought and features used in the last 365 days. `known_days`
-- is the time since the first of all this, at most 365: who came lately could not do much yet.
--
-- Wrong where use is recorded for some customers alone.
WITH bought AS (
  SELECT
    v.customer_id,
    MAX(v.ordered_at) AS last_at,
    MIN(v.ordered_at) AS first_at,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(v.ordered_at) <= 180 * 86400 THEN 1 END) AS orders_recent,
    COUNT(
      CASE
        WHEN EPOCH($as_of) - EPOCH(v.ordered_at) > 180 * 86400 AND EPOCH($as_of) - EPOCH(v.ordered_at) <= 360 * 86400
          THEN 1
      END
    ) AS orders_before
  FROM visits AS v
  GROUP BY v.customer_id
),
products AS (
  SELECT o.customer_id, COUNT(DISTINCT l.product_id) AS products
  FROM orders AS o
  JOIN order_lines AS l ON l.order_id = o.order_id
  WHERE EPOCH($as_of) - EPOCH(o.ordered_at) <= 365 * 86400 AND l.quantity > 0
  GROUP BY o.customer_id
),
used AS (
  SELECT
    u.customer_id,
    MIN(CAST(u.day AS TIMESTAMP)) AS first_at,
    COUNT(DISTINCT CASE WHEN EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 28 * 86400 THEN u.day END) AS use_recent,
    COUNT(
      DISTINCT CASE
        WHEN EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) > 28 * 86400
          AND EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 84 * 86400 THEN u.day
      END
    ) / 2.0 AS use_before,
    COUNT(
      DISTINCT CASE WHEN EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 365 * 86400 THEN u.feature END
    ) AS features
  FROM usage AS u
  WHERE u.events > 0
  GROUP BY u.customer_id
),
who AS (
  SELECT b.customer_id FROM bought AS b
  UNION SELECT u.customer_id FROM used AS u
)
SELECT
  w.customer_id AS row_id,
  w.customer_id,
  (EPOCH($as_of) - EPOCH(b.last_at)) / 86400 AS days_since_order,
  b.orders_recent,
  b.orders_before,
  u.use_recent,
  u.use_before,
  COALESCE(p.products, 0) + COALESCE(u.features, 0) AS breadth,
  LEAST(365.0, (EPOCH($as_of) - EPOCH(LEAST(COALESCE(b.first_at, u.first_at), COALESCE(u.first_at, b.first_at)))) / 86400)
    AS known_days
FROM who AS w
LEFT JOIN bought AS b ON b.customer_id = w.customer_id
LEFT JOIN products AS p ON p.customer_id = w.customer_id
LEFT JOIN used AS u ON u.customer_id = w.customer_id
