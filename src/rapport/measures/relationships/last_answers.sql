-- One row is a customer who was asked in a survey in the last 364 days: their last answer, and whether they fell silent.
--
-- `last_score` is the last answer to an NPS, CSAT or CES question on 0 (worst) to 1 (best) of its scale (0 to 10, 1 to 5
-- and 1 to 7 where the source names none), `answer_days` the time since. `asked` counts the questions that are at least
-- fourteen days old, `answered` those of them that were answered.
WITH given AS (
  SELECT
    f.customer_id,
    COALESCE(f.answered_at, CASE WHEN f.score IS NOT NULL THEN f.asked_at END) AS answered_at,
    COALESCE(f.asked_at, f.answered_at) AS asked_at,
    f.feedback_id,
    (f.score - COALESCE(f.scale_min, CASE WHEN f.kind = 'nps' THEN 0 ELSE 1 END)) / NULLIF(
      COALESCE(f.scale_max, CASE f.kind WHEN 'nps' THEN 10 WHEN 'ces' THEN 7 ELSE 5 END)
        - COALESCE(f.scale_min, CASE WHEN f.kind = 'nps' THEN 0 ELSE 1 END),
      0
    ) AS score
  FROM feedback AS f
  WHERE f.customer_id IS NOT NULL AND f.kind IN ('nps', 'csat', 'ces')
    AND EPOCH($as_of) - EPOCH(COALESCE(f.answered_at, f.asked_at)) <= 364 * 86400
),
placed AS (
  SELECT
    g.*,
    ROW_NUMBER() OVER (
      PARTITION BY g.customer_id ORDER BY CASE WHEN g.score IS NULL THEN 1 ELSE 0 END, g.answered_at DESC, g.feedback_id
    ) AS place
  FROM given AS g
)
SELECT
  p.customer_id AS row_id,
  p.customer_id,
  MIN(CASE WHEN p.place = 1 THEN LEAST(1.0, GREATEST(0.0, p.score)) END) AS last_score,
  (EPOCH($as_of) - EPOCH(MAX(p.answered_at))) / 86400 AS answer_days,
  COUNT(CASE WHEN EPOCH($as_of) - EPOCH(p.asked_at) > 14 * 86400 THEN 1 END) AS asked,
  COUNT(CASE WHEN EPOCH($as_of) - EPOCH(p.asked_at) > 14 * 86400 AND p.answered_at IS NOT NULL THEN 1 END) AS answered
FROM placed AS p
GROUP BY p.customer_id
