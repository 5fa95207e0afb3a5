-- One row is a customer for whom something was to be done: when last, and when they were last held back to learn from.
--
-- `acted_days` is the time since the last task of the arm that is acted on (or of no arm), `held_days` since the last
-- one in the holdout.
SELECT
  t.customer_id AS row_id,
  t.customer_id,
  (EPOCH($as_of) - EPOCH(MAX(CASE WHEN COALESCE(t.arm, 'act') = 'act' THEN t.assigned_at END))) / 86400 AS acted_days,
  (EPOCH($as_of) - EPOCH(MAX(CASE WHEN t.arm = 'holdout' THEN t.assigned_at END))) / 86400 AS held_days
FROM tasks AS t
WHERE t.customer_id IS NOT NULL
GROUP BY t.customer_id
