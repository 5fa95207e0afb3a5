-- One row is an order of a known customer: how long ago the same customer placed the very same one under another id.
--
-- The same means: same amount and same lines (number of lines, quantities, value, products); where one of the two has no
-- lines, the amount decides. `twin_seconds` is the time since the previous such order, null where there is none.
-- `twin_minute` is true up to 60 seconds, `near_hour` from there to an hour: what the following 59 minutes bring is what
-- chance and habit alone bring in one. `twin_day` and `near_week` are the same for days (same UTC day; the seven days
-- before), for records whose orders have no time of day: `timed` is false where the order is at midnight. Orders without
-- an amount, or worth nothing, and cancelled ones are left out; guests cannot be told apart.
--
-- Wrong for customers who really place several equal orders in a minute, such as branches ordering one by one.
WITH lines AS (
  SELECT
    order_id,
    COUNT(*) AS pieces,
    COALESCE(SUM(quantity), 0) AS quantity,
    COALESCE(SUM(quantity * unit_price), 0) AS value,
    MIN(product_id) AS first_product,
    MAX(product_id) AS last_product
  FROM order_lines
  GROUP BY order_id
),
placed AS (
  SELECT
    o.order_id AS row_id,
    o.customer_id,
    o.amount,
    o.channel,
    o._source AS source,
    o.ordered_at,
    l.pieces,
    l.quantity,
    l.value,
    l.first_product,
    l.last_product
  FROM orders AS o
  LEFT JOIN lines AS l ON l.order_id = o.order_id
  WHERE o.customer_id IS NOT NULL AND o.amount > 0 AND COALESCE(o.status, 'completed') <> 'cancelled'
),
paired AS (
  SELECT
    p.*,
    LAG(p.ordered_at) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_at,
    LAG(p.pieces) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_pieces,
    LAG(p.quantity) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_quantity,
    LAG(p.value) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_value,
    LAG(p.first_product) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_first,
    LAG(p.last_product) OVER (PARTITION BY p.customer_id, p.amount ORDER BY p.ordered_at, p.row_id) AS before_last
  FROM placed AS p
),
twinned AS (
  SELECT
    p.*,
    CASE
      WHEN p.pieces IS NULL OR p.before_pieces IS NULL THEN EPOCH(p.ordered_at) - EPOCH(p.before_at)
      WHEN p.pieces = p.before_pieces AND p.quantity = p.before_quantity AND p.value = p.before_value
        AND p.first_product = p.before_first AND p.last_product = p.before_last
        THEN EPOCH(p.ordered_at) - EPOCH(p.before_at)
    END AS twin_seconds,
    EPOCH(CAST(p.ordered_at AS DATE)) - EPOCH(CAST(p.before_at AS DATE)) AS day_seconds
  FROM paired AS p
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
