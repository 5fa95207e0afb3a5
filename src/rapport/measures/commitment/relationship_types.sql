-- One row is a customer at one of two moments, the cut-off (`now`) and 365 days before it: transactional or a partner.
--
-- A customer of a moment ordered in the 365 days before it (neither cancelled nor returned by then) or had a paid
-- subscription that ran, and had not closed the account. Of each, from what was known at that moment: `tenure_days`
-- since they were created; `breadth`, the categories (else products) bought and features used in the 365 days before;
-- `exchanges`, the questions of theirs that a person answered, the surveys they answered and the contacts to which they
-- replied in these days; `has_goal`, whether a goal was agreed that was reached or not yet due.
--
-- Four marks: known for a year (`a_year`), at least as broad as half of the customers were a year ago and in two things at
-- least (`broad`), at least as many exchanges as half of them had and one at least (`two_way`), a goal (`has_goal`).
-- `breadth`, `exchanges` and `has_goal` are empty, and no marks, where the record does not reach back two years for them.
-- `type` is partnership where more than seven in ten of the marks that can be known are there, transactional where at
-- most 35 in 100 are, else regular; `partner` and `transactional` say the same as true and false. `tenure_band` is the
-- tenure at the moment.
--
-- Rows are there only for customers whose beginning is known and in a record of two years. Wrong where what customers
-- buy got other categories in between.
WITH moments AS (
  SELECT 'now' AS moment, EPOCH($as_of) AS at
  UNION ALL
  SELECT 'a year ago' AS moment, EPOCH($as_of) - 365 * 86400 AS at
),
bought AS (
  SELECT m.moment, o.customer_id, o.order_id
  FROM orders AS o
  JOIN moments AS m ON EPOCH(o.ordered_at) < m.at AND EPOCH(o.ordered_at) >= m.at - 365 * 86400
  WHERE o.customer_id IS NOT NULL
    AND (
      COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
      OR COALESCE(EPOCH(o.returned_at) >= m.at, FALSE)
    )
),
present AS (
  SELECT b.moment, b.customer_id FROM bought AS b
  UNION
  SELECT m.moment, p.customer_id
  FROM subscription_spans AS p
  JOIN moments AS m
    ON EPOCH(p.valid_from) < m.at AND (p.ends_at IS NULL OR EPOCH(p.ends_at) >= m.at)
),
firsts AS (
  SELECT 'lines' AS what, MIN(EPOCH(o.ordered_at)) AS at FROM order_lines AS l JOIN orders AS o ON o.order_id = l.order_id
  UNION ALL SELECT 'usage' AS what, MIN(EPOCH(CAST(u.day AS TIMESTAMP))) AS at FROM usage AS u
  UNION ALL SELECT 'replies' AS what, MIN(EPOCH(r.replied_at)) AS at FROM replies AS r
  UNION ALL SELECT 'answers' AS what, MIN(EPOCH(f.answered_at)) AS at FROM feedback AS f
  UNION ALL SELECT 'replied' AS what, MIN(EPOCH(t.replied_at)) AS at FROM touches AS t
  UNION ALL SELECT 'goals' AS what, MIN(EPOCH(g.set_at)) AS at FROM goals AS g
),
reach AS (
  SELECT
    COUNT(CASE WHEN f.what = 'lines' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS lines_known,
    COUNT(CASE WHEN f.what = 'usage' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS usage_known,
    COUNT(CASE WHEN f.what = 'replies' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS replies_known,
    COUNT(CASE WHEN f.what = 'answers' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS answers_known,
    COUNT(CASE WHEN f.what = 'replied' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS replied_known,
    COUNT(CASE WHEN f.what = 'goals' AND f.at <= EPOCH($as_of) - 700 * 86400 THEN 1 END) = 1 AS goals_known
  FROM firsts AS f
),
things AS (
  SELECT b.moment, b.customer_id, CONCAT('c/', COALESCE(l.category, l.product_id)) AS thing
  FROM bought AS b
  JOIN order_lines AS l ON l.order_id = b.order_id
  CROSS JOIN reach AS r
  WHERE COALESCE(l.quantity, 1) > 0 AND r.lines_known
  UNION
  SELECT m.moment, u.customer_id, CONCAT('f/', u.feature) AS thing
  FROM usage AS u
  JOIN moments AS m
    ON EPOCH(CAST(u.day AS TIMESTAMP)) < m.at AND EPOCH(CAST(u.day AS TIMESTAMP)) >= m.at - 365 * 86400
  CROSS JOIN reach AS r
  WHERE r.usage_known
),
breadths AS (
  SELECT t.moment, t.customer_id, COUNT(*) AS breadth FROM things AS t GROUP BY t.moment, t.customer_id
),
said AS (
  SELECT x.customer_id, EPOCH(x.replied_at) AS at
  FROM replies AS x
  CROSS JOIN reach AS r
  WHERE x.answered AND r.replies_known
  UNION ALL
  SELECT f.customer_id, EPOCH(f.answered_at) AS at
  FROM feedback AS f
  CROSS JOIN reach AS r
  WHERE f.answered_at IS NOT NULL AND r.answers_known
  UNION ALL
  SELECT t.customer_id, EPOCH(t.replied_at) AS at
  FROM touches AS t
  CROSS JOIN reach AS r
  WHERE t.replied_at IS NOT NULL AND r.replied_known
),
dialogues AS (
  SELECT m.moment, s.customer_id, COUNT(*) AS exchanges
  FROM said AS s
  JOIN moments AS m ON s.at < m.at AND s.at >= m.at - 365 * 86400
  WHERE s.customer_id IS NOT NULL
  GROUP BY m.moment, s.customer_id
),
agreed AS (
  SELECT DISTINCT m.moment, g.customer_id
  FROM goals AS g
  JOIN moments AS m
    ON EPOCH(g.set_at) < m.at
    AND (COALESCE(EPOCH(g.achieved_at) < m.at, FALSE) OR g.due_at IS NULL OR EPOCH(g.due_at) >= m.at)
),
known AS (
  SELECT
    p.moment,
    p.customer_id,
    c.region,
    c.acquisition_channel,
    (m.at - EPOCH(c.created_at)) / 86400 AS tenure_days,
    CASE WHEN r.lines_known OR r.usage_known THEN COALESCE(b.breadth, 0) END AS breadth,
    CASE WHEN r.replies_known OR r.answers_known OR r.replied_known THEN COALESCE(d.exchanges, 0) END AS exchanges,
    CASE WHEN r.goals_known THEN a.customer_id IS NOT NULL END AS has_goal
  FROM present AS p
  JOIN moments AS m ON m.moment = p.moment
  JOIN customers AS c ON c.customer_id = p.customer_id
  CROSS JOIN reach AS r
  LEFT JOIN breadths AS b ON b.moment = p.moment AND b.customer_id = p.customer_id
  LEFT JOIN dialogues AS d ON d.moment = p.moment AND d.customer_id = p.customer_id
  LEFT JOIN agreed AS a ON a.moment = p.moment AND a.customer_id = p.customer_id
  WHERE EPOCH(c.created_at) < m.at
    AND (c.closed_at IS NULL OR EPOCH(c.closed_at) >= m.at)
    AND EPOCH($as_of) - EPOCH($record_start) >= 725 * 86400
),
usual AS (
  SELECT
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY k.breadth) AS breadth,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY k.exchanges) AS exchanges
  FROM known AS k
  WHERE k.moment = 'a year ago'
),
marked AS (
  SELECT
    k.*,
    k.tenure_days >= 365 AS a_year,
    k.breadth >= GREATEST(u.breadth, 2) AS broad,
    k.exchanges >= GREATEST(u.exchanges, 1) AS two_way
  FROM known AS k
  CROSS JOIN usual AS u
),
counted AS (
  SELECT
    k.*,
    CASE WHEN k.a_year THEN 1 ELSE 0 END + CASE WHEN k.broad THEN 1 ELSE 0 END
      + CASE WHEN k.two_way THEN 1 ELSE 0 END + CASE WHEN k.has_goal THEN 1 ELSE 0 END AS marks,
    1 + CASE WHEN k.broad IS NULL THEN 0 ELSE 1 END + CASE WHEN k.two_way IS NULL THEN 0 ELSE 1 END
      + CASE WHEN k.has_goal IS NULL THEN 0 ELSE 1 END AS possible
  FROM marked AS k
),
typed AS (
  SELECT
    c.*,
    CASE
      WHEN c.marks > 0.7 * c.possible THEN 'partnership'
      WHEN c.marks <= 0.35 * c.possible THEN 'transactional'
      ELSE 'regular'
    END AS type
  FROM counted AS c
  WHERE c.possible >= 3
)
SELECT
  CONCAT(t.customer_id, '/', t.moment) AS row_id,
  t.customer_id,
  t.moment,
  t.region,
  t.acquisition_channel,
  t.tenure_days,
  CASE
    WHEN t.tenure_days < 365 THEN 'under 1 year' WHEN t.tenure_days < 730 THEN '1 to 2 years' ELSE 'over 2 years'
  END AS tenure_band,
  t.breadth,
  t.exchanges,
  t.has_goal,
  t.a_year,
  t.broad,
  t.two_way,
  t.marks,
  t.possible,
  t.type,
  t.type = 'partnership' AS partner,
  t.type = 'transactional' AS transactional
FROM typed AS t
