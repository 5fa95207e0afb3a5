-- One row is a day on which a customer ordered: several orders of one day are one visit, so that a split basket is no
-- return.
--
-- Orders that were cancelled or returned, and orders of guests, are no visits. `number` counts the customer's visits from
-- the first in the record, also those before the period; `gap_days` is the time since the one before, `next_at` when the
-- next one was (empty: not yet). `amount` is what was charged on the day. `discounted` says whether any of it was at a
-- discount, `next_discounted` the same of the next visit; where the source never writes a discount of 0, an empty one is none, elsewhere it is unknown.
-- `delivered_at`, `channel` and `region` are those of the day's first order (the region else the customer's).
-- `record_from` is the first order of the record, `month` the UTC month.
--
-- Wrong where one person orders under several customer ids: their returns are then first orders of somebody else.
WITH placed AS (
  SELECT
    o.order_id,
    o.customer_id,
    o.ordered_at,
    o.amount,
    o.discount,
    o.delivered_at,
    o.channel,
    o.region,
    ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_id) AS number,
    LAG(o.ordered_at) OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_id) AS before_at,
    LEAD(o.ordered_at) OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_id) AS next_at,
    LEAD(o.discount) OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_id) AS next_discount
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
),
habit AS (
  SELECT
    MIN(p.ordered_at) AS record_from,
    MAX(CASE WHEN p.discount > 0 THEN 1 ELSE 0 END) = 1
      AND MAX(CASE WHEN p.discount = 0 THEN 1 ELSE 0 END) = 0 AS empty_is_none
  FROM placed AS p
),
crowded AS (
  SELECT DISTINCT p.customer_id FROM placed AS p WHERE CAST(p.before_at AS DATE) = CAST(p.ordered_at AS DATE)
),
crowd AS (
  SELECT p.*, COALESCE(CAST(p.before_at AS DATE) <> CAST(p.ordered_at AS DATE), TRUE) AS opens_day
  FROM placed AS p
  JOIN crowded AS c ON c.customer_id = p.customer_id
),
days AS (
  SELECT
    c.customer_id,
    MIN(CASE WHEN c.opens_day THEN c.order_id END) AS order_id,
    MIN(c.ordered_at) AS ordered_at,
    SUM(c.amount) AS amount,
    MAX(c.discount) AS discount,
    MIN(CASE WHEN c.opens_day THEN c.delivered_at END) AS delivered_at,
    MIN(CASE WHEN c.opens_day THEN c.channel END) AS channel,
    MIN(CASE WHEN c.opens_day THEN c.region END) AS region
  FROM crowd AS c
  GROUP BY c.customer_id, CAST(c.ordered_at AS DATE)
),
numbered AS (
  SELECT
    d.*,
    ROW_NUMBER() OVER (PARTITION BY d.customer_id ORDER BY d.ordered_at) AS number,
    LAG(d.ordered_at) OVER (PARTITION BY d.customer_id ORDER BY d.ordered_at) AS before_at,
    LEAD(d.ordered_at) OVER (PARTITION BY d.customer_id ORDER BY d.ordered_at) AS next_at,
    LEAD(d.discount) OVER (PARTITION BY d.customer_id ORDER BY d.ordered_at) AS next_discount
  FROM days AS d
  UNION ALL
  SELECT
    p.customer_id,
    p.order_id,
    p.ordered_at,
    p.amount,
    p.discount,
    p.delivered_at,
    p.channel,
    p.region,
    p.number,
    p.before_at,
    p.next_at,
    p.next_discount
  FROM placed AS p
  LEFT JOIN crowded AS c ON c.customer_id = p.customer_id
  WHERE c.customer_id IS NULL
)
SELECT
  n.order_id AS row_id,
  n.customer_id,
  n.ordered_at,
  n.number,
  (EPOCH(n.ordered_at) - EPOCH(n.before_at)) / 86400 AS gap_days,
  n.next_at,
  n.amount,
  CASE WHEN n.discount > 0 THEN TRUE WHEN n.discount <= 0 OR h.empty_is_none THEN FALSE END AS discounted,
  CASE
    WHEN n.next_discount > 0 THEN TRUE
    WHEN n.next_discount <= 0 OR (h.empty_is_none AND n.next_at IS NOT NULL) THEN FALSE
  END AS next_discounted,
  n.delivered_at,
  n.channel,
  COALESCE(n.region, c.region) AS region,
  c.acquisition_channel,
  c.acquisition_campaign,
  c.created_at,
  h.record_from,
  CAST(DATE_TRUNC('month', n.ordered_at) AS DATE) AS month
FROM numbered AS n
CROSS JOIN habit AS h
LEFT JOIN customers AS c ON c.customer_id = n.customer_id
WHERE n.ordered_at >= $start
