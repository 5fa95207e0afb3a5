-- One row is a customer: what the audit says of them, as it stands in `customers.parquet`.
--
-- Health and its domains are those of `health` (who is no longer active has none), segments those of `segments`, value and
-- the probability to be active those of `prospects`, risk and band those of `leading_risks`. What cannot be said of a customer is empty.
SELECT
  k.row_id,
  k.customer_id,
  k.active,
  h.profile,
  h.health,
  h.health_low,
  h.health_high,
  h.coverage,
  h.engagement,
  h.engagement_coverage,
  h.communication,
  h.communication_coverage,
  h.sentiment,
  h.sentiment_coverage,
  h.outreach,
  h.outreach_coverage,
  h.commitment,
  h.commitment_coverage,
  h.reason_1 AS health_reason_1,
  h.reason_2 AS health_reason_2,
  h.reason_3 AS health_reason_3,
  g.segment,
  g.segment_before,
  g.value_tier,
  g.money,
  g.resembles_best,
  p.value,
  p.value_low,
  p.value_high,
  p.probability_active,
  p.expected_purchases,
  r.stage,
  r.risk,
  r.risk_low,
  r.risk_high,
  r.horizon_days AS risk_horizon_days,
  r.band,
  r.reason_1 AS risk_reason_1,
  r.reason_2 AS risk_reason_2,
  r.reason_3 AS risk_reason_3
FROM known_customers AS k
LEFT JOIN health AS h ON h.customer_id = k.customer_id
LEFT JOIN segments AS g ON g.customer_id = k.customer_id
LEFT JOIN prospects AS p ON p.customer_id = k.customer_id
LEFT JOIN leading_risks AS r ON r.customer_id = k.customer_id
