-- One row is a customer of at least a year who is still one: how loyal they are, and whether anybody showed it them.
--
-- `recognised` says that in the last 365 days they got a reward or thanks (a delivered contact with the purpose reward) or
-- turned points into something, or that they hold a tier of the loyalty programme and have not left it. Points that
-- were only booked are a promise, no recognition yet.
--
-- `tenure_days` runs from when they became a customer (else their first order or subscription), `active_days` counts
-- the days of the last 365 with an order or with use. `loyalty_score` is the mean of their places in both, 0 to 1;
-- customers who are alike share the middle of their places. `loyalty` marks the fifth with the highest score, ties by
-- the score and not by the order of the rows. Who is still a customer is said by `present_customers`. Where contacts and
-- entries of the programme are on record for less than a year, there are no rows.
WITH written AS (
  SELECT MIN(w.at) AS since
  FROM (SELECT MIN(t.sent_at) AS at FROM touches AS t UNION ALL SELECT MIN(l.at) AS at FROM loyalty AS l) AS w
),
days_there AS (
  SELECT s.customer_id, CAST(s.at AS DATE) AS day
  FROM sales AS s
  WHERE s.counts AND s.customer_id IS NOT NULL AND EPOCH($as_of) - EPOCH(s.at) <= 365 * 86400
  UNION
  SELECT u.customer_id, u.day
  FROM usage AS u
  WHERE EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 365 * 86400
),
often AS (
  SELECT d.customer_id, COUNT(*) AS active_days FROM days_there AS d GROUP BY d.customer_id
),
left_club AS (
  SELECT l.customer_id, MAX(l.at) AS at FROM loyalty AS l WHERE l.kind = 'leave' GROUP BY l.customer_id
),
shown AS (
  SELECT t.customer_id
  FROM touches AS t
  WHERE t.purpose = 'reward' AND COALESCE(t.delivered, TRUE) AND EPOCH($as_of) - EPOCH(t.sent_at) <= 365 * 86400
  UNION
  SELECT l.customer_id
  FROM loyalty AS l
  LEFT JOIN left_club AS g ON g.customer_id = l.customer_id
  WHERE (l.kind = 'redeem' AND EPOCH($as_of) - EPOCH(l.at) <= 365 * 86400)
    OR (l.kind = 'tier' AND (g.at IS NULL OR g.at <= l.at))
),
known AS (
  SELECT
    a.customer_id,
    a.tenure_days,
    COALESCE(o.active_days, 0) AS active_days,
    w.customer_id IS NOT NULL AS recognised
  FROM present_customers AS a
  CROSS JOIN written AS r
  LEFT JOIN often AS o ON o.customer_id = a.customer_id
  LEFT JOIN shown AS w ON w.customer_id = a.customer_id
  WHERE a.tenure_days >= 365
    AND EPOCH($as_of) - EPOCH(r.since) >= 365 * 86400
),
placed AS (
  SELECT
    k.*,
    RANK() OVER (ORDER BY k.tenure_days) - 1 + COUNT(*) OVER (PARTITION BY k.tenure_days) / 2.0 AS by_tenure,
    RANK() OVER (ORDER BY k.active_days) - 1 + COUNT(*) OVER (PARTITION BY k.active_days) / 2.0 AS by_days,
    COUNT(*) OVER () AS customers
  FROM known AS k
),
scored AS (
  SELECT p.*, ROUND((p.by_tenure + p.by_days) / (2.0 * p.customers), 9) AS loyalty_score FROM placed AS p
),
ranked AS (
  SELECT
    s.*,
    (RANK() OVER (ORDER BY s.loyalty_score DESC) - 1 + COUNT(*) OVER (PARTITION BY s.loyalty_score) / 2.0)
    / s.customers AS place
  FROM scored AS s
)
SELECT
  r.customer_id AS row_id,
  r.customer_id,
  r.tenure_days,
  r.active_days,
  r.loyalty_score,
  CASE WHEN r.place < 0.2 THEN 'most loyal fifth' ELSE 'other customers' END AS loyalty,
  r.recognised
FROM ranked AS r
