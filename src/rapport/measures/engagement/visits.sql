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
  SELECT
    o.order_id,
    o.customer_id,
    o.ordered_at,
    CAST(o.ordered_at AS DATE) AS day,
    o.amount,
    CASE
      WHEN o.discount > 0 THEN 1
      WHEN o.discount <= 0 THEN 0
      WHEN MAX(CASE WHEN o.discount > 0 THEN 1 ELSE 0 END) OVER () = 1
        AND MAX(CASE WHEN o.discount = 0 THEN 1 ELSE 0 END) OVER () = 0 THEN 0
    END AS reduced,
    o.channel,
    o.region,
    MIN(o.ordered_at) OVER () AS record_from,
    ROW_NUMBER() OVER (
      PARTITION BY o.customer_id, CAST(o.ordered_at AS DATE) ORDER BY o.ordered_at, o.order_id
    ) AS place
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
),
days AS (
  SELECT
    c.customer_id,
    c.day,
    MIN(CASE WHEN c.place = 1 THEN c.order_id END) AS row_id,
    MIN(c.ordered_at) AS ordered_at,
    MIN(c.record_from) AS record_from,
    SUM(c.amount) AS amount,
    MAX(c.reduced) AS reduced,
    MIN(CASE WHEN c.place = 1 THEN c.channel END) AS channel,
    MIN(CASE WHEN c.place = 1 THEN c.region END) AS region
  FROM counted AS c
  GROUP BY c.customer_id, c.day
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
