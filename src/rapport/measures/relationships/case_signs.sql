-- One row is a customer who brought a case to the help desk in the last 364 days, whatever became of it.
--
-- A case about cancelling or closing the account counts nowhere (see `own_cases`). `case_days` is the time since the last
-- one, `cases` how many of the last 182 days. `unsolved` counts cases open for more than three days and never solved,
-- `repeated` those of a topic about which they had written in the 30 days before, `waited_hours` is the mean wait for the
-- first reply, up to the cut-off where there is none; all of 182 days. How often a case was opened again is not read:
-- sources fill it in afterwards without a date.
WITH opened AS (
  SELECT
    t.customer_id,
    (EPOCH($as_of) - EPOCH(t.opened_at)) / 86400 AS ago,
    t.solved_at,
    (EPOCH(COALESCE(t.first_reply_at, $as_of)) - EPOCH(t.opened_at)) / 3600 AS wait,
    (EPOCH(t.opened_at) - EPOCH(LAG(t.opened_at) OVER (
      PARTITION BY t.customer_id, t.topic ORDER BY t.opened_at, t.row_id
    ))) / 86400 AS since,
    t.topic
  FROM own_cases AS t
  WHERE NOT t.leaving
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
