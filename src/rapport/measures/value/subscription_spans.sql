-- One row is a stretch of time in which a customer paid for one subscription at one price.
--
-- Periods at a price of 0 (free plans, pauses, trials) are none: falling to 0 is leaving, coming from 0 is joining.
-- `ends_at` is when the stretch ended, empty while it runs. A period that another one of the same subscription follows
-- ends where that one begins at the latest, and a gap of at most one day before the customer's next period is none: a
-- change of plan is no departure, nor is a source that writes the last day instead of the end. `end_reason` is the
-- source's word, `running` whether it ran at the cut-off. `first_from` is the beginning of the customer's first paid period, `record_from` that of the first in
-- the record. Stretches that ended before the period are left out.
WITH paid AS (
  SELECT
    COALESCE(s.period_id, CONCAT(s.subscription_id, '/', CAST(s.valid_from AS VARCHAR))) AS row_id,
    s.customer_id,
    s.subscription_id,
    s.plan,
    s.mrr,
    COALESCE(s.currency, $currency) AS currency,
    s.valid_from,
    s.valid_to,
    s.end_reason,
    LEAD(s.valid_from) OVER (
      PARTITION BY s.customer_id, s.subscription_id ORDER BY s.valid_from, s.period_id
    ) AS next_of_same,
    LEAD(s.valid_from) OVER (PARTITION BY s.customer_id ORDER BY s.valid_from, s.period_id) AS next_of_any,
    MIN(s.valid_from) OVER (PARTITION BY s.customer_id) AS first_from,
    MIN(s.valid_from) OVER () AS record_from
  FROM subscriptions AS s
  WHERE s.mrr > 0 AND (s.valid_to IS NULL OR s.valid_to > s.valid_from)
),
bridged AS (
  SELECT
    p.*,
    CASE
      WHEN p.next_of_same <= COALESCE(p.valid_to, p.next_of_same) THEN p.next_of_same
      WHEN EPOCH(p.next_of_same) - EPOCH(p.valid_to) <= 86400 THEN p.next_of_same
      WHEN p.next_of_any > p.valid_to AND EPOCH(p.next_of_any) - EPOCH(p.valid_to) <= 86400 THEN p.next_of_any
      ELSE p.valid_to
    END AS ends_at
  FROM paid AS p
)
SELECT
  b.row_id,
  b.customer_id,
  b.subscription_id,
  b.plan,
  b.mrr,
  b.currency,
  b.valid_from,
  b.ends_at,
  b.end_reason,
  b.valid_from < $as_of AND (b.ends_at IS NULL OR b.ends_at >= $as_of) AS running,
  b.first_from,
  b.record_from,
  CAST(DATE_TRUNC('month', b.valid_from) AS DATE) AS month
FROM bridged AS b
WHERE b.ends_at IS NULL OR b.ends_at >= $start
