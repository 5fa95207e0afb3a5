-- One row is a case that a customer brought to the help desk in the last 364 days before the cut-off.
--
-- `leaving` says that it is about cancelling or closing the account, in the words of the larger European languages: no
-- sign of life, and to foretell from it who leaves would be to read it off. `solved_at` is when it was first solved: dates
-- that are moved when a case is opened again would tell what came later.
SELECT
  t.ticket_id AS row_id,
  t.customer_id,
  t.topic,
  t.opened_at,
  t.first_reply_at,
  COALESCE(t.first_resolved_at, t.resolved_at) AS solved_at,
  LOWER(COALESCE(t.topic, '')) LIKE '%cancel%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%clos%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%terminat%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%unsubscri%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%ndig%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%sili%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%opzeg%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%disdett%'
  OR LOWER(COALESCE(t.topic, '')) LIKE '%baja%' AS leaving
FROM tickets AS t
WHERE
  t.customer_id IS NOT NULL
  AND COALESCE(t.opened_by, 'customer') = 'customer'
  AND EPOCH($as_of) - EPOCH(t.opened_at) <= 364 * 86400
