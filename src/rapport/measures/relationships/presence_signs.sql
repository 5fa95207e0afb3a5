-- One row is a customer who visited, logged in or wrote in the last 364 days: how lately.
--
-- Moments that happen to customers (an outage, a delay, a missed payment) and those in which they cancel or close are
-- none of theirs. `presence_days` is the time since the last moment or message, `present_28` how many moments there
-- were in the last 28 days, `present_56` in the last 56. Messages of a case count with their case and not here.
WITH moments AS (
  SELECT e.customer_id, e.at, 1 AS counts
  FROM events AS e
  WHERE
    EPOCH($as_of) - EPOCH(e.at) <= 364 * 86400
    AND LOWER(e.name) NOT LIKE '%outage%'
    AND LOWER(e.name) NOT LIKE '%incident%'
    AND LOWER(e.name) NOT LIKE '%delay%'
    AND LOWER(e.name) NOT LIKE '%fail%'
    AND LOWER(e.name) NOT LIKE '%cancel%'
    AND LOWER(e.name) NOT LIKE '%clos%'
    AND LOWER(e.name) NOT LIKE '%unsubscri%'
  UNION ALL
  SELECT m.customer_id, m.sent_at AS at, 0 AS counts
  FROM messages AS m
  WHERE
    m.customer_id IS NOT NULL
    AND m.direction = 'inbound'
    AND m.ticket_id IS NULL
    AND EPOCH($as_of) - EPOCH(m.sent_at) <= 364 * 86400
)
SELECT
  m.customer_id AS row_id,
  m.customer_id,
  (EPOCH($as_of) - EPOCH(MAX(m.at))) / 86400 AS presence_days,
  COUNT(CASE WHEN EPOCH($as_of) - EPOCH(m.at) <= 28 * 86400 AND m.counts = 1 THEN 1 END) AS present_28,
  COUNT(CASE WHEN EPOCH($as_of) - EPOCH(m.at) <= 56 * 86400 AND m.counts = 1 THEN 1 END) AS present_56
FROM moments AS m
GROUP BY m.customer_id
