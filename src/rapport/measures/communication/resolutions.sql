-- One row is a ticket: how long until it was first solved, and until it was solved for good.
--
-- `first_seconds` runs from the opening to the first solution, `full_seconds` to the last one, both to the cut-off of
-- the audit where there is none yet (`first_ended`, `full_ended` are then false: the case lasts, it is neither short nor
-- missing). A ticket that was opened again and is open now is not fully solved, although it bears the date of its last
-- solution. Without `first_resolved_at` the last solution of a ticket that was never reopened is its first; of one that
-- was reopened the first is unknown (null). Solutions dated before the opening are no solutions that can be timed: such
-- rows have no durations. `resolved_seconds` is from the opening to the last solution where there is one, else null.
--
-- `target_seconds` (`target_working_seconds`) is what was declared for `resolution_hours`, else the (working) time within
-- which three quarters of the solved tickets of the same channel were solved for good; `in_time` says whether the ticket
-- was, null while it is younger than that; it is counted in working time where a calendar and no target was declared.
-- `reopened` is known for tickets that were solved at least once: those that bear a solution, and those opened again since,
-- also where the source emptied the solution when it opened them. `settled` marks those whose first solution (their
-- opening, where they bear none) is at least fourteen days old, so that it had time to come back. `month` is the UTC month
-- of the opening.
--
-- Wrong when tickets are closed by a clock instead of a person, or when a new ticket is opened for an old problem.
WITH cases AS (
  SELECT
    t.ticket_id AS row_id,
    t.customer_id,
    t.team,
    t.channel,
    t.topic,
    t.priority,
    t.opened_at,
    CASE WHEN t.resolved_at >= t.opened_at THEN t.resolved_at END AS resolved_at,
    CASE
      WHEN t.first_resolved_at >= t.opened_at THEN t.first_resolved_at
      WHEN t.resolved_at >= t.opened_at AND COALESCE(t.reopens, 0) = 0 THEN t.resolved_at
    END AS first_resolved_at,
    COALESCE(t.resolved_at < t.opened_at, FALSE) OR COALESCE(t.first_resolved_at < t.opened_at, FALSE) AS untimed,
    COALESCE(t.reopens, 0) > 0
      AND LOWER(TRIM(t.status)) IN ('open', 'new', 'pending', 'hold', 'on-hold', 'on hold', 'reopened', 'active', 'in progress')
      AS open_again,
    CASE
      WHEN t.reopens > 0 THEN TRUE
      WHEN t.resolved_at IS NULL AND t.first_resolved_at IS NULL THEN NULL
      WHEN t.reopens IS NOT NULL THEN FALSE
      WHEN t.first_resolved_at IS NOT NULL THEN COALESCE(t.resolved_at > t.first_resolved_at, FALSE)
    END AS reopened,
    t.sla_met
  FROM tickets AS t
  WHERE t.opened_at >= $start
),
timed AS (
  SELECT
    c.*,
    c.first_resolved_at IS NULL AND (c.resolved_at IS NOT NULL OR COALESCE(c.reopened, FALSE)) AS first_unknown,
    c.resolved_at IS NOT NULL AND NOT COALESCE(c.open_again, FALSE) AS full_ended,
    CASE WHEN c.resolved_at IS NOT NULL AND NOT COALESCE(c.open_again, FALSE) THEN c.resolved_at ELSE $as_of END AS until
  FROM cases AS c
),
placed AS (
  SELECT
    t.*,
    CASE WHEN NOT t.untimed THEN EPOCH(t.until) - EPOCH(t.opened_at) END AS full_seconds,
    EPOCH($as_of) - EPOCH(t.opened_at) AS age_seconds,
    a.worked_before
      + LEAST(GREATEST(EPOCH(t.opened_at) - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_1, 0), a.closes_1 - a.opens_1)
      + LEAST(GREATEST(EPOCH(t.opened_at) - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_2, 0), a.closes_2 - a.opens_2)
      AS worked_at_opening,
    b.worked_before
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_1, 0), b.closes_1 - b.opens_1)
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_2, 0), b.closes_2 - b.opens_2)
      AS worked_at_end,
    n.worked_before
      + LEAST(GREATEST(EPOCH($as_of) - EPOCH(CAST(n.day AS TIMESTAMP)) - n.opens_1, 0), n.closes_1 - n.opens_1)
      + LEAST(GREATEST(EPOCH($as_of) - EPOCH(CAST(n.day AS TIMESTAMP)) - n.opens_2, 0), n.closes_2 - n.opens_2)
      AS worked_now
  FROM timed AS t
  JOIN calendar AS a ON a.day = CAST(t.opened_at AS DATE)
  JOIN calendar AS b ON b.day = CAST(t.until AS DATE)
  JOIN calendar AS n ON n.day = CAST($as_of AS DATE)
),
clocked AS (
  SELECT p.*, GREATEST(p.worked_at_end - p.worked_at_opening, 0) AS working_seconds,
    p.worked_now - p.worked_at_opening AS working_age_seconds
  FROM placed AS p
),
usual AS (
  SELECT
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY full_seconds) AS seconds,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY working_seconds) AS working_seconds
  FROM clocked
  WHERE full_ended AND NOT untimed
),
usual_in_channel AS (
  SELECT
    channel,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY full_seconds) AS seconds,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY working_seconds) AS working_seconds
  FROM clocked
  WHERE full_ended AND NOT untimed AND channel IS NOT NULL
  GROUP BY channel
  HAVING COUNT(*) >= 30
),
aimed AS (
  SELECT
    c.*,
    COALESCE($resolution_target_seconds, h.seconds, u.seconds) AS target_seconds,
    COALESCE(h.working_seconds, u.working_seconds) AS target_working_seconds
  FROM clocked AS c
  LEFT JOIN usual_in_channel AS h ON h.channel = c.channel
  CROSS JOIN usual AS u
)
SELECT
  a.row_id,
  a.customer_id,
  a.team,
  a.channel,
  a.topic,
  a.priority,
  a.opened_at,
  a.first_resolved_at,
  a.resolved_at,
  CASE
    WHEN a.untimed OR a.first_unknown THEN NULL
    ELSE EPOCH(COALESCE(a.first_resolved_at, $as_of)) - EPOCH(a.opened_at)
  END AS first_seconds,
  CASE
    WHEN a.untimed OR a.first_unknown THEN NULL
    ELSE a.first_resolved_at IS NOT NULL
  END AS first_ended,
  a.full_seconds,
  CASE WHEN NOT a.untimed THEN a.full_ended END AS full_ended,
  EPOCH(a.resolved_at) - EPOCH(a.opened_at) AS resolved_seconds,
  CASE WHEN NOT a.untimed THEN a.working_seconds END AS working_seconds,
  a.age_seconds,
  a.target_seconds,
  a.target_working_seconds,
  CASE
    WHEN a.untimed THEN NULL
    WHEN $resolution_by_working_time THEN CASE
      WHEN a.working_age_seconds >= a.target_working_seconds
        THEN a.full_ended AND a.working_seconds <= a.target_working_seconds
    END
    ELSE CASE WHEN a.age_seconds >= a.target_seconds THEN a.full_ended AND a.full_seconds <= a.target_seconds END
  END AS in_time,
  a.reopened,
  COALESCE(
    EPOCH($as_of) - EPOCH(
      COALESCE(a.first_resolved_at, a.resolved_at, CASE WHEN a.reopened AND NOT a.untimed THEN a.opened_at END)
    ) >= 14 * 86400,
    FALSE
  ) AS settled,
  a.sla_met,
  CAST(DATE_TRUNC('month', a.opened_at) AS DATE) AS month
FROM aimed AS a
