-- One row is a customer: what the audit says of them, as it stands in `customers.parquet`.
--
-- The columns are those of `health`; who is no longer active has none.
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
  h.reason_3 AS health_reason_3
FROM known_customers AS k
LEFT JOIN health AS h ON h.customer_id = k.customer_id
