-- One row is a customer in a full month (and currency) who paid when it began: what of that was lost by its end.
--
-- The group is fixed when the month begins (`subscription_months`). `weight` is what they paid then in units of the
-- average of their currency, so that currencies can stand side by side and are never added; `lost_weight` is what of it
-- was lost, by leaving or by paying less, `left_weight` by leaving alone, `unpaid_weight` by leaving after a failed
-- payment. The share of revenue lost is the sum of `lost_weight` over that of `weight`. `cohort` is the year in which the
-- customer was created, else in which the first paid period began. `price_change` says whether the price rose in the six
-- months before, nothing more being bought (see `price_rises`).
WITH paid AS (
  SELECT m.*, AVG(CAST(m.start_mrr AS DOUBLE)) OVER (PARTITION BY m.currency) AS usual
  FROM subscription_months AS m
  WHERE m.start_mrr > 0
),
firsts AS (
  SELECT s.customer_id, MIN(s.first_from) AS first_from FROM subscription_spans AS s GROUP BY s.customer_id
),
risen AS (
  SELECT DISTINCT p.row_id
  FROM paid AS p
  JOIN price_rises AS r ON r.customer_id = p.customer_id
  WHERE EPOCH(r.at) < EPOCH(CAST(p.month AS TIMESTAMP)) + 28 * 86400
    AND EPOCH(r.at) >= EPOCH(CAST(p.month AS TIMESTAMP)) - 183 * 86400
)
SELECT
  p.row_id,
  p.customer_id,
  p.currency,
  p.plan,
  p.region,
  p.acquisition_channel,
  CAST(EXTRACT(YEAR FROM COALESCE(c.created_at, f.first_from)) AS VARCHAR) AS cohort,
  CASE WHEN r.row_id IS NOT NULL THEN 'after a price rise' ELSE 'no price rise' END AS price_change,
  p.months_ago,
  p.start_mrr,
  p.churned_mrr,
  p.contraction_mrr,
  p.expansion_mrr,
  CAST(p.start_mrr AS DOUBLE) / p.usual AS weight,
  CAST(p.churned_mrr + p.contraction_mrr AS DOUBLE) / p.usual AS lost_weight,
  CAST(p.churned_mrr AS DOUBLE) / p.usual AS left_weight,
  CASE WHEN p.lost_by_payment THEN CAST(p.churned_mrr AS DOUBLE) / p.usual ELSE 0 END AS unpaid_weight,
  p.month
FROM paid AS p
LEFT JOIN customers AS c ON c.customer_id = p.customer_id
LEFT JOIN firsts AS f ON f.customer_id = p.customer_id
LEFT JOIN risen AS r ON r.row_id = p.row_id
