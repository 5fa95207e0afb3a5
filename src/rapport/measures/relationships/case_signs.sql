-- One row is a customer who brought a case to the help desk in the last 364 days, whatever became of it.
--
-- A case about cancelling or closing the account counts nowhere: it is no sign of life, and to foretell from it who
-- leaves would be to read it off. `case_days` is the time since the last one, `cases` how many of the last 182 days.
-- `unsolved` counts cases open for more than three days (solved is what was ever solved: dates that are moved when a case
-- is opened again would tell what came later), `repeated` those of a topic about which they had written in the 30 days
-- before, `waited_hours` is the mean wait for the first reply, up to the cut-off where there is none; all of 182 days.
-- How often a case was opened again is not read: sources fill it in afterwards without a date.
WITH opened AS (
  SELECT
    t.customer_id,
    (EPOCH($as_of) - EPOCH(t.opened_at)) / 86400 AS ago,
    COALESCE(t.first_resolved_at, t.resolved_at) AS solved_at,
    (EPOCH(COALESCE(t.first_reply_at, $as_of)) - EPOCH(t.opened_at)) / 3600 AS wait,
    (EPOCH(t.opened_at) - EPOCH(LAG(t.opened_at) OVER (
      PARTITION BY t.customer_id, t.topic ORDER BY t.opened_at, t.ticket_id
    ))) / 86400 AS since,
    t.topic
  FROM tickets AS t
  WHERE
    t.customer_id IS NOT NULL
    AND COALESCE(t.opened_by, 'customer') = 'customer'
    AND EPOCH($as_of) - EPOCH(t.opened_at) <= 364 * 86400
    AND NOT (
      LOWER(COALESCE(t.topic, '')) LIKE '%cancel%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%clos%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%terminat%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%unsubscri%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%ndig%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%sili%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%opzeg%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%disdett%'
      OR LOWER(COALESCE(t.topic, '')) LIKE '%baja%'
    )
)
SELECT
  o.customer_id AS row_id,
  o.customer_id,
  MIN(o.ago) AS case_days,
  COUNT(CASE WHEN o.ago <= 182 THEN 1 END) AS cases,
  COUNT(CASE WHEN o.ago <= 182 AND o.solved_at IS NULL AND o.ago > 3 THEN 1 END) AS unsolved,
  COUNT(CASE WHEN o.ago <= 182 AND o.topic IS NOT NULL AND o.since <= 30 THEN 1 END) AS repeated,
  AVG(CASE WHEN o.ago <= 182 AND o.wait >= 0 THEN o.wait END) AS waited_hours
FROM opened AS o
GROUP BY o.customer_id
