-- One row is a feature on a plan: how many of the plan's customers used it in the last twelve months.
--
-- Counted are customers with at least three months of use on the plan (see `feature_months`). `offered` says that the
-- plan has the feature, as far as use can show it: at least two percent of its customers used it while they were on it,
-- and two of them. `core` marks the feature that most customers of the other plans use (of all, where there is one plan):
-- what others take up first is expected of every plan, also of one on which nobody uses it. `offers` is how many features
-- the plan has. `plan` is an empty text where plans are not known.
WITH lately AS (
  SELECT f.customer_id, f.month, f.feature, COALESCE(f.plan, '') AS plan
  FROM feature_months AS f
  WHERE EPOCH($as_of) - EPOCH(CAST(f.month AS TIMESTAMP)) <= 366 * 86400
),
settled AS (
  SELECT l.customer_id, l.plan FROM lately AS l GROUP BY l.customer_id, l.plan HAVING COUNT(DISTINCT l.month) >= 3
),
sizes AS (
  SELECT s.plan, COUNT(*) AS customers FROM settled AS s GROUP BY s.plan
),
users AS (
  SELECT l.plan, l.feature, COUNT(DISTINCT l.customer_id) AS users
  FROM lately AS l
  JOIN settled AS s ON s.customer_id = l.customer_id AND s.plan = l.plan
  GROUP BY l.plan, l.feature
),
pairs AS (
  SELECT z.plan, n.feature, z.customers, COALESCE(u.users, 0) AS users
  FROM sizes AS z
  CROSS JOIN (SELECT DISTINCT x.feature FROM users AS x) AS n
  LEFT JOIN users AS u ON u.plan = z.plan AND u.feature = n.feature
),
beside AS (
  SELECT
    p.*,
    p.users >= 2 AND p.users >= 0.02 * p.customers AS offered,
    SUM(p.users) OVER (PARTITION BY p.feature) - p.users AS users_elsewhere,
    SUM(p.customers) OVER (PARTITION BY p.feature) - p.customers AS customers_elsewhere
  FROM pairs AS p
),
ranked AS (
  SELECT
    b.*,
    SUM(CASE WHEN b.offered THEN 1 ELSE 0 END) OVER (PARTITION BY b.plan) AS offers,
    ROW_NUMBER() OVER (
      PARTITION BY b.plan
      ORDER BY CASE WHEN b.customers_elsewhere > 0 THEN b.users_elsewhere ELSE b.users END DESC, b.feature
    ) AS place
  FROM beside AS b
)
SELECT
  r.plan,
  r.feature,
  r.customers,
  r.users,
  r.offered,
  r.place = 1 AS core,
  r.offers
FROM ranked AS r
