-- One row is a customer whose paid subscriptions all ended within a month: by choice or after a failed payment.
--
-- `involuntary` is an end for failed payment (see `subscription_months`). `provider` and `method` are those of the
-- customer's last attempt at a payment before that month ended; `month` is the month, `mrr` what they paid a month when
-- it began.
WITH gone AS (
  SELECT m.row_id, m.customer_id, m.plan, m.region, m.acquisition_channel, m.lost_by_payment, m.start_mrr, m.month
  FROM subscription_months AS m
  WHERE m.lost
),
last_paid AS (
  SELECT
    g.row_id,
    p.provider,
    p.method,
    ROW_NUMBER() OVER (
      PARTITION BY g.row_id ORDER BY COALESCE(p.paid_at, p.due_at) DESC, p.payment_id DESC
    ) AS place
  FROM gone AS g
  JOIN payments AS p ON p.customer_id = g.customer_id
  WHERE EPOCH(COALESCE(p.paid_at, p.due_at)) < EPOCH(CAST(g.month AS TIMESTAMP)) + 31 * 86400
)
SELECT
  g.row_id,
  g.customer_id,
  g.plan,
  g.region,
  g.acquisition_channel,
  g.lost_by_payment AS involuntary,
  l.provider,
  l.method,
  g.start_mrr AS mrr,
  g.month
FROM gone AS g
LEFT JOIN last_paid AS l ON l.row_id = g.row_id AND l.place = 1
