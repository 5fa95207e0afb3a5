-- One row is a payment that was due: how the first attempt at it went, and whether it was made in the end.
--
-- Attempts at one payment are those of one customer for one subscription or order (and one due date, where the source
-- has any) that follow a failed one within 21 days. `first_failed` is whether the first attempt failed, `retried` whether
-- there was another one, `recovered` whether one of them succeeded within 21 days of the first; both are empty for first
-- attempts that succeeded or are younger than 21 days. `ended` is whether a subscription of the customer then ended for
-- failed payment within 45 days. `provider`, `method` and `amount` are those of the first attempt, `month` is its month.
-- Refunds are no attempts.
--
-- Wrong where the source keeps only payments that succeeded (nothing ever fails), or writes each retry with a due date of
-- its own (then each is a payment).
WITH attempts AS (
  SELECT
    p.payment_id,
    p.customer_id,
    COALESCE(p.subscription_id, p.order_id, '') AS paid_for,
    p.due_at,
    COALESCE(p.paid_at, p.due_at) AS at,
    p.status,
    p.provider,
    p.method,
    p.amount,
    COALESCE(p.currency, $currency) AS currency
  FROM payments AS p
  WHERE p.status IN ('succeeded', 'failed') AND COALESCE(p.paid_at, p.due_at) < $as_of
),
following AS (
  SELECT
    a.*,
    LAG(a.status) OVER (PARTITION BY a.customer_id, a.paid_for ORDER BY a.at, a.payment_id) AS before_status,
    LAG(a.at) OVER (PARTITION BY a.customer_id, a.paid_for ORDER BY a.at, a.payment_id) AS before_at,
    LAG(a.due_at) OVER (PARTITION BY a.customer_id, a.paid_for ORDER BY a.at, a.payment_id) AS before_due
  FROM attempts AS a
),
numbered AS (
  SELECT
    f.*,
    SUM(
      CASE
        WHEN f.before_status = 'failed'
          AND EPOCH(f.at) - EPOCH(f.before_at) <= 21 * 86400
          AND COALESCE(f.due_at = f.before_due, TRUE)
          THEN 0
        ELSE 1
      END
    ) OVER (
      PARTITION BY f.customer_id, f.paid_for ORDER BY f.at, f.payment_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS number
  FROM following AS f
),
placed AS (
  SELECT
    n.*,
    ROW_NUMBER() OVER (PARTITION BY n.customer_id, n.paid_for, n.number ORDER BY n.at, n.payment_id) AS place,
    MIN(n.at) OVER (PARTITION BY n.customer_id, n.paid_for, n.number) AS first_at
  FROM numbered AS n
),
cases AS (
  SELECT
    p.customer_id,
    MIN(CASE WHEN p.place = 1 THEN p.payment_id END) AS row_id,
    MIN(p.first_at) AS first_at,
    MIN(CASE WHEN p.place = 1 THEN p.status END) AS first_status,
    MIN(CASE WHEN p.place = 1 THEN p.provider END) AS provider,
    MIN(CASE WHEN p.place = 1 THEN p.method END) AS method,
    MIN(CASE WHEN p.place = 1 THEN p.amount END) AS amount,
    MIN(CASE WHEN p.place = 1 THEN p.currency END) AS currency,
    COUNT(*) AS attempts,
    MAX(
      CASE WHEN p.status = 'succeeded' AND EPOCH(p.at) - EPOCH(p.first_at) <= 21 * 86400 THEN 1 ELSE 0 END
    ) AS paid
  FROM placed AS p
  GROUP BY p.customer_id, p.paid_for, p.number
),
ends AS (
  SELECT DISTINCT c.row_id
  FROM cases AS c
  JOIN subscriptions AS s ON s.customer_id = c.customer_id
  WHERE c.first_status = 'failed'
    AND s.end_reason = 'payment_failure'
    AND s.valid_to >= c.first_at
    AND EPOCH(s.valid_to) - EPOCH(c.first_at) <= 45 * 86400
)
SELECT
  c.row_id,
  c.customer_id,
  c.provider,
  c.method,
  k.region,
  c.currency,
  c.amount,
  c.first_at,
  c.first_status = 'failed' AS first_failed,
  CASE
    WHEN c.first_status = 'failed' AND EPOCH($as_of) - EPOCH(c.first_at) > 21 * 86400 THEN c.attempts > 1
  END AS retried,
  CASE
    WHEN c.first_status = 'failed' AND EPOCH($as_of) - EPOCH(c.first_at) > 21 * 86400 THEN c.paid = 1
  END AS recovered,
  CASE
    WHEN c.first_status = 'failed' AND EPOCH($as_of) - EPOCH(c.first_at) > 45 * 86400 THEN e.row_id IS NOT NULL
  END AS ended,
  CAST(DATE_TRUNC('month', c.first_at) AS DATE) AS month
FROM cases AS c
LEFT JOIN ends AS e ON e.row_id = c.row_id
LEFT JOIN customers AS k ON k.customer_id = c.customer_id
WHERE c.first_at >= $start
