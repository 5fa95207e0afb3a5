-- One row is a customer who was there a year before the cut-off or longer: how the relationship began.
--
-- `channel` is that of their acquisition, `region` theirs, `category` that of the first thing they bought, `plan` that of
-- their first contract. `again` says that they bought on a second day within 90 days, `clicked` that they clicked or
-- answered a message in that time, `wrote` that they opened a ticket in it. `half` deals customers into two halves by a
-- digest of their id.
--
-- Describes how relationships began that lasted, not why: nobody was dealt a beginning by lot.
WITH began AS (
  SELECT g.customer_id, EPOCH($as_of) - g.since_days * 86400 AS at
  FROM segment_signs AS g
  WHERE g.since_days >= 365
),
lines AS (
  SELECT
    o.customer_id,
    l.category,
    ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_id, l.order_line_id) AS place
  FROM orders AS o
  JOIN order_lines AS l ON l.order_id = o.order_id
  WHERE l.category IS NOT NULL
),
plans AS (
  SELECT
    s.customer_id,
    s.plan,
    ROW_NUMBER() OVER (PARTITION BY s.customer_id ORDER BY s.valid_from, s.row_id) AS place
  FROM subscription_spans AS s
),
days AS (
  SELECT b.customer_id, COUNT(*) AS days
  FROM began AS b
  JOIN purchase_days AS p ON p.customer_id = b.customer_id
  WHERE EPOCH(CAST(p.day AS TIMESTAMP)) - b.at <= 90 * 86400
  GROUP BY b.customer_id
),
clicks AS (
  SELECT DISTINCT b.customer_id
  FROM began AS b
  JOIN touches AS t ON t.customer_id = b.customer_id
  WHERE EPOCH(COALESCE(t.clicked_at, t.replied_at)) - b.at <= 90 * 86400
),
cases AS (
  SELECT DISTINCT b.customer_id
  FROM began AS b
  JOIN tickets AS t ON t.customer_id = b.customer_id
  WHERE EPOCH(t.opened_at) - b.at <= 90 * 86400 AND COALESCE(t.opened_by, 'customer') = 'customer'
)
SELECT
  b.customer_id AS row_id,
  b.customer_id,
  c.acquisition_channel AS channel,
  COALESCE(c.region, c.country) AS region,
  l.category,
  p.plan,
  CASE WHEN d.customer_id IS NOT NULL THEN d.days > 1 END AS again,
  k.customer_id IS NOT NULL AS clicked,
  t.customer_id IS NOT NULL AS wrote,
  CASE WHEN SUBSTRING(MD5(b.customer_id), 1, 1) < '8' THEN 'first' ELSE 'second' END AS half
FROM began AS b
LEFT JOIN customers AS c ON c.customer_id = b.customer_id
LEFT JOIN lines AS l ON l.customer_id = b.customer_id AND l.place = 1
LEFT JOIN plans AS p ON p.customer_id = b.customer_id AND p.place = 1
LEFT JOIN days AS d ON d.customer_id = b.customer_id
LEFT JOIN clicks AS k ON k.customer_id = b.customer_id
LEFT JOIN cases AS t ON t.customer_id = b.customer_id
