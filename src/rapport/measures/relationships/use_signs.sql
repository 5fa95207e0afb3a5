-- One row is a customer who used something in the last 364 days: on how many days lately and before, and how much of it.
--
-- `use_days` is the time since the last day of use; `used_14` to `used_112` count the days of use of the last so many days;
-- `features_28` and `features_112` the different features used in the last 28 and 112 days.
WITH days AS (
  SELECT
    u.customer_id,
    (EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP))) / 86400 AS ago,
    COUNT(*) AS features
  FROM usage AS u
  WHERE u.events > 0 AND EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 364 * 86400
  GROUP BY u.customer_id, u.day
),
counted AS (
  SELECT
    d.customer_id,
    MIN(d.ago) AS use_days,
    COUNT(CASE WHEN d.ago <= 14 THEN 1 END) AS used_14,
    COUNT(CASE WHEN d.ago <= 28 THEN 1 END) AS used_28,
    COUNT(CASE WHEN d.ago <= 56 THEN 1 END) AS used_56,
    COUNT(CASE WHEN d.ago <= 112 THEN 1 END) AS used_112
  FROM days AS d
  GROUP BY d.customer_id
),
taken AS (
  SELECT
    u.customer_id,
    u.feature,
    MIN((EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP))) / 86400) AS ago
  FROM usage AS u
  WHERE u.events > 0 AND EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP)) <= 112 * 86400
  GROUP BY u.customer_id, u.feature
),
breadth AS (
  SELECT t.customer_id, COUNT(CASE WHEN t.ago <= 28 THEN 1 END) AS features_28, COUNT(*) AS features_112
  FROM taken AS t
  GROUP BY t.customer_id
)
SELECT
  c.customer_id AS row_id,
  c.*,
  COALESCE(b.features_28, 0) AS features_28,
  COALESCE(b.features_112, 0) AS features_112
FROM counted AS c
LEFT JOIN breadth AS b ON b.customer_id = c.customer_id
