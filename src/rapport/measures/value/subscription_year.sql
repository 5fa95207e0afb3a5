-- One row is a customer (and currency) who paid when the last twelve full months began: then and at their end.
--
-- The cohort is fixed at the beginning: whoever came later is not in it. `start_mrr` and `end_mrr` are what they paid a
-- month at either end; `kept_mrr` is the smaller of the two, so that growth never makes up for a loss. Who left and came
-- back within the year counts by what they pay at the end. Empty where the record has no twelve full months.
SELECT
  a.row_id,
  a.customer_id,
  a.currency,
  a.plan,
  a.start_mrr,
  COALESCE(b.end_mrr, 0) AS end_mrr,
  LEAST(a.start_mrr, COALESCE(b.end_mrr, 0)) AS kept_mrr,
  a.month
FROM subscription_months AS a
LEFT JOIN subscription_months AS b
  ON b.customer_id = a.customer_id AND b.currency = a.currency AND b.months_ago = 0
WHERE a.months_ago = 11 AND a.start_mrr > 0
