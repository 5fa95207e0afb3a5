-- One row is a buyer at one age of the relationship: whether they ordered in that stretch of time.
--
-- Age k is the k-th stretch of `step_days` (the horizon of `rhythm`) after the first visit. Only stretches that lie
-- wholly before the cut-off are there. `month` is that of the first visit; customers whose first visit is not known to
-- be one (see `first_orders`) are left out. Read through `cohort_ages`.
WITH ages AS (
  SELECT 1 AS age
  UNION ALL SELECT 2
  UNION ALL SELECT 3
  UNION ALL SELECT 4
  UNION ALL SELECT 6
  UNION ALL SELECT 9
  UNION ALL SELECT 12
),
returns AS (
  SELECT DISTINCT
    f.customer_id,
    CAST(CEIL((EPOCH(v.ordered_at) - EPOCH(f.ordered_at)) / (f.horizon_days * 86400)) AS INTEGER) AS age
  FROM first_orders AS f
  JOIN visits AS v ON v.customer_id = f.customer_id AND v.number > 1
  WHERE f.is_first
)
SELECT
  'orders' AS kind,
  f.customer_id,
  f.horizon_days AS step_days,
  a.age,
  r.age IS NOT NULL AS active,
  f.acquisition_channel,
  f.region,
  CAST(NULL AS VARCHAR) AS plan,
  f.month
FROM first_orders AS f
JOIN ages AS a ON f.horizon_days * a.age * 86400 <= EPOCH($as_of) - EPOCH(f.ordered_at)
LEFT JOIN returns AS r ON r.customer_id = f.customer_id AND r.age = a.age
WHERE f.is_first
