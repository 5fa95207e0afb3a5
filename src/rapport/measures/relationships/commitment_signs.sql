-- One row is a customer with a sign of being bound to the company, or of coming loose from it, in the last 365 days.
--
-- `paid` counts payments tried and `failed` those that failed. `mrr_change` is the paid price a month now over that of a
-- year ago (or of the beginning, where that is later), less 1. `returned` is the share of the days' orders that went
-- back, of `orders`. `referred` counts recommendations, `goals_due` the goals that fell due and `goals_reached` those of
-- them that were reached in time. `tenure_days` is the time since the customer was created, or first bought or paid.
WITH payments_made AS (
  SELECT
    p.customer_id,
    COUNT(*) AS paid,
    COUNT(CASE WHEN p.status = 'failed' THEN 1 END) AS failed
  FROM payments AS p
  WHERE p.status IS NOT NULL AND EPOCH($as_of) - EPOCH(COALESCE(p.paid_at, p.due_at)) <= 365 * 86400
  GROUP BY p.customer_id
),
prices AS (
  SELECT
    s.customer_id,
    MIN(s.first_from) AS first_at,
    SUM(CASE WHEN s.running THEN s.mrr END) AS now_mrr,
    SUM(
      CASE
        WHEN EPOCH(s.valid_from) <= GREATEST(EPOCH($as_of) - 365 * 86400, EPOCH(s.first_from))
          AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > GREATEST(EPOCH($as_of) - 365 * 86400, EPOCH(s.first_from)))
          THEN s.mrr
      END
    ) AS before_mrr
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
bought AS (
  SELECT
    o.customer_id,
    MIN(o.ordered_at) AS first_at,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(o.ordered_at) <= 365 * 86400 THEN 1 END) AS orders,
    COUNT(
      CASE
        WHEN EPOCH($as_of) - EPOCH(o.ordered_at) <= 365 * 86400 AND (o.status = 'returned' OR o.refund_amount > 0) THEN 1
      END
    ) AS returned
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND COALESCE(o.status, 'completed') <> 'cancelled'
  GROUP BY o.customer_id
),
recommended AS (
  SELECT r.referrer_id AS customer_id, COUNT(*) AS referred
  FROM referrals AS r
  WHERE EPOCH($as_of) - EPOCH(r.at) <= 365 * 86400
  GROUP BY r.referrer_id
),
wanted AS (
  SELECT
    g.customer_id,
    COUNT(*) AS goals_due,
    COUNT(CASE WHEN g.achieved_at <= g.due_at THEN 1 END) AS goals_reached
  FROM goals AS g
  WHERE g.due_at < $as_of AND EPOCH($as_of) - EPOCH(g.due_at) <= 365 * 86400
  GROUP BY g.customer_id
),
who AS (
  SELECT customer_id FROM payments_made
  UNION SELECT customer_id FROM prices
  UNION SELECT customer_id FROM bought
  UNION SELECT customer_id FROM recommended
  UNION SELECT customer_id FROM wanted
)
SELECT
  w.customer_id AS row_id,
  w.customer_id,
  p.paid,
  p.failed,
  CASE WHEN s.before_mrr > 0 AND s.now_mrr IS NOT NULL THEN CAST(s.now_mrr AS DOUBLE) / s.before_mrr - 1 END AS mrr_change,
  s.now_mrr IS NOT NULL AS subscribes,
  b.orders,
  CASE WHEN b.orders > 0 THEN CAST(b.returned AS DOUBLE) / b.orders END AS returned,
  COALESCE(r.referred, 0) AS referred,
  g.goals_due,
  g.goals_reached,
  (EPOCH($as_of) - EPOCH(COALESCE(c.created_at, s.first_at, b.first_at))) / 86400 AS tenure_days
FROM who AS w
LEFT JOIN customers AS c ON c.customer_id = w.customer_id
LEFT JOIN payments_made AS p ON p.customer_id = w.customer_id
LEFT JOIN prices AS s ON s.customer_id = w.customer_id
LEFT JOIN bought AS b ON b.customer_id = w.customer_id
LEFT JOIN recommended AS r ON r.customer_id = w.customer_id
LEFT JOIN wanted AS g ON g.customer_id = w.customer_id
