-- One row is a customer with revenue in the last 365 days who is still one: how long ago the last useful contact was.
--
-- A contact is useful that the company began for the customer's sake (check-in, renewal, service, reward; delivered), a
-- case that it opened, a personal message, an answer by a person to a question, or any contact to which the customer
-- replied. Welcome letters, promotions, surveys and win-back offers are none: everybody gets those. `days_since` counts
-- to the cut-off; for whoever never had one, from when they became a customer, or from the first contact of any kind on
-- record: at least so many days (`ever` is then false). `untouched` says that it is longer than `window_days`: the declared
-- limit, else 90. `spoke` says that within this time they had an answer or replied, so that the contact was theirs;
-- `forgotten` is `untouched` of the others, whom only the company's own step could reach, and empty for those who spoke.
-- Customers are here who have been known for two such windows, where contacts are on record for as long.
--
-- `revenue` is that of the last 365 days, net of refunds; `decile` 1 is the tenth with the most of it. Customers with the
-- same revenue stand together in the decile of the middle of their group, whatever the order of the rows.
-- Who is still a customer is said by `present_customers`.
WITH limits AS (
  SELECT COALESCE($useful_contact_days, 90.0) AS window_days
),
written AS (
  SELECT MIN(w.at) AS since
  FROM (
    SELECT MIN(t.sent_at) AS at FROM touches AS t
    UNION ALL SELECT MIN(k.opened_at) AS at FROM tickets AS k
    UNION ALL SELECT MIN(m.sent_at) AS at FROM messages AS m
  ) AS w
),
unasked AS (
  SELECT t.customer_id, t.sent_at AS at
  FROM touches AS t
  WHERE t.purpose IN ('check_in', 'renewal', 'service', 'reward') AND COALESCE(t.delivered, TRUE)
  UNION ALL
  SELECT t.customer_id, t.opened_at AS at
  FROM tickets AS t
  WHERE t.opened_by = 'agent'
  UNION ALL
  SELECT m.customer_id, m.sent_at AS at
  FROM messages AS m
  WHERE m.ticket_id IS NULL AND m.direction = 'outbound' AND m.author_kind = 'agent' AND COALESCE(m.public, TRUE)
),
spoken AS (
  SELECT r.customer_id, r.replied_at AS at
  FROM replies AS r
  WHERE r.answered
  UNION ALL
  SELECT t.customer_id, t.replied_at AS at
  FROM touches AS t
  WHERE t.replied_at IS NOT NULL
),
latest AS (
  SELECT c.customer_id, MAX(c.at) AS at, MAX(c.spoken_at) AS spoken_at
  FROM (
    SELECT u.customer_id, u.at, CAST(NULL AS TIMESTAMP) AS spoken_at FROM unasked AS u
    UNION ALL
    SELECT s.customer_id, s.at, s.at AS spoken_at FROM spoken AS s
  ) AS c
  WHERE c.at >= $start
  GROUP BY c.customer_id
),
known AS (
  SELECT
    a.customer_id,
    y.revenue,
    l.window_days,
    t.at IS NOT NULL AS ever,
    COALESCE(EPOCH($as_of) - EPOCH(t.spoken_at) <= l.window_days * 86400, FALSE) AS spoke,
    (EPOCH($as_of) - EPOCH(COALESCE(t.at, GREATEST(a.known_since, w.since)))) / 86400 AS days_since
  FROM present_customers AS a
  JOIN yearly_revenue AS y ON y.customer_id = a.customer_id
  CROSS JOIN limits AS l
  CROSS JOIN written AS w
  LEFT JOIN latest AS t ON t.customer_id = a.customer_id
  WHERE y.revenue > 0
    AND a.tenure_days >= 2 * l.window_days
    AND EPOCH($as_of) - EPOCH(w.since) >= 2 * l.window_days * 86400
),
ranked AS (
  SELECT
    k.*,
    RANK() OVER (ORDER BY k.revenue DESC) AS place,
    COUNT(*) OVER (PARTITION BY k.revenue) AS alike,
    COUNT(*) OVER () AS customers
  FROM known AS k
),
tiered AS (
  SELECT r.*, FLOOR(10 * (r.place - 1 + r.alike / 2.0) / r.customers) + 1 AS decile FROM ranked AS r
)
SELECT
  t.customer_id AS row_id,
  t.customer_id,
  t.revenue,
  CAST(t.decile AS INTEGER) AS decile,
  CASE WHEN t.decile = 1 THEN 'best tenth' WHEN t.decile <= 5 THEN 'next four tenths' ELSE 'lower half' END AS value_tier,
  t.ever,
  t.days_since,
  t.window_days,
  t.days_since > t.window_days AS untouched,
  t.spoke,
  CASE WHEN NOT t.spoke THEN t.days_since > t.window_days END AS forgotten
FROM tiered AS t
