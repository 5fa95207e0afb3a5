-- One row is a customer who wrote or called in the last 365 days: that they spoke, and what came of it.
--
-- `spoke` counts the tickets they opened and the conversations without a ticket that they took part in. `unsolved` counts
-- their tickets that were open for more than seven days and still are; empty where the record never says that anything
-- was solved. `repeated` counts tickets of a topic about which they had written in the 30 days before: it was not settled.
-- `in_usual_time` is the share of their tickets that were answered within the time usual in the channel (see `replies`),
-- of `judged` that are old enough.
--
-- Speaking up is a good sign, an unsolved or repeated problem a bad one: these are different columns.
WITH opened AS (
  SELECT
    t.customer_id,
    t.ticket_id,
    t.opened_at,
    COALESCE(t.resolved_at, t.first_resolved_at) AS solved_at,
    LAG(t.opened_at) OVER (PARTITION BY t.customer_id, t.topic ORDER BY t.opened_at, t.ticket_id) AS before_at,
    t.topic
  FROM tickets AS t
  WHERE t.customer_id IS NOT NULL AND COALESCE(t.opened_by, 'customer') = 'customer'
),
habit AS (
  SELECT COUNT(o.solved_at) > 0 AS says FROM opened AS o
),
cases AS (
  SELECT
    o.customer_id,
    COUNT(*) AS tickets,
    COUNT(
      CASE WHEN o.solved_at IS NULL AND EPOCH($as_of) - EPOCH(o.opened_at) > 7 * 86400 THEN 1 END
    ) AS unsolved,
    COUNT(
      CASE WHEN o.topic IS NOT NULL AND EPOCH(o.opened_at) - EPOCH(o.before_at) <= 30 * 86400 THEN 1 END
    ) AS repeated
  FROM opened AS o
  WHERE EPOCH($as_of) - EPOCH(o.opened_at) <= 365 * 86400
  GROUP BY o.customer_id
),
talked AS (
  SELECT m.customer_id, COUNT(DISTINCT COALESCE(m.conversation_id, m.message_id)) AS conversations
  FROM messages AS m
  WHERE
    m.customer_id IS NOT NULL
    AND m.ticket_id IS NULL
    AND m.direction = 'inbound'
    AND EPOCH($as_of) - EPOCH(m.sent_at) <= 365 * 86400
  GROUP BY m.customer_id
),
waits AS (
  SELECT
    r.customer_id,
    AVG(CASE WHEN r.in_usual_time THEN 1.0 WHEN NOT r.in_usual_time THEN 0.0 END) AS in_usual_time,
    COUNT(r.in_usual_time) AS judged
  FROM replies AS r
  WHERE r.customer_id IS NOT NULL AND EPOCH($as_of) - EPOCH(r.opened_at) <= 365 * 86400
  GROUP BY r.customer_id
),
who AS (
  SELECT c.customer_id FROM cases AS c
  UNION SELECT t.customer_id FROM talked AS t
)
SELECT
  w.customer_id AS row_id,
  w.customer_id,
  COALESCE(c.tickets, 0) + COALESCE(t.conversations, 0) AS spoke,
  CASE WHEN h.says THEN COALESCE(c.unsolved, 0) END AS unsolved,
  COALESCE(c.repeated, 0) AS repeated,
  COALESCE(c.tickets, 0) AS tickets,
  a.in_usual_time,
  COALESCE(a.judged, 0) AS judged
FROM who AS w
CROSS JOIN habit AS h
LEFT JOIN cases AS c ON c.customer_id = w.customer_id
LEFT JOIN talked AS t ON t.customer_id = w.customer_id
LEFT JOIN waits AS a ON a.customer_id = w.customer_id
