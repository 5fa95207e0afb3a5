-- One row is a customer's first visit in the record: whether, and when, they came back.
--
-- `is_first` says that it is their first visit ever, as far as one can know: the customer was created after the record
-- begins, or it lies more than three typical gaps after the record's first order. Without this the record's left edge
-- passes old customers off as new ones who return at once. `came_back_seconds` runs to the second visit, or to the
-- cut-off where there is none yet (`came_back` is then false: censored). `returned` is whether they came back within
-- `horizon_days` (see `rhythm`), empty for first visits younger than that. `month` is the month of the first visit: the
-- cohort. `amount` is what the first visit brought, `delivered_at` when its first order arrived.
SELECT
  v.row_id,
  v.customer_id,
  v.ordered_at,
  COALESCE(CAST(v.created_at AS DATE) >= CAST(v.record_from AS DATE), FALSE)
    OR EPOCH(v.ordered_at) - EPOCH(v.record_from) > r.settled_after_days * 86400 AS is_first,
  v.next_at IS NOT NULL AS came_back,
  EPOCH(COALESCE(v.next_at, $as_of)) - EPOCH(v.ordered_at) AS came_back_seconds,
  r.horizon_days,
  CASE
    WHEN EPOCH($as_of) - EPOCH(v.ordered_at) >= r.horizon_days * 86400
      THEN COALESCE(EPOCH(v.next_at) - EPOCH(v.ordered_at) <= r.horizon_days * 86400, FALSE)
  END AS returned,
  v.amount,
  v.delivered_at,
  v.channel,
  v.region,
  v.acquisition_channel,
  v.acquisition_campaign,
  v.month
FROM visits AS v
CROSS JOIN rhythm AS r
WHERE v.number = 1 AND v.ordered_at >= $start
