-- One row is a customer who ever bought: what a model of buying needs to know of them.
--
-- `first_day` and `last_day` are days of purchase, `repeats` how many came after the first. `paid_repeats` counts those
-- repeats that brought money, and `paid` is what they brought: the first purchase is left out of both, as the models of
-- spend do. `learned_from` marks those from whom models learn: all of them up to 50,000, of more a part that depends on
-- the customer's id alone (a quarter, a sixteenth, from 800,000 on one in 32); everybody is scored.
--
-- The first purchase in a record is not always the customer's first.
WITH summed AS (
  SELECT
    d.customer_id,
    MIN(d.day) AS first_day,
    MAX(d.day) AS last_day,
    COUNT(*) - 1 AS repeats,
    COUNT(CASE WHEN d.amount > 0 THEN 1 END) AS paid_days,
    SUM(CASE WHEN d.amount > 0 THEN d.amount END) AS paid,
    ARG_MIN(d.amount, d.day) AS first_amount
  FROM purchase_days AS d
  GROUP BY d.customer_id
),
counted AS (
  SELECT COUNT(*) AS customers FROM summed
)
SELECT
  s.customer_id AS row_id,
  s.customer_id,
  s.first_day,
  s.last_day,
  s.repeats,
  s.paid_days - CASE WHEN s.first_amount > 0 THEN 1 ELSE 0 END AS paid_repeats,
  COALESCE(s.paid, 0) - GREATEST(s.first_amount, 0) AS paid,
  CASE
    WHEN n.customers <= 50000 THEN TRUE
    WHEN n.customers <= 200000 THEN SUBSTRING(MD5(s.customer_id), 1, 1) < '4'
    WHEN n.customers <= 800000 THEN SUBSTRING(MD5(s.customer_id), 1, 1) < '1'
    ELSE SUBSTRING(MD5(s.customer_id), 1, 2) < '08'
  END AS learned_from
FROM summed AS s
CROSS JOIN counted AS n
