-- One row is a ticket: its first reply and its resolution as Zendesk and as Intercom count them, and why they differ.
--
-- Zendesk: from the opening to the first public comment by a person; where a person of the company opened the ticket
-- with a public comment, to the second one; robots and private notes do not count; null until it happens. First
-- resolution is from the opening to the first solution, full resolution to the last.
-- Intercom: from the customer's first words (the opening, unless an agent opened the ticket) to the first visible reply
-- by a person after them; conversations closed without a reply are left out, and those in which the customer never wrote. Time to close is from those first
-- words to the last close, of conversations with a reply. `intercom_office_seconds` counts office hours only (an option
-- there, always so in its programming interface).
-- `anything_seconds` is the mistake: the first outbound word of any kind, robots and private notes included.
-- `why` names the first reason that applies: opened by an agent · closed without a reply · not answered yet · a robot
-- spoke first · a private note came first · none. Robots and notes make no difference between the two; they are the
-- tickets that a careless count would have answered too early.
--
-- Wrong in what the record does not hold: without messages both are `first_reply_at`, a ticket opened by an agent then
-- has no Intercom reply, and robots and notes cannot be seen. `month` is the UTC month of the opening.
WITH spoken AS (
  SELECT
    m.ticket_id,
    m.sent_at,
    m.direction = 'inbound' OR COALESCE(m.author_kind = 'customer', FALSE) AS by_customer,
    COALESCE(m.direction, 'outbound') = 'outbound'
      AND COALESCE(m.author_kind, CASE WHEN m.direction = 'outbound' THEN 'agent' END) = 'agent' AS by_agent,
    COALESCE(m.author_kind = 'bot', FALSE) AS by_robot,
    COALESCE(m.public, TRUE) AS visible,
    ROW_NUMBER() OVER (PARTITION BY m.ticket_id ORDER BY m.sent_at, m.message_id) AS place
  FROM messages AS m
  JOIN tickets AS o ON o.ticket_id = m.ticket_id
  WHERE m.sent_at >= o.opened_at
),
asked AS (
  SELECT ticket_id, MIN(sent_at) AS asked_at FROM spoken WHERE by_customer GROUP BY ticket_id
),
human AS (
  SELECT
    s.ticket_id,
    s.sent_at,
    ROW_NUMBER() OVER (PARTITION BY s.ticket_id ORDER BY s.sent_at, s.place) AS nth,
    s.sent_at >= a.asked_at AS after_customer
  FROM spoken AS s
  LEFT JOIN asked AS a ON a.ticket_id = s.ticket_id
  WHERE s.by_agent AND s.visible AND NOT s.by_customer
),
said AS (
  SELECT
    ticket_id,
    MIN(sent_at) AS first_at,
    MIN(CASE WHEN nth = 2 THEN sent_at END) AS second_at,
    MIN(CASE WHEN after_customer THEN sent_at END) AS after_customer_at
  FROM human
  GROUP BY ticket_id
),
told AS (
  SELECT
    ticket_id,
    MIN(CASE WHEN NOT by_customer THEN sent_at END) AS anything_at,
    MIN(CASE WHEN by_robot THEN sent_at END) AS robot_at,
    MIN(CASE WHEN by_agent AND NOT visible THEN sent_at END) AS note_at
  FROM spoken
  GROUP BY ticket_id
  HAVING MIN(CASE WHEN NOT by_customer THEN sent_at END) IS NOT NULL
),
cases AS (
  SELECT
    r.row_id,
    r.customer_id,
    r.team,
    r.channel,
    r.topic,
    r.opened_at,
    r.month,
    COALESCE(t.opened_by, 'customer') = 'agent' AS by_staff,
    CASE WHEN COALESCE(t.opened_by, 'customer') = 'agent' THEN q.asked_at ELSE r.opened_at END AS asked_at,
    CASE
      WHEN told.ticket_id IS NULL THEN CASE WHEN t.first_reply_at >= t.opened_at THEN t.first_reply_at END
      WHEN COALESCE(t.opened_by, 'customer') = 'agent' THEN said.second_at
      ELSE said.first_at
    END AS zendesk_at,
    CASE
      WHEN COALESCE(t.opened_by, 'customer') = 'agent' THEN said.after_customer_at
      WHEN told.ticket_id IS NOT NULL THEN said.first_at
      WHEN t.first_reply_at >= t.opened_at THEN t.first_reply_at
    END AS intercom_at,
    COALESCE(told.anything_at, CASE WHEN t.first_reply_at >= t.opened_at THEN t.first_reply_at END) AS anything_at,
    told.robot_at,
    told.note_at,
    CASE WHEN r.first_ended THEN r.first_resolved_at END AS first_resolved_at,
    CASE WHEN r.full_ended THEN r.resolved_at END AS resolved_at
  FROM resolutions AS r
  JOIN tickets AS t ON t.ticket_id = r.row_id
  LEFT JOIN told ON told.ticket_id = r.row_id
  LEFT JOIN said ON said.ticket_id = r.row_id
  LEFT JOIN asked AS q ON q.ticket_id = r.row_id
),
worked AS (
  SELECT
    c.*,
    (b.worked_before
      + LEAST(GREATEST(EPOCH(c.intercom_at) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_1, 0), b.closes_1 - b.opens_1)
      + LEAST(GREATEST(EPOCH(c.intercom_at) - EPOCH(CAST(b.day AS TIMESTAMP)) - b.opens_2, 0), b.closes_2 - b.opens_2))
    - (a.worked_before
      + LEAST(GREATEST(EPOCH(c.asked_at) - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_1, 0), a.closes_1 - a.opens_1)
      + LEAST(GREATEST(EPOCH(c.asked_at) - EPOCH(CAST(a.day AS TIMESTAMP)) - a.opens_2, 0), a.closes_2 - a.opens_2))
      AS intercom_office_seconds
  FROM cases AS c
  LEFT JOIN calendar AS a ON a.day = CAST(c.asked_at AS DATE)
  LEFT JOIN calendar AS b ON b.day = CAST(c.intercom_at AS DATE)
)
SELECT
  w.row_id,
  w.customer_id,
  w.team,
  w.channel,
  w.topic,
  w.opened_at,
  EPOCH(w.zendesk_at) - EPOCH(w.opened_at) AS zendesk_seconds,
  EPOCH(w.intercom_at) - EPOCH(w.asked_at) AS intercom_seconds,
  w.intercom_office_seconds,
  EPOCH(w.anything_at) - EPOCH(w.opened_at) AS anything_seconds,
  EPOCH(w.first_resolved_at) - EPOCH(w.opened_at) AS zendesk_first_resolution_seconds,
  EPOCH(w.resolved_at) - EPOCH(w.opened_at) AS zendesk_full_resolution_seconds,
  CASE WHEN w.intercom_at IS NOT NULL THEN EPOCH(w.resolved_at) - EPOCH(w.asked_at) END AS intercom_close_seconds,
  CASE
    WHEN w.by_staff THEN 'opened by an agent'
    WHEN w.intercom_at IS NULL AND w.resolved_at IS NOT NULL THEN 'closed without a reply'
    WHEN w.intercom_at IS NULL THEN 'not answered yet'
    WHEN w.robot_at < w.zendesk_at THEN 'a robot spoke first'
    WHEN w.note_at < w.zendesk_at THEN 'a private note came first'
    ELSE 'none'
  END AS why,
  w.month
FROM worked AS w
