-- One row is a moment at which a subscription went on at a higher price, and nothing more was bought.
--
-- A period of the same subscription and plan follows at a higher price within a day, and the source does not call the end
-- of the earlier one an upgrade. `before_mrr` and `after_mrr` are the prices a month, `at` is when the new one began,
-- `month` its month. Wrong where the source gives no reasons for the end of a period: more seats on the same plan then
-- look like a rise.
WITH following AS (
  SELECT
    s.customer_id,
    s.subscription_id,
    s.plan,
    s.mrr,
    s.valid_from,
    s.valid_to,
    s.end_reason,
    LEAD(s.plan) OVER (PARTITION BY s.customer_id, s.subscription_id ORDER BY s.valid_from, s.period_id) AS next_plan,
    LEAD(s.mrr) OVER (PARTITION BY s.customer_id, s.subscription_id ORDER BY s.valid_from, s.period_id) AS next_mrr,
    LEAD(s.valid_from) OVER (
      PARTITION BY s.customer_id, s.subscription_id ORDER BY s.valid_from, s.period_id
    ) AS next_from
  FROM subscriptions AS s
)
SELECT
  CONCAT(f.subscription_id, '/', CAST(f.next_from AS VARCHAR)) AS row_id,
  f.customer_id,
  f.plan,
  f.mrr AS before_mrr,
  f.next_mrr AS after_mrr,
  f.next_from AS at,
  CAST(DATE_TRUNC('month', f.next_from) AS DATE) AS month
FROM following AS f
WHERE f.mrr > 0
  AND f.next_mrr > f.mrr
  AND COALESCE(f.next_plan, '') = COALESCE(f.plan, '')
  AND COALESCE(f.end_reason, 'expired') NOT IN ('upgrade', 'downgrade', 'cancelled', 'payment_failure')
  AND EPOCH(f.next_from) - EPOCH(COALESCE(f.valid_to, f.next_from)) <= 86400
