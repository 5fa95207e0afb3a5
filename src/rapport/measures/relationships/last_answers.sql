-- One row is a customer who was asked in a survey in the last 364 days: their last answer, and whether they fell silent.
--
-- `last_score` is the last answer (the mean of several at one time) to an NPS, CSAT or CES question on 0 (worst) to 1
-- (best) of its scale (0 to 10, 1 to 5 and 1 to 7 where the source names none), `answer_days` the time since. `asked`
-- counts the questions that are at least fourteen days old, `answered` those of them that were answered.
WITH given AS (
  SELECT
    f.customer_id,
    COALESCE(f.answered_at, CASE WHEN f.score IS NOT NULL THEN f.asked_at END) AS answered_at,
    COALESCE(f.asked_at, f.answered_at) AS asked_at,
    (f.score - COALESCE(f.scale_min, CASE WHEN f.kind = 'nps' THEN 0 ELSE 1 END)) / NULLIF(
      COALESCE(f.scale_max, CASE f.kind WHEN 'nps' THEN 10 WHEN 'ces' THEN 7 ELSE 5 END)
        - COALESCE(f.scale_min, CASE WHEN f.kind = 'nps' THEN 0 ELSE 1 END),
      0
    ) AS score
  FROM feedback AS f
  WHERE f.customer_id IS NOT NULL AND f.kind IN ('nps', 'csat', 'ces')
    AND EPOCH($as_of) - EPOCH(COALESCE(f.answered_at, f.asked_at)) <= 364 * 86400
),
latest AS (
  SELECT g.customer_id, MAX(g.answered_at) AS answered_at
  FROM given AS g
  WHERE g.score IS NOT NULL
  GROUP BY g.customer_id
),
last_scores AS (
  SELECT g.customer_id, AVG(LEAST(1.0, GREATEST(0.0, g.score))) AS last_score
  FROM given AS g
  JOIN latest AS l ON l.customer_id = g.customer_id AND l.answered_at = g.answered_at
  GROUP BY g.customer_id
),
counted AS (
  SELECT
    g.customer_id,
    (EPOCH($as_of) - EPOCH(MAX(g.answered_at))) / 86400 AS answer_days,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(g.asked_at) > 14 * 86400 THEN 1 END) AS asked,
    COUNT(CASE WHEN EPOCH($as_of) - EPOCH(g.asked_at) > 14 * 86400 AND g.answered_at IS NOT NULL THEN 1 END) AS answered
  FROM given AS g
  GROUP BY g.customer_id
)
SELECT
  c.customer_id AS row_id,
  c.customer_id,
  s.last_score,
  c.answer_days,
  c.asked,
  c.answered
FROM counted AS c
LEFT JOIN last_scores AS s ON s.customer_id = c.customer_id
