-- One row is a customer on a plan and a feature that the plan has: whether they used it in the last twelve months.
--
-- Customers with at least three months of use on the plan, the first 90 days not counted (see `feature_months`), and the
-- features that `plan_features` calls offered or core. `core` is that of the customer's plan. A customer who changed plan
-- may stand on two.
WITH lately AS (
  SELECT f.customer_id, COALESCE(f.plan, '') AS plan, f.feature, f.month
  FROM feature_months AS f
  WHERE EPOCH($as_of) - EPOCH(CAST(f.month AS TIMESTAMP)) <= 366 * 86400
),
settled AS (
  SELECT l.customer_id, l.plan, COUNT(DISTINCT l.month) AS months
  FROM lately AS l
  GROUP BY l.customer_id, l.plan
  HAVING COUNT(DISTINCT l.month) >= 3
),
used AS (
  SELECT l.customer_id, l.plan, l.feature, COUNT(*) AS months FROM lately AS l GROUP BY l.customer_id, l.plan, l.feature
)
SELECT
  CONCAT(s.customer_id, '/', s.plan, '/', p.feature) AS row_id,
  s.customer_id,
  CASE WHEN s.plan <> '' THEN s.plan END AS plan,
  p.feature,
  p.offered,
  p.core,
  u.customer_id IS NOT NULL AS adopted,
  s.months,
  COALESCE(u.months, 0) AS months_used
FROM settled AS s
JOIN plan_features AS p ON p.plan = s.plan
LEFT JOIN used AS u ON u.customer_id = s.customer_id AND u.plan = s.plan AND u.feature = p.feature
WHERE p.offered OR p.core
