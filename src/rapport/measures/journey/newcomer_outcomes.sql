-- One row is a new customer and one way in which they can turn out loyal, known half a year after their first weeks.
--
-- `outcome` is 'stay' for subscribers (a paid period runs 208 days after the beginning: the 28 days of the first weeks and
-- 180 more), 'come back' for buyers (another visit within those 180 days), 'recommend you' for both (a referral within
-- them), where the record knows of referrals by then. `happened` says whether it did; newcomers for whom the time is not
-- over yet are left out. `alike` is what newcomers are held equal in: kind, intensity, worth and acquisition channel of
-- the first weeks (see `newcomers`). `part` deals them: the newest third is 'later', the others fall into 'first half' and
-- 'second half' by a digest of their id, the same in every run.
WITH known_by_now AS (
  SELECT
    n.*,
    EPOCH(n.began_at) + 28 * 86400 AS opens,
    EPOCH(n.began_at) + 208 * 86400 AS closes,
    RANK() OVER (ORDER BY n.began_at) AS place,
    COUNT(*) OVER () AS everybody
  FROM newcomers AS n
  WHERE EPOCH(n.began_at) + 208 * 86400 < EPOCH($as_of)
),
due AS (
  SELECT
    k.*,
    CASE
      WHEN (k.place - 1) * 3 >= k.everybody * 2 THEN 'later'
      WHEN SUBSTR(MD5(k.customer_id), 1, 1) < '8' THEN 'first half'
      ELSE 'second half'
    END AS part
  FROM known_by_now AS k
),
stays AS (
  SELECT o.customer_id
  FROM due AS o
  JOIN subscription_spans AS s
    ON s.customer_id = o.customer_id
    AND EPOCH(s.valid_from) <= o.closes
    AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > o.closes)
  GROUP BY o.customer_id
),
returns AS (
  SELECT o.customer_id
  FROM due AS o
  JOIN visits AS v ON v.customer_id = o.customer_id AND EPOCH(v.ordered_at) >= o.opens AND EPOCH(v.ordered_at) < o.closes
  GROUP BY o.customer_id
),
known AS (
  SELECT EPOCH(MIN(r.at)) AS referrals_from FROM referrals AS r
),
recommends AS (
  SELECT o.customer_id
  FROM due AS o
  JOIN referrals AS r ON r.referrer_id = o.customer_id AND EPOCH(r.at) >= o.opens AND EPOCH(r.at) < o.closes
  GROUP BY o.customer_id
),
turned_out AS (
  SELECT
    o.*,
    CASE WHEN o.kind = 'subscribers' THEN 'stay' ELSE 'come back' END AS outcome,
    CASE WHEN o.kind = 'subscribers' THEN s.customer_id IS NOT NULL ELSE r.customer_id IS NOT NULL END AS happened
  FROM due AS o
  LEFT JOIN stays AS s ON s.customer_id = o.customer_id
  LEFT JOIN returns AS r ON r.customer_id = o.customer_id
  UNION ALL
  SELECT o.*, 'recommend you' AS outcome, r.customer_id IS NOT NULL AS happened
  FROM due AS o
  JOIN known AS k ON k.referrals_from <= o.opens
  LEFT JOIN recommends AS r ON r.customer_id = o.customer_id
)
SELECT
  CONCAT(t.customer_id, '/', t.outcome) AS row_id,
  t.customer_id,
  t.outcome,
  t.happened,
  t.began_at,
  CONCAT(
    t.kind, '|', CAST(t.intensity AS VARCHAR), '|', t.worth, '|', COALESCE(t.acquisition_channel, '')
  ) AS alike,
  t.part,
  t.month
FROM turned_out AS t
