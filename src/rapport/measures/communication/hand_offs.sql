-- One row is a ticket whose number of hand-offs is known: how often it changed hands, and what followed.
--
-- `hand_offs` is counted up to ten, so that one ticket that wandered for weeks does not stand for hundreds; `passed_on`
-- means at least one, `passed_around` at least two (three pairs of hands). `satisfied` is whether the customer's own
-- answer about this ticket is in the upper part of its scale (4 or 5 of 5; on any scale the upper two fifths), null
-- without an answer. `came_back` is whether the customer, who had ordered before the ticket, ordered again within ninety
-- days after the ticket was opened; null where that time is not over, or without earlier orders. Both are outcomes that
-- go along with hand-offs; difficult cases are passed on more and end worse by themselves. `month` is the UTC month.
--
-- Wrong when the source counts a change of assignee within one team, or an automatic routing, as a hand-off.
WITH cases AS (
  SELECT
    t.ticket_id AS row_id,
    t.customer_id,
    t.team,
    t.channel,
    t.topic,
    t.priority,
    t.opened_at,
    LEAST(t.handoffs, 10) AS hand_offs
  FROM tickets AS t
  WHERE t.opened_at >= $start AND t.handoffs >= 0
),
felt AS (
  SELECT
    f.ticket_id,
    AVG(
      CASE
        WHEN f.score >= COALESCE(f.scale_min, 1) + 0.6 * (COALESCE(f.scale_max, 5) - COALESCE(f.scale_min, 1)) + 1e-9 THEN 1.0
        ELSE 0.0
      END
    ) AS satisfied
  FROM feedback AS f
  WHERE f.ticket_id IS NOT NULL AND f.score IS NOT NULL AND f.kind IN ('csat', 'nps', 'review')
  GROUP BY f.ticket_id
),
bought AS (
  SELECT
    c.row_id,
    COUNT(CASE WHEN o.ordered_at < c.opened_at THEN 1 END) AS orders_before,
    COUNT(CASE WHEN o.ordered_at >= c.opened_at AND EPOCH(o.ordered_at) < EPOCH(c.opened_at) + 90 * 86400 THEN 1 END) AS orders_after
  FROM cases AS c
  JOIN orders AS o ON o.customer_id = c.customer_id
  GROUP BY c.row_id
)
SELECT
  c.row_id,
  c.customer_id,
  c.team,
  c.channel,
  c.topic,
  c.priority,
  c.opened_at,
  c.hand_offs,
  c.hand_offs >= 1 AS passed_on,
  c.hand_offs >= 2 AS passed_around,
  f.satisfied,
  CASE WHEN b.orders_before > 0 AND EPOCH(c.opened_at) + 90 * 86400 <= EPOCH($as_of) THEN b.orders_after > 0 END AS came_back,
  CAST(DATE_TRUNC('month', c.opened_at) AS DATE) AS month
FROM cases AS c
LEFT JOIN felt AS f ON f.ticket_id = c.row_id
LEFT JOIN bought AS b ON b.row_id = c.row_id
