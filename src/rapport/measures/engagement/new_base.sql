-- One row is a new customer of one of two stretches of time: what they began with, and where they came from.
--
-- A customer begins with a first order that is known to be one (see `first_orders`), or with a first paid period that does
-- not lie at the record's left edge; of both, what more customers began with. `newer` is whether that was in the newest
-- `window_days` days (at most 182), else it was in the same days of the earliest year that the record holds (`back_days`
-- earlier, whole weeks). Where the record is too short for 90 days of the same season, its two halves are compared and
-- `same_season` is false; under 120 days there are none. `amount` is that of the first order's day, or what is paid a
-- month. `basket` is the fifth into which it falls among the older ones. `segment` is that of today.
WITH begun AS (
  SELECT
    'orders' AS kind,
    f.customer_id,
    f.ordered_at AS begun_at,
    CAST(f.amount AS DOUBLE) AS amount,
    f.acquisition_channel,
    f.channel,
    f.region,
    CAST(NULL AS VARCHAR) AS plan
  FROM first_orders AS f
  WHERE f.is_first
  UNION ALL
  SELECT
    'subscriptions' AS kind,
    s.customer_id,
    MIN(s.valid_from) AS begun_at,
    SUM(CAST(s.mrr AS DOUBLE)) AS amount,
    MIN(c.acquisition_channel) AS acquisition_channel,
    CAST(NULL AS VARCHAR) AS channel,
    MIN(COALESCE(c.region, c.country)) AS region,
    MIN(s.plan) AS plan
  FROM subscription_spans AS s
  LEFT JOIN customers AS c ON c.customer_id = s.customer_id
  WHERE s.valid_from = s.first_from
    AND s.valid_from >= $start
    AND s.valid_from < $as_of
    AND (
      COALESCE(CAST(c.created_at AS DATE) >= CAST(s.record_from AS DATE), FALSE)
      OR EPOCH(s.valid_from) - EPOCH(s.record_from) > 31 * 86400
    )
  GROUP BY s.customer_id
),
spans AS (
  SELECT b.kind, COUNT(*) AS customers, (EPOCH($as_of) - EPOCH(MIN(b.begun_at))) / 86400 AS days
  FROM begun AS b
  GROUP BY b.kind
),
ranked AS (
  SELECT
    s.kind,
    s.days,
    s.days >= 364 + 90 AS same_season,
    CASE WHEN s.days >= 364 + 90 THEN LEAST(182.0, FLOOR(s.days - 364)) ELSE FLOOR(s.days / 2) END AS window_days,
    ROW_NUMBER() OVER (ORDER BY s.customers DESC, s.kind) AS place
  FROM spans AS s
),
chosen AS (
  SELECT
    r.kind,
    r.same_season,
    r.window_days,
    CASE WHEN r.same_season THEN 364 * FLOOR((r.days - r.window_days) / 364) ELSE r.window_days END AS back_days
  FROM ranked AS r
  WHERE r.place = 1 AND r.window_days >= 60
),
placed AS (
  SELECT
    b.*,
    c.same_season,
    c.window_days,
    c.back_days,
    (EPOCH($as_of) - EPOCH(b.begun_at)) / 86400 <= c.window_days AS newer
  FROM begun AS b
  JOIN chosen AS c ON c.kind = b.kind
  WHERE (EPOCH($as_of) - EPOCH(b.begun_at)) / 86400 <= c.window_days
    OR (
      (EPOCH($as_of) - EPOCH(b.begun_at)) / 86400 > c.back_days
      AND (EPOCH($as_of) - EPOCH(b.begun_at)) / 86400 <= c.back_days + c.window_days
    )
),
cuts AS (
  SELECT
    PERCENTILE_CONT(0.2) WITHIN GROUP (ORDER BY CASE WHEN NOT p.newer THEN p.amount END) AS a,
    PERCENTILE_CONT(0.4) WITHIN GROUP (ORDER BY CASE WHEN NOT p.newer THEN p.amount END) AS b,
    PERCENTILE_CONT(0.6) WITHIN GROUP (ORDER BY CASE WHEN NOT p.newer THEN p.amount END) AS c,
    PERCENTILE_CONT(0.8) WITHIN GROUP (ORDER BY CASE WHEN NOT p.newer THEN p.amount END) AS d
  FROM placed AS p
)
SELECT
  CONCAT(p.kind, '/', p.customer_id) AS row_id,
  p.customer_id,
  p.kind,
  p.newer,
  p.begun_at,
  p.amount,
  CASE
    WHEN p.amount <= k.a THEN 'smallest fifth'
    WHEN p.amount <= k.b THEN 'second fifth'
    WHEN p.amount <= k.c THEN 'middle fifth'
    WHEN p.amount <= k.d THEN 'fourth fifth'
    WHEN p.amount IS NOT NULL THEN 'largest fifth'
  END AS basket,
  p.acquisition_channel,
  p.channel,
  p.region,
  p.plan,
  c.segment,
  p.window_days,
  p.back_days,
  p.same_season,
  CAST(DATE_TRUNC('month', p.begun_at) AS DATE) AS month
FROM placed AS p
CROSS JOIN cuts AS k
LEFT JOIN customers AS c ON c.customer_id = p.customer_id
