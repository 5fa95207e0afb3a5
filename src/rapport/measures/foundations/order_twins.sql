-- One row is an order of a known customer: how long ago the same customer placed the very same one under another id.
--
-- The same means: same amount and same lines (number of lines, quantities, value, products); where one of the two has no
-- lines, the amount decides. `twin_seconds` is the time since the previous order of that amount where it is such a one,
-- null where it is not, or longer ago than eight days.
-- `twin_minute` is true up to 60 seconds, `near_hour` from there to an hour: what the following 59 minutes bring is what
-- chance and habit alone bring in one. `twin_day` and `near_week` are the same for days (same UTC day; the seven days
-- before), for records whose orders have no time of day: `timed` is false where the order is at midnight. Orders without
-- an amount, or worth nothing, and cancelled ones are left out; guests cannot be told apart.
--
-- Wrong for customers who really place several equal orders in a minute, such as branches ordering one by one.
WITH placed AS (
  SELECT o.order_id AS row_id, o.customer_id, o.amount, o.channel, o._source AS source, o.ordered_at
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND o.amount > 0 AND COALESCE(o.status, 'completed') <> 'cancelled'
),
repeated AS (
  SELECT p.customer_id, p.amount FROM placed AS p GROUP BY p.customer_id, p.amount HAVING COUNT(*) > 1
),
followed AS (
  SELECT
    p.row_id,
    p.ordered_at,
    LAG(p.row_id) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_id,
    LAG(p.ordered_at) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_at
  FROM placed AS p
  JOIN repeated AS r ON r.customer_id = p.customer_id AND r.amount = p.amount
),
near AS (
  SELECT f.row_id, f.before_id, f.before_at
  FROM followed AS f
  WHERE EPOCH(f.ordered_at) - EPOCH(f.before_at) <= 691200
),
compared AS (
  SELECT n.row_id AS order_id FROM near AS n
  UNION
  SELECT n.before_id AS order_id FROM near AS n
),
lines AS (
  SELECT
    l.order_id,
    COUNT(*) AS pieces,
    COALESCE(SUM(l.quantity), 0) AS quantity,
    COALESCE(SUM(l.quantity * l.unit_price), 0) AS value,
    MIN(l.product_id) AS first_product,
    MAX(l.product_id) AS last_product
  FROM order_lines AS l
  JOIN compared AS c ON c.order_id = l.order_id
  GROUP BY l.order_id
),
same AS (
  SELECT n.row_id, n.before_at
  FROM near AS n
  LEFT JOIN lines AS l ON l.order_id = n.row_id
  LEFT JOIN lines AS b ON b.order_id = n.before_id
  WHERE
    l.pieces IS NULL OR b.pieces IS NULL
    OR (
      l.pieces = b.pieces AND l.quantity = b.quantity AND l.value = b.value
      AND l.first_product = b.first_product AND l.last_product = b.last_product
    )
),
twinned AS (
  SELECT
    p.*,
    EPOCH(p.ordered_at) - EPOCH(s.before_at) AS twin_seconds,
    EPOCH(CAST(p.ordered_at AS DATE)) - EPOCH(CAST(s.before_at AS DATE)) AS day_seconds
  FROM placed AS p
  LEFT JOIN same AS s ON s.row_id = p.row_id
)
SELECT
  t.row_id,
  t.customer_id,
  'orders' AS "table",
  t.channel,
  t.source,
  t.ordered_at,
  t.amount,
  t.twin_seconds,
  EPOCH(t.ordered_at) % 86400 <> 0 AS timed,
  COALESCE(t.twin_seconds <= 60, FALSE) AS twin_minute,
  COALESCE(t.twin_seconds > 60 AND t.twin_seconds <= 3600, FALSE) AS near_hour,
  COALESCE(t.twin_seconds IS NOT NULL AND t.day_seconds = 0, FALSE) AS twin_day,
  COALESCE(t.twin_seconds IS NOT NULL AND t.day_seconds > 0 AND t.day_seconds <= 604800, FALSE) AS near_week,
  CAST(DATE_TRUNC('month', t.ordered_at) AS DATE) AS month
FROM twinned AS t
WHERE t.ordered_at >= $start
