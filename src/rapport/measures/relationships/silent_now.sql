-- One row is a customer who is flagged now: silent beyond their rhythm, without a word (see `silence`).
--
-- `value` is what they were expected to bring (see `prospects`; empty where that is not known), `value_at_risk` that times
-- the chance to be gone. The reasons say how long the silence is, against what is usual for them, and what their pace has
-- been of late.
SELECT
  s.row_id,
  s.customer_id,
  s.last_sign_at,
  s.silent_days,
  s.own_gap_days,
  s.silence_p,
  s.left_p,
  s.pace,
  s.month,
  p.value,
  p.value * s.left_p AS value_at_risk,
  c.region,
  c.acquisition_channel,
  CONCAT(
    'silent for ', CAST(CAST(ROUND(s.silent_days) AS INTEGER) AS VARCHAR), ' days, usually ',
    CAST(CAST(ROUND(s.own_gap_days) AS INTEGER) AS VARCHAR), ' between two signs of life'
  ) AS reason_1,
  CASE
    WHEN s.silence_p < 0.2
      THEN CONCAT('only ', CAST(CAST(ROUND(100 * s.silence_p) AS INTEGER) AS VARCHAR), ' % of their pauses are so long')
  END AS reason_2,
  CASE
    WHEN s.pace < 0.8
      THEN CONCAT('in the last four weeks ', CAST(CAST(ROUND(100 * s.pace) AS INTEGER) AS VARCHAR), ' % of their usual days')
  END AS reason_3
FROM silence AS s
LEFT JOIN prospects AS p ON p.customer_id = s.customer_id
LEFT JOIN customers AS c ON c.customer_id = s.customer_id
WHERE s.flagged
