-- One row is an answer to a survey (NPS, CSAT, CES): the score given, or that there is none.
--
-- `missing` is true where the survey was answered and no score arrived: 0 is a score. `value` is the score where it is a
-- whole number. `first_value` is the least score there can be: `scale_min`, else 0 for NPS and 1 for the others.
-- `loaded_from` is the file or connector the row came from, `source` where the answer was given.
SELECT
  feedback_id AS row_id,
  customer_id,
  kind,
  source,
  _source AS loaded_from,
  touchpoint,
  channel,
  answered_at,
  score IS NULL AS missing,
  CASE WHEN score = FLOOR(score) THEN CAST(score AS INTEGER) END AS value,
  COALESCE(scale_min, CASE WHEN kind = 'nps' THEN 0 ELSE 1 END) AS first_value,
  CAST(DATE_TRUNC('month', answered_at) AS DATE) AS month
FROM feedback
WHERE kind IN ('nps', 'csat', 'ces') AND answered_at >= $start
