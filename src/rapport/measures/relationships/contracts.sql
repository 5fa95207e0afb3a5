-- One row is a customer who pays, or paid, for a subscription: since when, whether it runs, and at what price.
--
-- `begun_at` is when the first paid period began; of those who were there when the record of subscriptions begins (within
-- 31 days) and were created earlier, when they were created. `running` says that something paid ran at the cut-off, `mrr`
-- what it brings a month, `plan` its plan (the first in the alphabet of several, the last one held where nothing runs).
-- `age_months` is the age of the relationship at the cut-off, in whole months of 30.4375 days, `record_from` when the first
-- paid period of all in the record began.
WITH held AS (
  SELECT
    s.customer_id,
    s.first_from,
    s.record_from,
    SUM(CASE WHEN s.running THEN CAST(s.mrr AS DOUBLE) ELSE 0 END) AS mrr,
    MAX(CASE WHEN s.running THEN 1 ELSE 0 END) AS runs,
    MIN(CASE WHEN s.running THEN s.plan END) AS plan_now,
    MAX(s.valid_from) AS last_from,
    MAX(s.ends_at) AS ended_at
  FROM subscription_spans AS s
  GROUP BY s.customer_id, s.first_from, s.record_from
),
last_plans AS (
  SELECT s.customer_id, MIN(s.plan) AS plan
  FROM subscription_spans AS s
  JOIN held AS h ON h.customer_id = s.customer_id AND h.last_from = s.valid_from
  GROUP BY s.customer_id
),
dated AS (
  SELECT
    h.*,
    COALESCE(h.plan_now, l.plan) AS plan,
    CASE
      WHEN EPOCH(h.first_from) - EPOCH(h.record_from) <= 31 * 86400 AND c.created_at < h.first_from THEN c.created_at
      ELSE h.first_from
    END AS begun_at
  FROM held AS h
  LEFT JOIN last_plans AS l ON l.customer_id = h.customer_id
  LEFT JOIN customers AS c ON c.customer_id = h.customer_id
)
SELECT
  d.customer_id AS row_id,
  d.customer_id,
  d.begun_at,
  CAST(FLOOR((EPOCH($as_of) - EPOCH(d.begun_at)) / 2629800) AS INTEGER) AS age_months,
  d.runs = 1 AS running,
  CASE WHEN d.runs = 0 THEN d.ended_at END AS ended_at,
  d.plan,
  d.mrr,
  d.record_from
FROM dated AS d
