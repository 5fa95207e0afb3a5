-- One row is a customer contacted in the last 28 days: how often the company began a contact, in a week on average.
--
-- Counts every touch over all channels, service messages included, a touch that was not delivered left out.
-- Customers who were not contacted at all are not in it: it is the load on those who are contacted.
SELECT
  t.customer_id AS row_id,
  t.customer_id,
  COUNT(*) / 4.0 AS touches_per_week,
  CAST(DATE_TRUNC('month', MAX(t.sent_at)) AS DATE) AS month
FROM touches AS t
WHERE
  t.sent_at >= $start
  AND EPOCH($as_of) - EPOCH(t.sent_at) <= 28 * 86400
  AND COALESCE(t.delivered, TRUE)
GROUP BY t.customer_id
