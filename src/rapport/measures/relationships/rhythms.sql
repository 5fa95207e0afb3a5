-- One row is a customer with a sign of life in the time looked at (see `life_days`): their rhythm so far.
--
-- `gaps` counts the times from one occasion to the next (see `pauses`), in days; `mean_log`, `square_log` and `total` are
-- the mean of their logarithms, the sum of squares of these about it, and the sum of the gaps. `silent_days` is the time
-- from the last sign of life to the cut-off. `days_7` and so on count days with signs in the last 7, 28 and 91 days,
-- `days_all` in all.
--
-- `complained` says that a complaint is on file (see `complaints`). `told` marks who left with a word: their last contract
-- ended and they never bought anything else, or they closed the account. `learned_from` marks those from whom models
-- learn: of many customers a part that depends on their ids alone, those whose MD5 is below `part` (none: all).
WITH paced AS (
  SELECT
    l.customer_id,
    COUNT(*) AS gaps,
    AVG(l.log_gap) AS mean_log,
    SUM(l.log_gap * l.log_gap) - COUNT(*) * AVG(l.log_gap) * AVG(l.log_gap) AS square_log,
    SUM(l.gap) AS total
  FROM pauses AS l
  GROUP BY l.customer_id
),
everybody AS (
  SELECT
    CASE
      WHEN COUNT(DISTINCT d.customer_id) > 800000 THEN '08'
      WHEN COUNT(DISTINCT d.customer_id) > 200000 THEN '1'
      WHEN COUNT(DISTINCT d.customer_id) > 50000 THEN '4'
    END AS part
  FROM life_days AS d
),
counted AS (
  SELECT
    d.customer_id,
    MAX(d.day) AS last_day,
    MIN(d.day) AS first_day,
    COUNT(*) AS days_all,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(CAST(d.day AS TIMESTAMP)) <= 7 * 86400 THEN 1 END) AS days_7,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(CAST(d.day AS TIMESTAMP)) <= 28 * 86400 THEN 1 END) AS days_28,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(CAST(d.day AS TIMESTAMP)) <= 91 * 86400 THEN 1 END) AS days_91
  FROM life_days AS d
  GROUP BY d.customer_id
)
SELECT
  c.customer_id AS row_id,
  c.customer_id,
  c.last_day,
  (EPOCH($as_of) - EPOCH(CAST(c.last_day AS TIMESTAMP))) / 86400 - 1 AS silent_days,
  (EPOCH($as_of) - EPOCH(CAST(c.first_day AS TIMESTAMP))) / 86400 AS seen_days,
  COALESCE(p.gaps, 0) AS gaps,
  COALESCE(p.mean_log, 0) AS mean_log,
  GREATEST(COALESCE(p.square_log, 0), 0) AS square_log,
  COALESCE(p.total, 0) AS total,
  c.days_7,
  c.days_28,
  c.days_91,
  c.days_all,
  q.customer_id IS NOT NULL AS complained,
  (COALESCE(NOT k.running, FALSE) AND b.customer_id IS NULL) OR COALESCE(w.closed_at < $as_of, FALSE) AS told,
  u.part,
  u.part IS NULL OR SUBSTRING(MD5(c.customer_id), 1, LENGTH(u.part)) < u.part AS learned_from
FROM counted AS c
CROSS JOIN everybody AS u
LEFT JOIN paced AS p ON p.customer_id = c.customer_id
LEFT JOIN complaints AS q ON q.customer_id = c.customer_id
LEFT JOIN contracts AS k ON k.customer_id = c.customer_id
LEFT JOIN buyers AS b ON b.customer_id = c.customer_id
LEFT JOIN customers AS w ON w.customer_id = c.customer_id
