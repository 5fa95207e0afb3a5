-- One row is an age and a plan: how many customers paid for it when a month began, and how many left within the month.
--
-- Counted over all full months (see `subscription_months`), each customer once a month. `age_months` is the age of the
-- relationship when the month began (see `contracts`), in whole months of 30.4375 days. `left_by_choice` went of their
-- own will, `left_by_payment` after a failed payment: they compete. `kept_before` and `kept_after` are what those who
-- stayed paid a month when the month began and when it ended. Customers without a plan count under an empty one.
WITH aged AS (
  SELECT
    GREATEST(FLOOR((EPOCH(CAST(m.month AS TIMESTAMP)) - EPOCH(k.begun_at)) / 2629800), 0) AS age,
    COALESCE(m.plan, '') AS plan,
    m.lost_by_choice,
    m.lost_by_payment,
    CASE WHEN m.end_mrr > 0 THEN m.start_mrr ELSE 0 END AS kept_before,
    CASE WHEN m.end_mrr > 0 THEN m.end_mrr ELSE 0 END AS kept_after
  FROM subscription_months AS m
  JOIN contracts AS k ON k.customer_id = m.customer_id
  WHERE m.leads AND m.at_start
)
SELECT
  CONCAT(CAST(CAST(FLOOR(a.age) AS INTEGER) AS VARCHAR), '/', a.plan) AS row_id,
  CAST(FLOOR(a.age) AS INTEGER) AS age_months,
  a.plan,
  COUNT(*) AS at_risk,
  SUM(CASE WHEN a.lost_by_choice THEN 1 ELSE 0 END) AS left_by_choice,
  SUM(CASE WHEN a.lost_by_payment THEN 1 ELSE 0 END) AS left_by_payment,
  CAST(SUM(a.kept_before) AS DOUBLE) AS kept_before,
  CAST(SUM(a.kept_after) AS DOUBLE) AS kept_after
FROM aged AS a
GROUP BY a.age, a.plan
