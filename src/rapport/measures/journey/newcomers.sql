-- One row is a new customer who has been one for longer than the first weeks: 28 days.
--
-- `began_at` is the beginning of the first paid period (see `subscription_spans`) or, for customers who only order, the
-- first visit; customers who may have been there before the record begins are left out, and subscribers who were gone
-- before the first weeks were over: they had no chance to do much. `days` counts the days of the first weeks on which
-- there was any sign of them (use, an event, an order); `intensity` is its fifth, equal counts always in the same one (1
-- the least). `worth` is the plan and whether they pay more than half of its customers or, for buyers, the third that the
-- money of the first weeks falls in.
WITH subscribers AS (
  SELECT
    s.customer_id,
    MIN(s.first_from) AS began_at,
    MIN(s.record_from) AS record_from,
    MIN(CASE WHEN s.valid_from = s.first_from THEN s.plan END) AS plan,
    CAST(MAX(CASE WHEN s.valid_from = s.first_from THEN s.mrr END) AS DOUBLE) AS paid,
    MAX(
      CASE
        WHEN EPOCH(s.valid_from) <= EPOCH(s.first_from) + 28 * 86400
          AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > EPOCH(s.first_from) + 28 * 86400) THEN 1
        ELSE 0
      END
    ) AS there
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
began AS (
  SELECT
    'subscribers' AS kind,
    s.customer_id,
    s.began_at,
    COALESCE(s.plan, 'paying') AS plan,
    s.paid
  FROM subscribers AS s
  LEFT JOIN customers AS c ON c.customer_id = s.customer_id
  WHERE s.there = 1
    AND s.began_at >= $start
    AND (
      COALESCE(CAST(c.created_at AS DATE) >= CAST(s.record_from AS DATE), FALSE)
      OR EPOCH(s.began_at) - EPOCH(s.record_from) > 31 * 86400
    )
  UNION ALL
  SELECT
    'buyers' AS kind,
    f.customer_id,
    f.ordered_at AS began_at,
    'buying' AS plan,
    CAST(NULL AS DOUBLE) AS paid
  FROM first_orders AS f
  LEFT JOIN subscribers AS s ON s.customer_id = f.customer_id
  WHERE f.is_first AND s.customer_id IS NULL
),
old_enough AS (
  SELECT b.* FROM began AS b WHERE EPOCH(b.began_at) + 28 * 86400 < EPOCH($as_of)
),
bought AS (
  SELECT o.customer_id, v.ordered_at, v.amount
  FROM old_enough AS o
  JOIN visits AS v
    ON v.customer_id = o.customer_id
    AND v.ordered_at >= o.began_at
    AND EPOCH(v.ordered_at) < EPOCH(o.began_at) + 28 * 86400
),
spent AS (
  SELECT b.customer_id, CAST(SUM(b.amount) AS DOUBLE) AS paid FROM bought AS b GROUP BY b.customer_id
),
signs AS (
  SELECT o.customer_id, u.day
  FROM old_enough AS o
  JOIN usage AS u
    ON u.customer_id = o.customer_id
    AND u.day >= CAST(o.began_at AS DATE)
    AND EPOCH(CAST(u.day AS TIMESTAMP)) < EPOCH(o.began_at) + 28 * 86400
  UNION
  SELECT o.customer_id, CAST(e.at AS DATE) AS day
  FROM old_enough AS o
  JOIN events AS e
    ON e.customer_id = o.customer_id
    AND e.at >= o.began_at
    AND EPOCH(e.at) < EPOCH(o.began_at) + 28 * 86400
  UNION
  SELECT b.customer_id, CAST(b.ordered_at AS DATE) AS day FROM bought AS b
),
counted AS (
  SELECT s.customer_id, COUNT(*) AS days FROM signs AS s GROUP BY s.customer_id
),
weighed AS (
  SELECT
    o.kind,
    o.customer_id,
    o.began_at,
    o.plan,
    CASE WHEN o.kind = 'buyers' THEN p.paid ELSE o.paid END AS paid,
    COALESCE(c.days, 0) AS days
  FROM old_enough AS o
  LEFT JOIN spent AS p ON p.customer_id = o.customer_id
  LEFT JOIN counted AS c ON c.customer_id = o.customer_id
),
alike AS (
  SELECT w.kind, w.days, COUNT(*) AS customers FROM weighed AS w GROUP BY w.kind, w.days
),
placed AS (
  SELECT
    a.kind,
    a.days,
    1 + SUM(a.customers) OVER (PARTITION BY a.kind ORDER BY a.days) - a.customers AS days_rank,
    SUM(a.customers) OVER (PARTITION BY a.kind) AS of_kind
  FROM alike AS a
),
ranked AS (
  SELECT
    w.kind,
    w.customer_id,
    w.began_at,
    w.plan,
    w.days,
    CAST(p.days_rank AS BIGINT) AS days_rank,
    CAST(p.of_kind AS BIGINT) AS of_kind,
    RANK() OVER (PARTITION BY w.kind, w.plan ORDER BY w.paid) AS paid_rank,
    COUNT(*) OVER (PARTITION BY w.kind, w.plan) AS of_plan
  FROM weighed AS w
  JOIN placed AS p ON p.kind = w.kind AND p.days = w.days
)
SELECT
  r.customer_id AS row_id,
  r.customer_id,
  r.kind,
  r.began_at,
  r.days,
  CAST(FLOOR(1 + (r.days_rank - 1) * 5.0 / r.of_kind) AS INTEGER) AS intensity,
  CONCAT(
    r.plan,
    CASE
      WHEN r.kind = 'buyers'
        THEN CONCAT(' ', CAST(CAST(FLOOR(1 + (r.paid_rank - 1) * 3.0 / r.of_plan) AS INTEGER) AS VARCHAR))
      WHEN (r.paid_rank - 1) * 2 >= r.of_plan THEN ', more'
      ELSE ', less'
    END
  ) AS worth,
  c.acquisition_channel,
  CAST(DATE_TRUNC('month', r.began_at) AS DATE) AS month
FROM ranked AS r
LEFT JOIN customers AS c ON c.customer_id = r.customer_id
