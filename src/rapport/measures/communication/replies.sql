-- One row is a ticket opened by a customer: how long they waited for the first public reply by a person.
--
-- `wait_seconds` runs from the opening to the reply, or to the cut-off of the audit where there is none yet (`answered`
-- is then false: the wait is censored, neither zero nor missing). `working_seconds` counts the company's working time
-- only. A reply dated before the opening is no reply. Private notes and robots do not reply: where the record holds a
-- ticket's messages, its first public message by an agent counts; else `first_reply_at` as the source has it.
-- `target_seconds` is what was declared, else the time within which three quarters of the answered tickets got their
-- answer; `in_time` is null for tickets younger than that and still waiting. `hour`, `weekday` (1 is Monday) and
-- `part_of_day` are those of the opening, on the company's clock; `month` is the UTC month.
--
-- Wrong when the source counts private notes or robots in `first_reply_at` and the record holds no messages.
WITH said AS (
  SELECT m.ticket_id, MIN(m.sent_at) AS replied_at
  FROM messages AS m
  JOIN tickets AS o ON o.ticket_id = m.ticket_id
  WHERE m.direction = 'outbound' AND m.author_kind = 'agent' AND COALESCE(m.public, TRUE) AND m.sent_at > o.opened_at
  GROUP BY m.ticket_id
),
told AS (
  SELECT DISTINCT ticket_id FROM messages WHERE ticket_id IS NOT NULL
),
cases AS (
  SELECT
    t.ticket_id AS row_id,
    t.customer_id,
    t.team,
    t.channel,
    t.topic,
    t.priority,
    t.opened_at,
    CASE
      WHEN told.ticket_id IS NOT NULL THEN said.replied_at
      WHEN t.first_reply_at >= t.opened_at THEN t.first_reply_at
    END AS replied_at
  FROM tickets AS t
  LEFT JOIN told ON told.ticket_id = t.ticket_id
  LEFT JOIN said ON said.ticket_id = t.ticket_id
  WHERE t.opened_at >= $start AND COALESCE(t.opened_by, 'customer') = 'customer'
),
timed AS (
  SELECT
    c.*,
    c.replied_at IS NOT NULL AS answered,
    COALESCE(c.replied_at, $as_of) AS until,
    FLOOR(EPOCH(c.opened_at)) AS opened_second
  FROM cases AS c
),
clocked AS (
  SELECT
    t.*,
    EPOCH(t.until) - EPOCH(t.opened_at) AS wait_seconds,
    (b.worked_before
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_1, 0), b.closes_1 - b.opens_1)
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_2, 0), b.closes_2 - b.opens_2))
    - (a.worked_before
      + LEAST(GREATEST(t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_1, 0), a.closes_1 - a.opens_1)
      + LEAST(GREATEST(t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_2, 0), a.closes_2 - a.opens_2))
      AS working_seconds,
    t.opened_second + CASE
      WHEN t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) < a.change_second THEN a.offset_seconds
      ELSE a.offset_after
    END AS local_second
  FROM timed AS t
  JOIN calendar AS a ON a.day = CAST(t.opened_at AS DATE)
  JOIN calendar AS b ON b.day = CAST(t.until AS DATE)
),
usual AS (
  SELECT PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY wait_seconds) AS usual_seconds FROM clocked WHERE answered
)
SELECT
  c.row_id,
  c.customer_id,
  c.team,
  c.channel,
  c.topic,
  c.priority,
  c.opened_at,
  c.replied_at,
  c.answered,
  c.wait_seconds,
  c.working_seconds,
  COALESCE($first_reply_target_seconds, u.usual_seconds) AS target_seconds,
  CASE
    WHEN c.wait_seconds <= COALESCE($first_reply_target_seconds, u.usual_seconds) THEN c.answered OR NULL
    ELSE FALSE
  END AS in_time,
  CAST(DATE_TRUNC('month', c.opened_at) AS DATE) AS month,
  CAST(FLOOR((c.local_second % 86400) / 3600) AS INTEGER) AS hour,
  CAST((FLOOR(c.local_second / 86400) + 3) % 7 + 1 AS INTEGER) AS weekday,
  CASE
    WHEN FLOOR((c.local_second % 86400) / 3600) < 6 THEN 'night'
    WHEN FLOOR((c.local_second % 86400) / 3600) < 12 THEN 'morning'
    WHEN FLOOR((c.local_second % 86400) / 3600) < 15 THEN 'early afternoon'
    ELSE 'after 15:00'
  END AS part_of_day
FROM clocked AS c
CROSS JOIN usual AS u
