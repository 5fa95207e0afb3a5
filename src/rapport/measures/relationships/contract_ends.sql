-- One row is a departure: the moment after which nothing that a customer paid for was running any more.
--
-- A change of plan is none (see `subscription_spans`). `end_reason` is the source's word.
SELECT
  s.row_id,
  s.customer_id,
  s.ends_at,
  s.end_reason,
  CAST(DATE_TRUNC('month', s.ends_at) AS DATE) AS month
FROM subscription_spans AS s
WHERE
  s.ends_at < $as_of
  AND NOT EXISTS (
    SELECT 1 FROM subscription_spans AS o
    WHERE o.customer_id = s.customer_id AND o.valid_from <= s.ends_at AND (o.ends_at IS NULL OR o.ends_at > s.ends_at)
  )
