-- One row is a customer in one quarter of the year: whether they were asked how they find the company as a whole.
--
-- `asked` says that an NPS, CSAT or CES question that is linked to no case and no order was put to them in that quarter.
-- Only quarters that are over, in which at least 30 were asked, and only customers who were there to be asked: paying from
-- its first day to its last, or with an order in the 180 days before it; where the record has neither subscriptions nor
-- orders, everybody created before it and not closed before its end. `lately` tells who ordered once from who ordered
-- several times in those 180 days.
--
-- Wrong where customers are drawn for a panel once and then asked again and again: a small panel is no bias.
WITH put AS (
  SELECT DISTINCT
    f.customer_id,
    CAST(DATE_TRUNC('quarter', COALESCE(f.asked_at, f.answered_at)) AS DATE) AS quarter
  FROM feedback AS f
  WHERE f.kind IN ('nps', 'csat', 'ces')
    AND f.ticket_id IS NULL
    AND f.order_id IS NULL
    AND f.customer_id IS NOT NULL
    AND COALESCE(f.asked_at, f.answered_at) >= $start
),
quarters AS (
  SELECT
    p.quarter,
    CAST(p.quarter AS TIMESTAMP) AS begins,
    CAST(DATE_TRUNC('quarter', CAST(p.quarter AS TIMESTAMP) + INTERVAL '100 days') AS TIMESTAMP) AS ends
  FROM put AS p
  GROUP BY p.quarter
  HAVING COUNT(*) >= 30
),
kinds AS (
  SELECT COUNT(*) AS rows_of_either
  FROM (SELECT customer_id FROM subscription_spans UNION ALL SELECT customer_id FROM orders) AS e
),
there AS (
  SELECT q.quarter, s.customer_id, NULL AS orders_before
  FROM quarters AS q
  JOIN subscription_spans AS s ON s.valid_from < q.begins AND (s.ends_at IS NULL OR s.ends_at >= q.ends)
  UNION ALL
  SELECT q.quarter, o.customer_id, COUNT(*) AS orders_before
  FROM quarters AS q
  JOIN orders AS o
    ON o.ordered_at < q.begins
    AND EPOCH(o.ordered_at) >= EPOCH(q.begins) - 180 * 86400
    AND o.customer_id IS NOT NULL
    AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
  GROUP BY q.quarter, o.customer_id
  UNION ALL
  SELECT q.quarter, c.customer_id, NULL AS orders_before
  FROM quarters AS q
  JOIN customers AS c ON c.created_at < q.begins
  JOIN kinds AS k ON k.rows_of_either = 0
),
eligible AS (
  SELECT t.quarter, t.customer_id, MAX(t.orders_before) AS orders_before
  FROM there AS t
  GROUP BY t.quarter, t.customer_id
)
SELECT
  CONCAT(e.customer_id, '/', CAST(e.quarter AS VARCHAR)) AS row_id,
  e.customer_id,
  COALESCE(c.region, c.country) AS region,
  c.segment,
  c.plan,
  c.acquisition_channel,
  CASE
    WHEN e.orders_before >= 2 THEN 'customers with several orders lately'
    WHEN e.orders_before = 1 THEN 'customers with one order lately'
  END AS lately,
  p.customer_id IS NOT NULL AS asked,
  q.quarter AS month
FROM eligible AS e
JOIN quarters AS q ON q.quarter = e.quarter
LEFT JOIN customers AS c ON c.customer_id = e.customer_id
LEFT JOIN put AS p ON p.customer_id = e.customer_id AND p.quarter = e.quarter
WHERE q.ends <= $as_of AND (c.closed_at IS NULL OR c.closed_at >= q.ends)
