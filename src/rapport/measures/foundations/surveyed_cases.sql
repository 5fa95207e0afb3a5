-- One row is a case of a customer: whether they were asked afterwards how it was.
--
-- `asked` says that a survey (NPS, CSAT or CES) is linked to the case; `satisfied` is the answer to a CSAT question.
-- `experience` tells cases that were reopened, or took longer than three quarters of the cases of their topic, from those
-- that went smoothly; empty while the case is open. `due` says that it could have been asked about: solved at least a week
-- before the cut-off, in the months in which this company asked about cases at all. `never_solved` says that it was opened
-- in those months, at least 30 days before the cut-off, and not solved yet.
--
-- Wrong where surveys are not linked to cases, or where customers who were asked lately are spared: those who write often
-- are then asked more rarely.
WITH linked AS (
  SELECT
    f.ticket_id,
    MIN(COALESCE(f.asked_at, f.answered_at)) AS asked_at,
    MAX(CASE WHEN a.satisfied THEN 1 WHEN NOT a.satisfied THEN 0 END) AS satisfied
  FROM feedback AS f
  LEFT JOIN answers AS a ON a.row_id = f.feedback_id
  WHERE f.ticket_id IS NOT NULL AND f.kind IN ('nps', 'csat', 'ces')
  GROUP BY f.ticket_id
),
spell AS (
  SELECT MIN(l.asked_at) AS asked_from, MAX(l.asked_at) AS asked_to FROM linked AS l
),
solved AS (
  SELECT
    t.ticket_id,
    t.customer_id,
    t.opened_at,
    t.topic,
    t.team,
    t.channel,
    COALESCE(t.resolved_at, t.first_resolved_at) AS ended_at,
    t.reopens
  FROM tickets AS t
  WHERE t.customer_id IS NOT NULL AND t.opened_at >= $start
),
slow AS (
  SELECT
    COALESCE(s.topic, '') AS topic,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY EPOCH(s.ended_at) - EPOCH(s.opened_at)) AS seconds
  FROM solved AS s
  WHERE s.ended_at IS NOT NULL
  GROUP BY COALESCE(s.topic, '')
)
SELECT
  s.ticket_id AS row_id,
  s.customer_id,
  s.team,
  s.topic,
  s.channel,
  COALESCE(c.region, c.country) AS region,
  c.segment,
  c.plan,
  c.acquisition_channel,
  CASE
    WHEN s.ended_at IS NULL THEN NULL
    WHEN s.reopens > 0 OR EPOCH(s.ended_at) - EPOCH(s.opened_at) > w.seconds THEN 'slow or reopened cases'
    ELSE 'smooth cases'
  END AS experience,
  l.ticket_id IS NOT NULL AS asked,
  l.satisfied = 1 AS satisfied,
  COALESCE(
    s.ended_at >= p.asked_from AND s.ended_at <= p.asked_to AND EPOCH(s.ended_at) < EPOCH($as_of) - 7 * 86400, FALSE
  ) AS due,
  s.ended_at IS NULL AND s.opened_at >= p.asked_from AND EPOCH(s.opened_at) < EPOCH($as_of) - 30 * 86400 AS never_solved,
  CAST(DATE_TRUNC('month', s.opened_at) AS DATE) AS month
FROM solved AS s
CROSS JOIN spell AS p
LEFT JOIN linked AS l ON l.ticket_id = s.ticket_id
LEFT JOIN slow AS w ON w.topic = COALESCE(s.topic, '')
LEFT JOIN customers AS c ON c.customer_id = s.customer_id
