-- One row is a new customer: whether, and how soon, they had what they came for.
--
-- For who uses something, this is the moment declared or the first use of the feature that most customers use (see
-- `first_uses`); in a record without use it is the delivery of the first order, counted from the order (`what` is then
-- 'delivery'). `seconds` runs from the beginning to that moment, or to the day on which the customer left or the cut-off,
-- where it has not come (`reached` is then false: censored). `in_time` is whether it came within `horizon_days`: those
-- declared, else the time within which three quarters of those who got there did so, counted among customers who began at
-- least 90 days (or a quarter of the record) ago; at most a quarter of the record. It is empty for customers younger than
-- that. Who left before is one whom it did not reach. `month` is that in which the customer began.
--
-- Wrong where customers are created long before they begin, such as leads in the customer list.
WITH begun AS (
  SELECT
    f.customer_id, f.begun_at, f.value_at, f.left_at, f.what, f.plan, f.acquisition_channel, f.region
  FROM first_uses AS f
  UNION ALL
  SELECT
    v.customer_id,
    v.ordered_at AS begun_at,
    v.delivered_at AS value_at,
    CAST(NULL AS TIMESTAMP) AS left_at,
    'delivery' AS what,
    CAST(NULL AS VARCHAR) AS plan,
    v.acquisition_channel,
    v.region
  FROM first_orders AS v
  CROSS JOIN (SELECT COUNT(*) AS n FROM usage AS u) AS k
  CROSS JOIN (SELECT COUNT(d.delivered_at) AS n FROM orders AS d) AS t
  WHERE v.is_first AND k.n = 0 AND t.n > 0
),
timed AS (
  SELECT
    b.*,
    b.value_at IS NOT NULL AS reached,
    GREATEST(0.0, EPOCH(COALESCE(b.value_at, LEAST(COALESCE(b.left_at, $as_of), $as_of))) - EPOCH(b.begun_at)) AS seconds,
    EPOCH($as_of) - EPOCH(b.begun_at) AS age,
    (EPOCH($as_of) - MIN(EPOCH(b.begun_at)) OVER ()) / 4 AS quarter
  FROM begun AS b
  WHERE b.begun_at >= $start AND b.begun_at < $as_of
),
usual AS (
  SELECT
    MAX(t.quarter) AS quarter,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY t.seconds) AS slow
  FROM timed AS t
  WHERE t.reached AND t.age >= LEAST(90.0 * 86400, t.quarter)
),
horizon AS (
  SELECT
    GREATEST(
      1.0, CEIL(LEAST(COALESCE($first_value_days * 86400.0, u.slow, 30.0 * 86400), u.quarter) / 86400)
    ) AS days
  FROM usual AS u
)
SELECT
  CONCAT('begun/', t.customer_id) AS row_id,
  t.customer_id,
  t.begun_at,
  t.what,
  t.reached,
  t.seconds,
  h.days AS horizon_days,
  CASE WHEN t.age >= h.days * 86400 THEN t.reached AND t.seconds <= h.days * 86400 END AS in_time,
  t.plan,
  t.acquisition_channel,
  t.region,
  CAST(DATE_TRUNC('month', t.begun_at) AS DATE) AS month
FROM timed AS t
CROSS JOIN horizon AS h
