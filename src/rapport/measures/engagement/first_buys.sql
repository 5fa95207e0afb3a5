-- One row is a product that a customer bought within the last 365 days: when first of all.
--
-- Cancelled and returned orders, lines that take goods back, and guests are left out.
SELECT
  CONCAT(o.customer_id, '/', l.product_id) AS row_id,
  o.customer_id,
  l.product_id,
  MIN(o.ordered_at) AS first_at
FROM orders AS o
JOIN order_lines AS l ON l.order_id = o.order_id
WHERE o.customer_id IS NOT NULL
  AND l.quantity > 0
  AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
GROUP BY o.customer_id, l.product_id
HAVING EPOCH($as_of) - EPOCH(MAX(o.ordered_at)) <= 365 * 86400
