-- One row is a customer who could leave: of who both buys and has a contract, the likelier way to leave.
--
-- The columns are those of `risk`.
WITH placed AS (
  SELECT
    r.*,
    ROW_NUMBER() OVER (PARTITION BY r.customer_id ORDER BY r.odds_ratio DESC, r.risk DESC, r.row_id) AS rank
  FROM risk AS r
)
SELECT
  p.customer_id AS row_id,
  p.customer_id,
  p.stage,
  p.horizon_days,
  p.risk,
  p.risk_low,
  p.risk_high,
  p.risk_half,
  p.risk_double,
  p.odds_ratio,
  p.band,
  p.reason_1,
  p.reason_2,
  p.reason_3
FROM placed AS p
WHERE p.rank = 1
