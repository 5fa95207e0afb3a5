-- One row is a customer who may leave and of whom is known what they would bring: the margin that may go with them.
--
-- `at_risk` is risk × value / probability to be active: the value is what is expected with that chance counted in, so that
-- who is there brings value / probability. A probability under 5 % counts as 5 %. The other columns are those of `leading_risks`, `prospects` and `segments`.
SELECT
  r.row_id,
  r.customer_id,
  g.segment,
  g.value_tier,
  r.stage,
  r.band,
  r.risk,
  r.risk_low,
  r.risk_high,
  p.value,
  r.risk * p.value / GREATEST(p.probability_active, 0.05) AS at_risk,
  r.reason_1,
  r.reason_2,
  r.reason_3
FROM leading_risks AS r
JOIN prospects AS p ON p.customer_id = r.customer_id
LEFT JOIN segments AS g ON g.customer_id = r.customer_id
WHERE p.value > 0
