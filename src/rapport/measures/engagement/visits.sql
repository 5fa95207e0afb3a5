-- One row is a day on which a customer ordered: several orders of one day are one visit, so that a split basket is no
-- return.
--
-- Orders that were cancelled or returned, and orders of guests, are no visits. `number` counts the customer's visits from
-- the first in the record, also those before the period; `gap_days` is the time since the one before, `next_at` when the
-- next one was (empty: not yet). `amount` is what was charged on the day. `discounted` says whether any of it was at a
-- discount, `next_discounted` the same of the next visit; where the source never writes a discount of 0, an empty one is none, elsewhere it is unknown.
-- `channel` and `region` are those of the day's first order (the region else the customer's). `record_from` is the first
-- order of the record, `month` the UTC month.
--
-- Wrong where one person orders under several customer ids: their returns are then first orders of somebody else.
WITH counted AS (
  SELECT o.order_id, o.customer_id, o.ordered_at, o.amount, o.discount, o.channel, o.region
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
),
habit AS (
  SELECT
    MIN(c.ordered_at) AS record_from,
    MAX(CASE WHEN c.discount > 0 THEN 1 ELSE 0 END) = 1
      AND MAX(CASE WHEN c.discount = 0 THEN 1 ELSE 0 END) = 0 AS empty_is_none
  FROM counted AS c
),
placed AS (
  SELECT
    c.*,
    CAST(c.ordered_at AS DATE) AS day,
    CASE WHEN c.discount > 0 THEN 1 WHEN c.discount <= 0 THEN 0 WHEN h.empty_is_none THEN 0 END AS reduced,
    h.record_from,
    ROW_NUMBER() OVER (
      PARTITION BY c.customer_id, CAST(c.ordered_at AS DATE) ORDER BY c.ordered_at, c.order_id
    ) AS place
  FROM counted AS c
  CROSS JOIN habit AS h
),
days AS (
  SELECT
    p.customer_id,
    p.day,
    MIN(CASE WHEN p.place = 1 THEN p.order_id END) AS row_id,
    MIN(p.ordered_at) AS ordered_at,
    MIN(p.record_from) AS record_from,
    SUM(p.amount) AS amount,
    MAX(p.reduced) AS reduced,
    MIN(CASE WHEN p.place = 1 THEN p.channel END) AS channel,
    MIN(CASE WHEN p.place = 1 THEN p.region END) AS region
  FROM placed AS p
  GROUP BY p.customer_id, p.day
),
numbered AS (
  SELECT
    d.*,
    ROW_NUMBER() OVER (PARTITION BY d.customer_id ORDER BY d.day) AS number,
    LAG(d.ordered_at) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS before_at,
    LEAD(d.ordered_at) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS next_at,
    LEAD(d.reduced) OVER (PARTITION BY d.customer_id ORDER BY d.day) AS next_reduced
  FROM days AS d
)
SELECT
  n.row_id,
  n.customer_id,
  n.ordered_at,
  n.number,
  (EPOCH(n.ordered_at) - EPOCH(n.before_at)) / 86400 AS gap_days,
  n.next_at,
  n.amount,
  n.reduced = 1 AS discounted,
  n.next_reduced = 1 AS next_discounted,
  n.channel,
  COALESCE(n.region, c.region) AS region,
  c.acquisition_channel,
  c.acquisition_campaign,
  c.created_at,
  n.record_from,
  CAST(DATE_TRUNC('month', n.ordered_at) AS DATE) AS month
FROM numbered AS n
LEFT JOIN customers AS c ON c.customer_id = n.customer_id
WHERE n.ordered_at >= $start
