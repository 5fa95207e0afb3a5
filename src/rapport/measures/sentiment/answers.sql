-- One row is a question that an NPS, CSAT or CES survey put to a customer, answered or not.
--
-- `answered_at` is the answer's time; where a source gives only `asked_at`, a score makes that the time of the answer.
-- `nps_value` is +100 for 9 and 10, 0 for 7 and 8, −100 for 0 to 6 (0 is an answer), so that its mean is the NPS; null
-- on any scale but 0 to 10. `satisfied` is true for the top two values of the scale, for the top one where the scale has
-- three values or fewer; null on a percentage. `ease` is the answer on 1 (hard) to 7 (easy), other scales stretched to
-- it; `easy` is 5 to 7. The scale is `scale_min` to `scale_max`; where they are missing, the one that the answers of the
-- same source show; a scale declared the other way round (7 to 1) is turned. `off_scale` is an answer that fits none.
-- Items of a questionnaire ("trust", "knows me") are left out. `month` is that of the answer, else of the question.
--
-- Waves are stretches of 91 days back from the cut-off with at least 30 answers. `vs_previous` is 'newest' or
-- 'previous', `vs_year_before` 'newest' or 'year before' (364 days earlier), null for all other answers; `both_previous`
-- and `both_year_before` say that the customer answered in both. `due` is false for questions of the last 14 days, which
-- may still be answered. `region` is the customer's, else the country; `plan` and `segment` are those of today.
--
-- Wrong when a source writes 0 where nothing was answered, or counts effort upwards (7: very hard) without saying so.
WITH asked AS (
  SELECT
    f.feedback_id AS row_id,
    f.customer_id,
    f.kind,
    f.touchpoint,
    f.channel,
    f.source,
    f._source AS loaded_from,
    COALESCE(c.region, c.country) AS region,
    c.plan,
    c.segment,
    f.asked_at,
    COALESCE(f.answered_at, CASE WHEN f.score IS NOT NULL THEN f.asked_at END) AS answered_at,
    f.score,
    f.scale_min,
    f.scale_max
  FROM feedback AS f
  LEFT JOIN customers AS c ON c.customer_id = f.customer_id
  WHERE f.kind IN ('nps', 'csat', 'ces')
    AND COALESCE(f.answered_at, f.asked_at) >= $start
    AND (f.item IS NULL OR LOWER(f.item) IN ('nps', 'csat', 'ces', 'recommend', 'overall', 'satisfaction', 'effort', 'ease'))
),
shown AS (
  SELECT
    a.*,
    MIN(a.score) OVER (PARTITION BY a.kind, a.source, a.loaded_from) AS least,
    MAX(a.score) OVER (PARTITION BY a.kind, a.source, a.loaded_from) AS most,
    COUNT(a.score) OVER (PARTITION BY a.kind, a.source, a.loaded_from) AS scores
  FROM asked AS a
),
scaled AS (
  SELECT
    s.*,
    COALESCE(s.scale_min, CASE WHEN s.kind = 'nps' OR s.least < 1 THEN 0 ELSE 1 END) AS first_value,
    COALESCE(s.scale_max, CASE
      WHEN s.kind = 'nps' AND (s.most > 7 OR s.scores < 30) THEN 10
      WHEN s.kind = 'ces' AND s.scores < 30 THEN 7
      WHEN s.most <= 1 AND s.least < 1 THEN 1
      WHEN s.most <= 3 THEN 3
      WHEN s.most <= 5 THEN 5
      WHEN s.most <= 7 THEN 7
      WHEN s.most <= 10 THEN 10
      ELSE 100
    END) AS last_value
  FROM shown AS s
),
placed AS (
  SELECT
    s.*,
    LEAST(s.first_value, s.last_value) AS bottom,
    GREATEST(s.first_value, s.last_value) AS top,
    CASE WHEN s.first_value > s.last_value THEN s.first_value + s.last_value - s.score ELSE s.score END AS value
  FROM scaled AS s
),
valued AS (
  SELECT
    p.*,
    CASE
      WHEN p.kind <> 'nps' OR p.first_value <> 0 OR p.last_value <> 10 OR p.value < 0 OR p.value > 10 THEN NULL
      WHEN p.value >= 9 THEN 100
      WHEN p.value >= 7 THEN 0
      WHEN p.value IS NOT NULL THEN -100
    END AS nps_value,
    CASE
      WHEN p.kind <> 'csat' OR p.value < p.bottom OR p.value > p.top OR p.top - p.bottom > 10 THEN NULL
      WHEN p.top - p.bottom <= 2 THEN p.value >= p.top
      ELSE p.value >= p.top - 1
    END AS satisfied,
    CASE
      WHEN p.kind = 'ces' AND p.value >= p.bottom AND p.value <= p.top AND p.top > p.bottom
        THEN 1 + 6 * (p.value - p.bottom) / (p.top - p.bottom)
    END AS ease,
    CAST(FLOOR((EPOCH($as_of) - EPOCH(p.answered_at)) / 7862400) AS INTEGER) AS wave
  FROM placed AS p
),
waves AS (
  SELECT kind, wave, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY wave) AS place
  FROM valued
  WHERE nps_value IS NOT NULL OR satisfied IS NOT NULL OR ease IS NOT NULL
  GROUP BY kind, wave
  HAVING COUNT(*) >= 30
),
compared AS (
  SELECT
    n.kind,
    n.wave AS newest,
    MAX(CASE WHEN w.place = 2 THEN w.wave END) AS previous,
    MAX(CASE WHEN w.wave = n.wave + 4 THEN w.wave END) AS year_before
  FROM waves AS n
  JOIN waves AS w ON w.kind = n.kind
  WHERE n.place = 1
  GROUP BY n.kind, n.wave
),
told AS (
  SELECT
    v.*,
    CASE
      WHEN c.previous IS NOT NULL AND v.wave = c.newest THEN 'newest'
      WHEN v.wave = c.previous THEN 'previous'
    END AS vs_previous,
    CASE
      WHEN c.year_before IS NOT NULL AND v.wave = c.newest THEN 'newest'
      WHEN v.wave = c.year_before THEN 'year before'
    END AS vs_year_before
  FROM valued AS v
  LEFT JOIN compared AS c ON c.kind = v.kind
),
people AS (
  SELECT
    kind,
    customer_id,
    MAX(CASE WHEN vs_previous = 'newest' THEN 1 ELSE 0 END)
      * MAX(CASE WHEN vs_previous = 'previous' THEN 1 ELSE 0 END) AS both_previous,
    MAX(CASE WHEN vs_year_before = 'newest' THEN 1 ELSE 0 END)
      * MAX(CASE WHEN vs_year_before = 'year before' THEN 1 ELSE 0 END) AS both_year_before
  FROM told
  WHERE score IS NOT NULL
  GROUP BY kind, customer_id
)
SELECT
  t.row_id,
  t.customer_id,
  t.kind,
  t.touchpoint,
  t.channel,
  t.source,
  t.loaded_from,
  t.region,
  t.plan,
  t.segment,
  t.asked_at,
  t.answered_at,
  t.answered_at IS NOT NULL AS answered,
  t.asked_at IS NOT NULL AND EPOCH(t.asked_at) < EPOCH($as_of) - 1209600 AS due,
  t.score,
  t.nps_value,
  t.satisfied,
  t.ease,
  t.ease >= 4.5 AS easy,
  t.score IS NOT NULL AND t.nps_value IS NULL AND t.satisfied IS NULL AND t.ease IS NULL AS off_scale,
  t.vs_previous,
  t.vs_year_before,
  COALESCE(p.both_previous = 1, FALSE) AS both_previous,
  COALESCE(p.both_year_before = 1, FALSE) AS both_year_before,
  CAST(DATE_TRUNC('month', COALESCE(t.answered_at, t.asked_at)) AS DATE) AS month
FROM told AS t
LEFT JOIN people AS p ON p.kind = t.kind AND p.customer_id = t.customer_id
