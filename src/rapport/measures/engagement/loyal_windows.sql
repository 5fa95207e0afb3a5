-- One row is a customer who was active in a first window: how much they did in a second, and in a third one.
--
-- Activity is days of use where the record has them, else days with an order (see `active_days`); of both, what more
-- customers show in the first window. The third window ends at the cut-off and has `window_days` days (at most 182),
-- the second is the same days a year (364 days) earlier (`back_days`), the first as many days before the second. Where
-- the record is too short for windows of 90 days, the three follow each other, a third of the record each, and
-- `same_season` is false; under 180 days there are none. `first_days`, `then_days`, `now_days` are the active days in
-- the three. `loyal` is whoever was among the most active third of the first window (ties included), on two days at
-- least: whom the first window chose for being high is not measured against it, but the third against the second. With
-- a contract, customers count whose contract began before the second window and still runs. Without one, those who
-- were active in both, else it could not be told who faded from who left; where the windows follow each other those
-- active in either, for whom the season lifts above or pushes below one order would else not be those of the other.
-- `cohort` is the third of the loyal customers by when they were created. `plan` is that of today.
WITH spans AS (
  SELECT
    a.kind,
    CASE
      WHEN EPOCH($as_of) - EPOCH(MIN(a.at)) >= (364 + 2 * 90) * 86400
        THEN LEAST(182.0, FLOOR(((EPOCH($as_of) - EPOCH(MIN(a.at))) / 86400 - 364) / 2))
      ELSE FLOOR((EPOCH($as_of) - EPOCH(MIN(a.at))) / 86400 / 3)
    END AS days,
    EPOCH($as_of) - EPOCH(MIN(a.at)) >= (364 + 2 * 90) * 86400 AS same_season
  FROM active_days AS a
  GROUP BY a.kind
),
windows AS (
  SELECT s.kind, s.days, s.same_season, CASE WHEN s.same_season THEN 364.0 ELSE s.days END AS back
  FROM spans AS s
  WHERE s.days >= 60
),
aged AS (
  SELECT a.kind, a.customer_id, w.days, w.back, (EPOCH($as_of) - EPOCH(a.at)) / 86400 AS ago
  FROM active_days AS a
  JOIN windows AS w ON w.kind = a.kind
),
summed AS (
  SELECT
    a.kind,
    a.customer_id,
    SUM(CASE WHEN a.ago > a.back + a.days AND a.ago <= a.back + 2 * a.days THEN 1 ELSE 0 END) AS first_days,
    SUM(CASE WHEN a.ago > a.back AND a.ago <= a.back + a.days THEN 1 ELSE 0 END) AS then_days,
    SUM(CASE WHEN a.ago <= a.days THEN 1 ELSE 0 END) AS now_days
  FROM aged AS a
  GROUP BY a.kind, a.customer_id
),
counted AS (
  SELECT s.*, w.days AS window_days, w.back, w.same_season
  FROM summed AS s
  JOIN windows AS w ON w.kind = s.kind
),
chosen AS (
  SELECT k.kind
  FROM (
    SELECT c.kind, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, c.kind DESC) AS place
    FROM counted AS c
    WHERE c.first_days > 0
    GROUP BY c.kind
  ) AS k
  WHERE k.place = 1
),
contracts AS (
  SELECT
    s.customer_id,
    MIN(s.first_from) AS first_from,
    MAX(CASE WHEN s.running THEN 1 ELSE 0 END) = 1 AS running,
    MIN(CASE WHEN s.running THEN s.plan END) AS plan
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
known AS (
  SELECT c.*, p.plan AS paid_plan
  FROM counted AS c
  JOIN chosen AS k ON k.kind = c.kind
  LEFT JOIN contracts AS p ON p.customer_id = c.customer_id
  WHERE c.first_days > 0
    AND CASE
      WHEN p.customer_id IS NULL AND c.same_season THEN c.then_days > 0 AND c.now_days > 0
      WHEN p.customer_id IS NULL THEN c.then_days + c.now_days > 0
      ELSE p.running
        AND EPOCH($as_of) - EPOCH(p.first_from) >= (c.back + c.window_days) * 86400
        AND c.then_days + c.now_days > 0
    END
),
bar AS (
  SELECT GREATEST(2.0, PERCENTILE_CONT(0.67) WITHIN GROUP (ORDER BY CAST(k.first_days AS DOUBLE))) AS least
  FROM known AS k
),
judged AS (
  SELECT
    k.*,
    k.first_days >= b.least AS loyal,
    c.created_at,
    COALESCE(k.paid_plan, c.plan) AS plan,
    COALESCE(c.region, c.country) AS region,
    c.acquisition_channel
  FROM known AS k
  CROSS JOIN bar AS b
  LEFT JOIN customers AS c ON c.customer_id = k.customer_id
),
cuts AS (
  SELECT
    PERCENTILE_CONT(0.3333) WITHIN GROUP (ORDER BY CASE WHEN j.loyal THEN EPOCH(j.created_at) END) AS early,
    PERCENTILE_CONT(0.6667) WITHIN GROUP (ORDER BY CASE WHEN j.loyal THEN EPOCH(j.created_at) END) AS late
  FROM judged AS j
)
SELECT
  CONCAT(j.kind, '/', j.customer_id) AS row_id,
  j.customer_id,
  j.kind,
  j.loyal,
  j.first_days,
  j.then_days,
  j.now_days,
  j.window_days,
  j.back AS back_days,
  j.same_season,
  CASE
    WHEN EPOCH(j.created_at) <= u.early THEN 'oldest third'
    WHEN EPOCH(j.created_at) <= u.late THEN 'middle third'
    WHEN j.created_at IS NOT NULL THEN 'newest third'
  END AS cohort,
  j.plan,
  j.region,
  j.acquisition_channel
FROM judged AS j
CROSS JOIN cuts AS u
