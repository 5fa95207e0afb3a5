-- One row is a customer who ever used something: on how many days lately and before, and how much of it.
--
-- `use_days` is the time since the last day of use; `used_14` to `used_112` count the days of use of the last so many days;
-- `features_28` and `features_112` the different features used in the last 28 and 112 days.
WITH ever AS (
  SELECT u.customer_id, MAX(u.day) AS last_day
  FROM usage AS u
  WHERE u.events > 0
  GROUP BY u.customer_id
),
lately AS (
  SELECT u.customer_id, u.feature, (EPOCH($as_of) - EPOCH(CAST(u.day AS TIMESTAMP))) / 86400 AS ago
  FROM usage AS u
  WHERE u.events > 0 AND EPOCH(CAST(u.day AS TIMESTAMP)) >= EPOCH($as_of) - 112 * 86400
),
days AS (
  SELECT l.customer_id, l.ago
  FROM lately AS l
  GROUP BY l.customer_id, l.ago
),
counted AS (
  SELECT
    d.customer_id,
    COUNT(CASE WHEN d.ago <= 14 THEN 1 END) AS used_14,
    COUNT(CASE WHEN d.ago <= 28 THEN 1 END) AS used_28,
    COUNT(CASE WHEN d.ago <= 56 THEN 1 END) AS used_56,
    COUNT(*) AS used_112
  FROM days AS d
  GROUP BY d.customer_id
),
taken AS (
  SELECT l.customer_id, l.feature, MIN(l.ago) AS ago
  FROM lately AS l
  GROUP BY l.customer_id, l.feature
),
breadth AS (
  SELECT t.customer_id, COUNT(CASE WHEN t.ago <= 28 THEN 1 END) AS features_28, COUNT(*) AS features_112
  FROM taken AS t
  GROUP BY t.customer_id
)
SELECT
  e.customer_id AS row_id,
  e.customer_id,
  (EPOCH($as_of) - EPOCH(CAST(e.last_day AS TIMESTAMP))) / 86400 AS use_days,
  COALESCE(c.used_14, 0) AS used_14,
  COALESCE(c.used_28, 0) AS used_28,
  COALESCE(c.used_56, 0) AS used_56,
  COALESCE(c.used_112, 0) AS used_112,
  COALESCE(b.features_28, 0) AS features_28,
  COALESCE(b.features_112, 0) AS features_112
FROM ever AS e
LEFT JOIN counted AS c ON c.customer_id = e.customer_id
LEFT JOIN breadth AS b ON b.customer_id = e.customer_id
