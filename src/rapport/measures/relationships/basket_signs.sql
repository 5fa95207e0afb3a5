-- One row is a customer with lines of orders: how many things, and how many different ones, they ever bought.
--
-- Lines with a negative quantity are returns and count in neither.
SELECT
  o.customer_id AS row_id,
  o.customer_id,
  SUM(l.quantity) AS items,
  COUNT(DISTINCT l.product_id) AS products
FROM orders AS o
JOIN order_lines AS l ON l.order_id = o.order_id
WHERE o.customer_id IS NOT NULL AND l.quantity > 0
  AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
GROUP BY o.customer_id
