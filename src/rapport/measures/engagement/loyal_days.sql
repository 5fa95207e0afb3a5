-- One row is a day on which a customer was active, in the second or third window of `loyal_windows`.
--
-- `newer` is whether it lies in the third. Of customers who do as much as before half of their days are newer, of those who
-- do half as much a third.
SELECT
  CONCAT(w.row_id, '/', CAST(a.at AS VARCHAR)) AS row_id,
  w.customer_id,
  w.kind,
  w.loyal,
  (EPOCH($as_of) - EPOCH(a.at)) / 86400 <= w.window_days AS newer,
  w.cohort,
  w.plan,
  w.region,
  w.acquisition_channel,
  CAST(DATE_TRUNC('month', a.at) AS DATE) AS month
FROM loyal_windows AS w
JOIN active_days AS a ON a.customer_id = w.customer_id AND a.kind = w.kind
WHERE (EPOCH($as_of) - EPOCH(a.at)) / 86400 <= w.back_days + w.window_days
  AND (
    (EPOCH($as_of) - EPOCH(a.at)) / 86400 <= w.window_days
    OR (EPOCH($as_of) - EPOCH(a.at)) / 86400 > w.back_days
  )
