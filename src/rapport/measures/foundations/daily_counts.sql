-- One row is a table of the record on one UTC day, from one source and channel: how many rows it has.
--
-- `n` counts rows by the day of their own event (a feedback row by its answer, else the question). Days without any row
-- are not here. Tables that a person keeps by hand (goals, milestones, spend) and those with no day of their own are
-- left out.
WITH long AS (
  SELECT 'customers' AS "table", CAST(created_at AS DATE) AS day, _source AS source, CAST(NULL AS VARCHAR) AS channel
  FROM customers
  UNION ALL
  SELECT 'orders', CAST(ordered_at AS DATE), _source, channel FROM orders
  UNION ALL
  SELECT 'payments', CAST(paid_at AS DATE), _source, NULL FROM payments
  UNION ALL
  SELECT 'tickets', CAST(opened_at AS DATE), _source, channel FROM tickets
  UNION ALL
  SELECT 'messages', CAST(sent_at AS DATE), _source, channel FROM messages
  UNION ALL
  SELECT 'touches', CAST(sent_at AS DATE), _source, channel FROM touches
  UNION ALL
  SELECT 'feedback', CAST(COALESCE(answered_at, asked_at) AS DATE), _source, channel FROM feedback
  UNION ALL
  SELECT 'usage', day, _source, NULL FROM usage
  UNION ALL
  SELECT 'events', CAST(at AS DATE), _source, channel FROM events
  UNION ALL
  SELECT 'deals', CAST(created_at AS DATE), _source, NULL FROM deals
)
SELECT "table", source, channel, day, COUNT(*) AS n
FROM long
WHERE day >= CAST($start AS DATE) AND day < CAST($as_of AS DATE)
GROUP BY "table", source, channel, day
