-- One row is a visit old enough to have been followed by another: whether the customer came back at the full price.
--
-- `returned` is whether the next visit came within the horizon (see `rhythm`), `at_full_price` whether it did and nothing
-- of it was at a discount; empty where the source does not tell. Visits younger than the horizon are left out. `month` is
-- that of the visit that is followed, or not.
SELECT
  v.row_id,
  v.customer_id,
  COALESCE(EPOCH(v.next_at) - EPOCH(v.ordered_at) <= r.horizon_days * 86400, FALSE) AS returned,
  CASE
    WHEN COALESCE(EPOCH(v.next_at) - EPOCH(v.ordered_at) <= r.horizon_days * 86400, FALSE) THEN NOT v.next_discounted
    WHEN v.discounted IS NOT NULL THEN FALSE
  END AS at_full_price,
  v.month
FROM visits AS v
CROSS JOIN rhythm AS r
WHERE v.ordered_at >= $start AND EPOCH($as_of) - EPOCH(v.ordered_at) >= r.horizon_days * 86400
