-- One row is a customer who had a paid subscription in the last 364 days: its age, price and payments.
--
-- `running` tells whether it runs at the cut-off. `contract_days` is the time since the first paid period, `mrr` what they pay a month, `mrr_before` what they paid 182
-- days earlier (or at the beginning, where that is later). `plan` is that of the dearest contract. `failed` counts the
-- failed payments of the last 91 days. `renewed_days` is the time since the last renewal date that has passed
-- (`milestones`) and `term_days` from one to the next (a year where only one is known), known only of those who renewed before: `renews_at` is not read, since sources write into it the next
-- date after every renewal and the last one on leaving, and so tell in the past who would stay.
WITH spans AS (
  SELECT
    s.customer_id,
    s.plan,
    CAST(s.mrr AS DOUBLE) AS mrr,
    s.valid_from,
    s.ends_at,
    s.running,
    s.first_from,
    GREATEST(EPOCH($as_of) - 182 * 86400, EPOCH(s.first_from)) AS before_at,
    ROW_NUMBER() OVER (
      PARTITION BY s.customer_id ORDER BY CASE WHEN s.running THEN 0 ELSE 1 END, s.mrr DESC, s.row_id
    ) AS place
  FROM subscription_spans AS s
),
contracts AS (
  SELECT
    s.customer_id,
    (EPOCH($as_of) - EPOCH(MIN(s.first_from))) / 86400 AS contract_days,
    SUM(CASE WHEN s.running THEN s.mrr END) AS mrr,
    SUM(
      CASE
        WHEN EPOCH(s.valid_from) <= s.before_at AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > s.before_at) THEN s.mrr
      END
    ) AS mrr_before,
    MIN(CASE WHEN s.place = 1 THEN s.plan END) AS plan,
    COUNT(CASE WHEN s.running THEN 1 END) > 0 AS running
  FROM spans AS s
  GROUP BY s.customer_id
  HAVING COUNT(CASE WHEN s.running OR EPOCH($as_of) - EPOCH(s.ends_at) <= 364 * 86400 THEN 1 END) > 0
),
paid AS (
  SELECT p.customer_id, COUNT(*) AS failed
  FROM payments AS p
  WHERE p.status = 'failed' AND EPOCH($as_of) - EPOCH(p.paid_at) <= 91 * 86400
  GROUP BY p.customer_id
),
renewed AS (
  SELECT
    m.customer_id,
    MAX(m.due_at) AS due_at,
    (EPOCH(MAX(m.due_at)) - EPOCH(MIN(m.due_at))) / 86400 / NULLIF(COUNT(*) - 1, 0) AS term_days
  FROM milestones AS m
  WHERE LOWER(m.kind) LIKE '%renew%' AND m.due_at < $as_of
  GROUP BY m.customer_id
)
SELECT
  c.customer_id AS row_id,
  c.customer_id,
  c.running,
  c.contract_days,
  c.mrr,
  c.mrr_before,
  c.plan,
  COALESCE(p.failed, 0) AS failed,
  (EPOCH($as_of) - EPOCH(r.due_at)) / 86400 AS renewed_days,
  CASE WHEN r.due_at IS NOT NULL THEN COALESCE(r.term_days, 365.25) END AS term_days
FROM contracts AS c
LEFT JOIN paid AS p ON p.customer_id = c.customer_id
LEFT JOIN renewed AS r ON r.customer_id = c.customer_id
