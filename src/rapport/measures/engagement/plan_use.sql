-- One row is a customer's full month with any use: how much of what their plan has they used in it.
--
-- `features` counts the features used in the month, `offers` those that the plan has as far as use can show (see
-- `plan_features`), `used_share` is the one by the other, at most 1. The first 90 days of a customer and months in which
-- the plan changed are left out (see `feature_months`); months without any use are none here: whether customers use it at
-- all is another question than how much of it.
WITH counted AS (
  SELECT f.customer_id, f.month, COALESCE(f.plan, '') AS plan, COUNT(*) AS features
  FROM feature_months AS f
  GROUP BY f.customer_id, f.month, COALESCE(f.plan, '')
),
offers AS (
  SELECT p.plan, MAX(p.offers) AS offers FROM plan_features AS p GROUP BY p.plan
)
SELECT
  CONCAT(c.customer_id, '/', CAST(c.month AS VARCHAR)) AS row_id,
  c.customer_id,
  c.month,
  CASE WHEN c.plan <> '' THEN c.plan END AS plan,
  c.features,
  o.offers,
  CASE WHEN o.offers > 0 THEN LEAST(1.0, CAST(c.features AS DOUBLE) / o.offers) END AS used_share
FROM counted AS c
JOIN offers AS o ON o.plan = c.plan
