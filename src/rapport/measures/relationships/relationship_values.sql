-- One row is a customer who ever bought or subscribed and is not known to have left: what they will bring, and who they are.
--
-- `value` is the expected discounted margin within the declared horizon, `relative` the same over the mean of those
-- rather active than not, else of all (so that 0.8 is a fifth less than usual), `lively` whether they are one of them. Contracts that
-- ended and brought no other purchase are left out. `segment` and `plan` are today's. `month` is that of the cut-off.
WITH alive AS (
  SELECT p.*
  FROM prospects AS p
  WHERE p.probability_active > 0
),
usual AS (
  SELECT COALESCE(AVG(CASE WHEN a.probability_active >= 0.5 THEN a.value END), AVG(a.value)) AS value FROM alive AS a
)
SELECT
  a.row_id,
  a.customer_id,
  a.kind,
  a.probability_active,
  a.probability_active_low,
  a.probability_active_high,
  a.probability_active >= 0.5 AS lively,
  a.value,
  a.value_low,
  a.value_high,
  a.value / NULLIF(u.value, 0) AS relative,
  c.acquisition_channel,
  c.region,
  c.country,
  c.segment,
  COALESCE(k.plan, c.plan) AS plan,
  CAST(DATE_TRUNC('month', $as_of) AS DATE) AS month
FROM alive AS a
CROSS JOIN usual AS u
LEFT JOIN customers AS c ON c.customer_id = a.customer_id
LEFT JOIN contracts AS k ON k.customer_id = a.customer_id AND k.running
