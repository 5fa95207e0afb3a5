-- One row is a customer and a day on which they gave a sign of life, of the last year before the cut-off.
--
-- A sign of life is something that the customer did: an order, a day of use, a visit or login, a click on a letter or an
-- answer to one, a message to the company, a case brought to the desk, a survey answered, a recommendation. None are:
-- an opened letter (machines open them), a failed or paid bill, an outage or a delay that befell them, a cancellation and
-- whatever is about it. Where use is recorded day by day half a year is looked at, which is rhythm enough.
WITH signs AS (
  SELECT o.customer_id, o.ordered_at AS at, 0 AS used FROM orders AS o
  UNION ALL
  SELECT u.customer_id, CAST(u.day AS TIMESTAMP) AS at, 1 AS used FROM usage AS u
  UNION ALL
  SELECT e.customer_id, e.at, 0 AS used
  FROM events AS e
  WHERE
    LOWER(e.name) NOT LIKE '%outage%'
    AND LOWER(e.name) NOT LIKE '%incident%'
    AND LOWER(e.name) NOT LIKE '%delay%'
    AND LOWER(e.name) NOT LIKE '%fail%'
    AND LOWER(e.name) NOT LIKE '%cancel%'
    AND LOWER(e.name) NOT LIKE '%clos%'
    AND LOWER(e.name) NOT LIKE '%unsubscri%'
  UNION ALL
  SELECT t.customer_id, t.clicked_at AS at, 0 AS used FROM touches AS t WHERE t.unsubscribed_at IS NULL
  UNION ALL
  SELECT t.customer_id, t.replied_at AS at, 0 AS used FROM touches AS t WHERE t.unsubscribed_at IS NULL
  UNION ALL
  SELECT m.customer_id, m.sent_at AS at, 0 AS used
  FROM messages AS m
  WHERE m.direction = 'inbound' AND m.ticket_id IS NULL
  UNION ALL
  SELECT k.customer_id, k.opened_at AS at, 0 AS used FROM own_cases AS k WHERE NOT k.leaving
  UNION ALL
  SELECT f.customer_id, f.answered_at AS at, 0 AS used FROM feedback AS f
  UNION ALL
  SELECT r.referrer_id AS customer_id, r.at, 0 AS used FROM referrals AS r
),
lately AS (
  SELECT s.*
  FROM signs AS s
  WHERE
    s.customer_id IS NOT NULL
    AND s.at IS NOT NULL
    AND s.at < $as_of
    AND EPOCH($as_of) - EPOCH(s.at) <= 364 * 86400
),
reach AS (
  SELECT CASE WHEN MAX(l.used) = 1 THEN 182 ELSE 364 END AS days FROM lately AS l
)
SELECT DISTINCT s.customer_id, CAST(s.at AS DATE) AS day
FROM lately AS s
CROSS JOIN reach AS r
WHERE EPOCH($as_of) - EPOCH(s.at) <= r.days * 86400
