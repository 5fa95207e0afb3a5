-- One row is a ticket opened by a customer: how long they waited for the first public reply by a person.
--
-- `wait_seconds` runs from the opening to the reply, or to the cut-off of the audit where there is none yet (`answered`
-- is then false: the wait is censored, neither zero nor missing). `working_seconds` counts the company's working time
-- only. A reply dated before the opening is no reply. Private notes and robots do not reply: where the record holds what
-- was said to the customer in a ticket, its first public message by a person counts (an outbound message without an
-- author's kind is taken for a person's); else `first_reply_at` as the source has it.
--
-- `target_seconds` and `target_working_seconds` are what was declared, else the time within which three quarters of the
-- answered tickets of the same channel were answered (a chat is expected sooner than a letter); channels with fewer than
-- thirty answers take that of all. `in_time` and `in_working_time` say whether the reply came within them, null for
-- tickets younger than that. `in_good_time` is the one the company should be judged by: working time where only working
-- hours were promised or a calendar was declared, else all hours. `in_usual_time` leaves promises aside: within the time
-- usual in the channel, in working time where a calendar was declared. `hour`, `weekday` and `part_of_day` are those of the
-- opening, on the company's clock; `month` is the UTC month.
--
-- Wrong when the source counts private notes or robots in `first_reply_at` and the record holds no messages.
WITH said AS (
  SELECT m.ticket_id, MIN(m.sent_at) AS replied_at
  FROM messages AS m
  JOIN tickets AS o ON o.ticket_id = m.ticket_id
  WHERE COALESCE(m.direction, 'outbound') = 'outbound'
    AND COALESCE(m.author_kind, CASE WHEN m.direction = 'outbound' THEN 'agent' END) = 'agent'
    AND COALESCE(m.public, TRUE)
    AND m.sent_at >= o.opened_at
  GROUP BY m.ticket_id
),
told AS (
  SELECT DISTINCT ticket_id
  FROM messages
  WHERE ticket_id IS NOT NULL AND (direction = 'outbound' OR author_kind IN ('agent', 'bot'))
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
placed AS (
  SELECT
    t.*,
    EPOCH(t.until) - EPOCH(t.opened_at) AS wait_seconds,
    EPOCH($as_of) - EPOCH(t.opened_at) AS age_seconds,
    a.worked_before
      + LEAST(GREATEST(t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_1, 0), a.closes_1 - a.opens_1)
      + LEAST(GREATEST(t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_2, 0), a.closes_2 - a.opens_2)
      AS worked_at_opening,
    b.worked_before
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_1, 0), b.closes_1 - b.opens_1)
      + LEAST(GREATEST(EPOCH(t.until) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_2, 0), b.closes_2 - b.opens_2)
      AS worked_at_end,
    n.worked_before
      + LEAST(GREATEST(EPOCH($as_of) - EPOCH(CAST(n.day AS TIMESTAMP)) - n.opens_1, 0), n.closes_1 - n.opens_1)
      + LEAST(GREATEST(EPOCH($as_of) - EPOCH(CAST(n.day AS TIMESTAMP)) - n.opens_2, 0), n.closes_2 - n.opens_2)
      AS worked_now,
    t.opened_second + CASE
      WHEN t.opened_second - EPOCH(CAST(a.day AS TIMESTAMP)) < a.change_second THEN a.offset_seconds
      ELSE a.offset_after
    END AS local_second
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
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY wait_seconds) AS seconds,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY working_seconds) AS working_seconds
  FROM clocked
  WHERE answered
),
usual_in_channel AS (
  SELECT
    channel,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY wait_seconds) AS seconds,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY working_seconds) AS working_seconds
  FROM clocked
  WHERE answered AND channel IS NOT NULL
  GROUP BY channel
  HAVING COUNT(*) >= 30
),
aimed AS (
  SELECT
    c.*,
    COALESCE($first_reply_target_seconds, h.seconds, u.seconds) AS target_seconds,
    COALESCE($first_reply_target_working_seconds, h.working_seconds, u.working_seconds) AS target_working_seconds,
    COALESCE(h.seconds, u.seconds) AS usual_seconds,
    COALESCE(h.working_seconds, u.working_seconds) AS usual_working_seconds
  FROM clocked AS c
  LEFT JOIN usual_in_channel AS h ON h.channel = c.channel
  CROSS JOIN usual AS u
),
judged AS (
  SELECT
    a.*,
    CASE WHEN a.age_seconds >= a.target_seconds THEN a.answered AND a.wait_seconds <= a.target_seconds END AS in_time,
    CASE
      WHEN a.working_age_seconds >= a.target_working_seconds
        THEN a.answered AND a.working_seconds <= a.target_working_seconds
    END AS in_working_time,
    CASE
      WHEN $calendar_declared THEN CASE
        WHEN a.working_age_seconds >= a.usual_working_seconds
          THEN a.answered AND a.working_seconds <= a.usual_working_seconds
      END
      ELSE CASE WHEN a.age_seconds >= a.usual_seconds THEN a.answered AND a.wait_seconds <= a.usual_seconds END
    END AS in_usual_time,
    CAST((FLOOR(a.local_second / 86400) + 3) % 7 + 1 AS INTEGER) AS weekday_number,
    CAST(FLOOR((a.local_second % 86400) / 3600) AS INTEGER) AS hour
  FROM aimed AS a
)
SELECT
  j.row_id,
  j.customer_id,
  j.team,
  j.channel,
  j.topic,
  j.priority,
  j.opened_at,
  j.replied_at,
  j.answered,
  j.wait_seconds,
  j.working_seconds,
  j.age_seconds,
  j.target_seconds,
  j.target_working_seconds,
  j.in_time,
  j.in_working_time,
  CASE WHEN $first_reply_by_working_time THEN j.in_working_time ELSE j.in_time END AS in_good_time,
  j.in_usual_time,
  CAST(DATE_TRUNC('month', j.opened_at) AS DATE) AS month,
  j.hour,
  CASE j.weekday_number
    WHEN 1 THEN 'Monday'
    WHEN 2 THEN 'Tuesday'
    WHEN 3 THEN 'Wednesday'
    WHEN 4 THEN 'Thursday'
    WHEN 5 THEN 'Friday'
    WHEN 6 THEN 'Saturday'
    ELSE 'Sunday'
  END AS weekday,
  CASE
    WHEN j.hour < 6 THEN 'night'
    WHEN j.hour < 12 THEN 'morning'
    WHEN j.hour < 15 THEN 'early afternoon'
    ELSE 'after 15:00'
  END AS part_of_day
FROM judged AS j
