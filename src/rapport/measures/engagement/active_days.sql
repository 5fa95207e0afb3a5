-- One row is a day on which a customer showed up: used something (`kind` is 'usage'), or ordered ('orders', see `visits`).
SELECT 'usage' AS kind, u.customer_id, CAST(u.day AS TIMESTAMP) AS at
FROM usage AS u
WHERE u.events > 0 AND CAST(u.day AS TIMESTAMP) >= $start
GROUP BY u.customer_id, u.day
UNION ALL
SELECT 'orders' AS kind, v.customer_id, v.ordered_at AS at FROM visits AS v
