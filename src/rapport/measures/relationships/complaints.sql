-- One row is a customer who has said that something is wrong, in the half year before the cut-off: they do not leave
-- without a word.
--
-- `open_case` is a case that is not solved yet, or one about cancelling; `low_score` an answer in the lower part of its
-- scale (0 to 6 of ten, 1 or 2 of five). What was solved and scored well is no complaint.
WITH said AS (
  SELECT
    t.customer_id,
    CASE WHEN t.solved_at IS NULL OR t.leaving THEN 1 ELSE 0 END AS open_case,
    0 AS low_score
  FROM own_cases AS t
  WHERE EPOCH($as_of) - EPOCH(t.opened_at) <= 182 * 86400
  UNION ALL
  SELECT
    f.customer_id,
    0 AS open_case,
    CASE
      WHEN f.kind = 'nps' AND f.score <= 6 THEN 1
      WHEN
        f.kind <> 'nps'
        AND (f.score - COALESCE(f.scale_min, 1)) < 0.4 * (COALESCE(f.scale_max, 5) - COALESCE(f.scale_min, 1)) THEN 1
      ELSE 0
    END AS low_score
  FROM feedback AS f
  WHERE f.answered_at < $as_of AND EPOCH($as_of) - EPOCH(f.answered_at) <= 182 * 86400
)
SELECT
  s.customer_id AS row_id,
  s.customer_id,
  MAX(s.open_case) = 1 AS open_case,
  MAX(s.low_score) = 1 AS low_score
FROM said AS s
WHERE s.customer_id IS NOT NULL AND s.open_case + s.low_score > 0
GROUP BY s.customer_id
