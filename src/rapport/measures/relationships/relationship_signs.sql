-- One row is a customer: everything that their health is measured by, empty where nothing is known.
--
-- `profile` is 'account' for a customer with several contacts now, 'subscription' for who has or had a paid subscription
-- and uses it or bought nothing for a year, else 'shop'. `active` is that of `known_customers`. The other columns are those of `engagement_signs`, `dialogue_signs`,
-- `answer_signs`, `outreach_signs` and `commitment_signs`.
WITH people AS (
  SELECT c.customer_id, COUNT(*) AS contacts
  FROM contacts AS c
  WHERE c.left_at IS NULL
  GROUP BY c.customer_id
),
subscribers AS (
  SELECT DISTINCT s.customer_id FROM subscription_spans AS s
)
SELECT
  k.row_id,
  k.customer_id,
  CASE
    WHEN p.contacts > 1 THEN 'account'
    WHEN s.customer_id IS NOT NULL AND (e.use_recent IS NOT NULL OR COALESCE(m.orders, 0) = 0) THEN 'subscription'
    ELSE 'shop'
  END AS profile,
  k.active,
  m.tenure_days,
  m.subscribes,
  e.known_days,
  e.days_since_order,
  e.orders_recent,
  e.orders_before,
  e.use_recent,
  e.use_before,
  e.breadth,
  d.spoke,
  d.unsolved,
  d.repeated,
  d.tickets,
  d.in_usual_time,
  d.judged,
  a.mean_score,
  a.worst_score,
  a.answers,
  a.asked,
  a.answered,
  o.days_since_useful,
  o.useful,
  o.per_week,
  o.sent,
  o.responded,
  m.paid,
  m.failed,
  m.mrr_change,
  m.orders,
  m.returned,
  m.referred,
  m.goals_due,
  m.goals_reached
FROM known_customers AS k
LEFT JOIN people AS p ON p.customer_id = k.customer_id
LEFT JOIN subscribers AS s ON s.customer_id = k.customer_id
LEFT JOIN engagement_signs AS e ON e.customer_id = k.customer_id
LEFT JOIN dialogue_signs AS d ON d.customer_id = k.customer_id
LEFT JOIN answer_signs AS a ON a.customer_id = k.customer_id
LEFT JOIN outreach_signs AS o ON o.customer_id = k.customer_id
LEFT JOIN commitment_signs AS m ON m.customer_id = k.customer_id
