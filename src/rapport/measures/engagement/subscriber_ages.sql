-- One row is a subscriber at one age of the relationship: whether a paid period ran on that day.
--
-- Age k is k steps of 30 days after the first paid period began. Only days before the cut-off are there. `month` is that
-- in which the first paid period began, `plan` its plan. Customers who begin within 31 days of the record's first period
-- are left out, unless they were created after it: nobody knows since when they were customers. Read through
-- `cohort_ages`.
WITH ages AS (
  SELECT 1 AS age
  UNION ALL SELECT 2
  UNION ALL SELECT 3
  UNION ALL SELECT 4
  UNION ALL SELECT 6
  UNION ALL SELECT 9
  UNION ALL SELECT 12
),
begun AS (
  SELECT
    s.customer_id,
    MIN(s.first_from) AS begun_at,
    MIN(s.record_from) AS record_from,
    MIN(CASE WHEN s.valid_from = s.first_from THEN s.plan END) AS plan
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
running AS (
  SELECT DISTINCT b.customer_id, a.age
  FROM begun AS b
  CROSS JOIN ages AS a
  JOIN subscription_spans AS s
    ON s.customer_id = b.customer_id
    AND EPOCH(s.valid_from) <= EPOCH(b.begun_at) + a.age * 2592000
    AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > EPOCH(b.begun_at) + a.age * 2592000)
)
SELECT
  'subscriptions' AS kind,
  b.customer_id,
  30.0 AS step_days,
  a.age,
  r.age IS NOT NULL AS active,
  c.acquisition_channel,
  c.region,
  b.plan,
  CAST(DATE_TRUNC('month', b.begun_at) AS DATE) AS month
FROM begun AS b
JOIN ages AS a ON EPOCH(b.begun_at) + a.age * 2592000 < EPOCH($as_of)
LEFT JOIN running AS r ON r.customer_id = b.customer_id AND r.age = a.age
LEFT JOIN customers AS c ON c.customer_id = b.customer_id
WHERE b.begun_at >= $start
  AND (
    COALESCE(CAST(c.created_at AS DATE) >= CAST(b.record_from AS DATE), FALSE)
    OR EPOCH(b.begun_at) - EPOCH(b.record_from) > 31 * 86400
  )
