-- One row is a product that a customer bought: in how many orders, and whether in the last one.
--
-- Customers who bought within the last 365 days. `orders` counts the days of purchase on which the product was bought,
-- `orders_before` those of them before the customer's last day, `in_last` says that it was bought on that one. `money` is
-- what the customer brought in all with lines of products: who brought most comes first where only so many can be
-- served. Returned lines (a negative quantity), cancelled and returned orders and guests are left out.
WITH lines AS (
  SELECT
    o.customer_id,
    CAST(o.ordered_at AS DATE) AS day,
    l.product_id,
    MAX(l.product) AS product,
    SUM(l.quantity * COALESCE(l.unit_price, 0)) AS money
  FROM orders AS o
  JOIN order_lines AS l ON l.order_id = o.order_id
  WHERE
    o.customer_id IS NOT NULL
    AND l.quantity > 0
    AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
  GROUP BY o.customer_id, CAST(o.ordered_at AS DATE), l.product_id
),
lasts AS (
  SELECT l.customer_id, MAX(l.day) AS last_day, CAST(SUM(l.money) AS DOUBLE) AS money
  FROM lines AS l
  GROUP BY l.customer_id
)
SELECT
  CONCAT(l.customer_id, '/', l.product_id) AS row_id,
  l.customer_id,
  l.product_id,
  MAX(l.product) AS product,
  COUNT(*) AS orders,
  COUNT(CASE WHEN l.day < t.last_day THEN 1 END) AS orders_before,
  COUNT(CASE WHEN l.day = t.last_day THEN 1 END) > 0 AS in_last,
  MAX(t.money) AS money
FROM lines AS l
JOIN lasts AS t ON t.customer_id = l.customer_id
WHERE EPOCH($as_of) - EPOCH(CAST(t.last_day AS TIMESTAMP)) <= 365 * 86400
GROUP BY l.customer_id, l.product_id
