-- One row is an account in one month's comparison: its champion left in that month, or leaves later (`champion`).
--
-- The comparison of a month has, on the one side, accounts whose first champion left in it, on the other those whose first
-- champion leaves more than three months after it and was still there all the time. Both were customers from six months
-- before the month to three months after it; the month itself is left out. `usual` counts the days of use in the three
-- months before it, `earlier` in the three before those, `after` in the three that follow; where no use is recorded at
-- all, days with an order are counted instead (`counts` says which). `after_change` is after less usual, `before_change`
-- usual less earlier, `bend` the first less the second: what is left of the change if it had gone on as before.
--
-- `weight` makes both sides alike in their months: a month counts as much as both of its groups together allow
-- (t·c / (t + c) for t leavings and c others), and has a mean of 1 within each side. The `weighted_...` columns are
-- times the weight; `month` is that of the comparison.
--
-- Whose champion never leaves within the record is not in it. A contact counts as champion as the source marks it today.
WITH leavings AS (
  SELECT c.customer_id, MIN(c.left_at) AS left_at
  FROM contacts AS c
  WHERE c.champion AND c.left_at IS NOT NULL
  GROUP BY c.customer_id
),
starts AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', k.day) AS TIMESTAMP) AS starts FROM calendar AS k
),
months AS (
  SELECT
    s.starts,
    LEAD(s.starts) OVER (ORDER BY s.starts) AS ends,
    EXTRACT(YEAR FROM s.starts) * 12 + EXTRACT(MONTH FROM s.starts) AS number
  FROM starts AS s
),
sources AS (
  SELECT MAX(x.used) AS used FROM (SELECT COUNT(*) AS used FROM usage UNION ALL SELECT 0 AS used) AS x
),
days_there AS (
  SELECT DISTINCT u.customer_id, u.day FROM usage AS u
  UNION ALL
  SELECT DISTINCT s.customer_id, CAST(s.at AS DATE) AS day
  FROM sales AS s
  CROSS JOIN sources AS w
  WHERE w.used = 0 AND s.counts AND s.customer_id IS NOT NULL
),
active AS (
  SELECT
    d.customer_id,
    EXTRACT(YEAR FROM d.day) * 12 + EXTRACT(MONTH FROM d.day) AS number,
    COUNT(*) AS days
  FROM days_there AS d
  GROUP BY d.customer_id, EXTRACT(YEAR FROM d.day) * 12 + EXTRACT(MONTH FROM d.day)
),
begun AS (
  SELECT a.customer_id, MIN(a.number) AS first_number FROM active AS a GROUP BY a.customer_id
),
recorded AS (
  SELECT MIN(b.first_number) AS first_number FROM begun AS b
),
paid AS (
  SELECT
    p.customer_id,
    MIN(p.first_from) AS begins,
    CASE WHEN COUNT(*) = COUNT(p.ends_at) THEN MAX(p.ends_at) END AS ends
  FROM subscription_spans AS p
  GROUP BY p.customer_id
),
accounts AS (
  SELECT
    l.customer_id,
    l.left_at,
    EXTRACT(YEAR FROM l.left_at) * 12 + EXTRACT(MONTH FROM l.left_at) AS left_number,
    COALESCE(p.begins, c.created_at) AS begins,
    b.first_number,
    COALESCE(p.ends, c.closed_at) AS ends
  FROM leavings AS l
  JOIN begun AS b ON b.customer_id = l.customer_id
  LEFT JOIN customers AS c ON c.customer_id = l.customer_id
  LEFT JOIN paid AS p ON p.customer_id = l.customer_id
  WHERE l.left_at >= $start
),
compared AS (
  SELECT
    a.customer_id,
    m.starts,
    m.number,
    a.left_number = m.number AS leaves_now
  FROM accounts AS a
  JOIN months AS m ON a.left_number = m.number OR a.left_number > m.number + 3
  JOIN months AS z ON z.number = m.number + 3
  JOIN months AS f ON f.number = m.number - 6
  CROSS JOIN recorded AS r
  WHERE m.number - 6 >= r.first_number
    AND z.ends <= $as_of
    AND f.starts >= $start
    AND COALESCE(a.begins <= f.starts, a.first_number <= f.number)
    AND (a.ends IS NULL OR a.ends >= z.ends)
),
followed AS (
  SELECT
    x.customer_id,
    x.starts,
    x.number,
    x.leaves_now,
    SUM(CASE WHEN a.number > x.number THEN a.days ELSE 0 END) AS after,
    SUM(CASE WHEN a.number < x.number AND a.number >= x.number - 3 THEN a.days ELSE 0 END) AS usual,
    SUM(CASE WHEN a.number < x.number - 3 THEN a.days ELSE 0 END) AS earlier
  FROM compared AS x
  LEFT JOIN active AS a
    ON a.customer_id = x.customer_id AND a.number >= x.number - 6 AND a.number <= x.number + 3
  GROUP BY x.customer_id, x.starts, x.number, x.leaves_now
),
sized AS (
  SELECT
    f.number,
    1.0 * SUM(CASE WHEN f.leaves_now THEN 1 ELSE 0 END) AS leavings,
    1.0 * SUM(CASE WHEN f.leaves_now THEN 0 ELSE 1 END) AS others
  FROM followed AS f
  GROUP BY f.number
),
weighed AS (
  SELECT
    s.number,
    s.leavings * s.others / (s.leavings + s.others) AS counts_for,
    s.leavings,
    s.others,
    SUM(s.leavings * s.others / (s.leavings + s.others)) OVER () AS all_for,
    SUM(s.leavings) OVER () AS all_leavings,
    SUM(s.others) OVER () AS all_others
  FROM sized AS s
  WHERE s.leavings > 0 AND s.others > 0
),
measured AS (
  SELECT
    f.*,
    CASE
      WHEN f.leaves_now THEN w.counts_for / w.leavings * w.all_leavings / w.all_for
      ELSE w.counts_for / w.others * w.all_others / w.all_for
    END AS weight
  FROM followed AS f
  JOIN weighed AS w ON w.number = f.number
)
SELECT
  CONCAT(m.customer_id, '/', CAST(CAST(m.starts AS DATE) AS VARCHAR)) AS row_id,
  m.customer_id,
  CASE WHEN m.leaves_now THEN 'left' ELSE 'leaves later' END AS champion,
  CASE WHEN w.used > 0 THEN 'use' ELSE 'orders' END AS counts,
  m.earlier,
  m.usual,
  m.after,
  m.weight,
  m.weight * m.usual AS weighted_usual,
  m.weight * (m.after - m.usual) AS after_change,
  m.weight * (m.usual - m.earlier) AS before_change,
  m.weight * (m.after - 2 * m.usual + m.earlier) AS bend,
  CAST(m.starts AS DATE) AS month
FROM measured AS m
CROSS JOIN sources AS w
