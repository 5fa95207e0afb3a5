-- One row is a customer who was asked in a survey in the last 365 days: what they said, or that they said nothing.
--
-- `mean_score` is the mean of their answers to NPS, CSAT and CES questions, each on 0 (worst) to 1 (best) of its scale;
-- `worst_score` the worst of the last 180 days, `answers` how many there are. `asked` counts the questions that are at
-- least fourteen days old, `answered` those of them that were answered: asked and silent is a sign, never asked is none.
WITH said AS (
  SELECT
    a.customer_id,
    a.due,
    a.answered,
    a.answered_at,
    CASE
      WHEN a.nps_value IS NOT NULL THEN a.score / 10.0
      WHEN a.ease IS NOT NULL THEN (a.ease - 1) / 6
      WHEN a.satisfied THEN 1.0
      WHEN NOT a.satisfied THEN 0.0
    END AS value
  FROM answers AS a
  WHERE a.customer_id IS NOT NULL AND EPOCH($as_of) - EPOCH(COALESCE(a.answered_at, a.asked_at)) <= 365 * 86400
)
SELECT
  s.customer_id AS row_id,
  s.customer_id,
  AVG(s.value) AS mean_score,
  MIN(CASE WHEN EPOCH($as_of) - EPOCH(s.answered_at) <= 180 * 86400 THEN s.value END) AS worst_score,
  COUNT(s.value) AS answers,
  COUNT(CASE WHEN s.due THEN 1 END) AS asked,
  COUNT(CASE WHEN s.due AND s.answered THEN 1 END) AS answered
FROM said AS s
GROUP BY s.customer_id
