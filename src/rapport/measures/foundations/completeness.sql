-- One row is a column of the record on one day from one source: how many rows should hold a value, how many do not.
--
-- `table` and `column` say which, `source` the file or connector the rows came from, `n` the rows that should hold a value,
-- `missing` those that do not (empty text counts as missing). Only columns are looked at in which an empty value says
-- nothing by itself; outcomes (delivered, answered, solved, first contact) only on rows old enough to have had one,
-- 30 days, 60 for solutions; scores only of answered surveys. A column that was never filled at all is not collected
-- and left out. The day is that of the row's own event.
--
-- Wrong where empty means something in one source (guests without a customer id, for instance) and not in another.
WITH customers_days AS (
  SELECT
    CAST(t.created_at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.email, '')) AS email,
    COUNT(NULLIF(t.country, '')) AS country,
    COUNT(NULLIF(t.region, '')) AS region,
    COUNT(NULLIF(t.language, '')) AS language,
    COUNT(NULLIF(t.acquisition_channel, '')) AS acquisition_channel
  FROM customers AS t
  WHERE t.created_at >= $start
  GROUP BY CAST(t.created_at AS DATE), t._source
),
orders_seen AS (
  SELECT
    t.order_id,
    CAST(t.ordered_at AS DATE) AS day,
    t._source AS origin,
    NULLIF(t.customer_id, '') IS NOT NULL AS customer_id,
    t.amount IS NOT NULL AS amount,
    NULLIF(t.status, '') IS NOT NULL AS status,
    NULLIF(t.channel, '') IS NOT NULL AS channel,
    NULLIF(t.region, '') IS NOT NULL AS region,
    t.promised_at IS NOT NULL AS promised_at,
    t.shipped_at IS NOT NULL AS shipped_at,
    t.delivered_at IS NOT NULL AS delivered_at,
    COALESCE(t.status, 'completed') = 'completed' AND EPOCH(t.ordered_at) < EPOCH($as_of) - 2592000 AS due
  FROM orders AS t
  WHERE t.ordered_at >= $start
),
orders_days AS (
  SELECT
    t.day,
    t.origin,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE t.customer_id) AS customer_id,
    COUNT(*) FILTER (WHERE t.amount) AS amount,
    COUNT(*) FILTER (WHERE t.status) AS status,
    COUNT(*) FILTER (WHERE t.channel) AS channel,
    COUNT(*) FILTER (WHERE t.region) AS region,
    COUNT(*) FILTER (WHERE t.promised_at) AS promised_at,
    COUNT(*) FILTER (WHERE t.due) AS of_shipped_at,
    COUNT(*) FILTER (WHERE t.due AND t.shipped_at) AS shipped_at,
    COUNT(*) FILTER (WHERE t.due) AS of_delivered_at,
    COUNT(*) FILTER (WHERE t.due AND t.delivered_at) AS delivered_at
  FROM orders_seen AS t
  GROUP BY t.day, t.origin
),
payments_days AS (
  SELECT
    CAST(COALESCE(t.paid_at, t.due_at) AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(t.amount) AS amount,
    COUNT(NULLIF(t.status, '')) AS status,
    COUNT(NULLIF(t.method, '')) AS method,
    COUNT(NULLIF(t.provider, '')) AS provider
  FROM payments AS t
  WHERE COALESCE(t.paid_at, t.due_at) >= $start AND COALESCE(t.paid_at, t.due_at) < $as_of
  GROUP BY CAST(COALESCE(t.paid_at, t.due_at) AS DATE), t._source
),
tickets_days AS (
  SELECT
    CAST(t.opened_at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.customer_id, '')) AS customer_id,
    COUNT(NULLIF(t.channel, '')) AS channel,
    COUNT(NULLIF(t.topic, '')) AS topic,
    COUNT(NULLIF(t.priority, '')) AS priority,
    COUNT(NULLIF(t.team, '')) AS team,
    COUNT(*) FILTER (WHERE EPOCH(t.opened_at) < EPOCH($as_of) - 2592000)
      AS of_first_reply_at,
    COUNT(t.first_reply_at) FILTER (WHERE EPOCH(t.opened_at) < EPOCH($as_of) - 2592000)
      AS first_reply_at,
    COUNT(*) FILTER (WHERE EPOCH(t.opened_at) < EPOCH($as_of) - 5184000)
      AS of_resolved_at,
    COUNT(t.resolved_at) FILTER (WHERE EPOCH(t.opened_at) < EPOCH($as_of) - 5184000)
      AS resolved_at
  FROM tickets AS t
  WHERE t.opened_at >= $start
  GROUP BY CAST(t.opened_at AS DATE), t._source
),
messages_days AS (
  SELECT
    CAST(t.sent_at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.customer_id, '')) AS customer_id,
    COUNT(NULLIF(t.direction, '')) AS direction,
    COUNT(NULLIF(t.author_kind, '')) AS author_kind,
    COUNT(NULLIF(t.channel, '')) AS channel,
    COUNT(NULLIF(t.text, '')) AS text,
    COUNT(*) FILTER (WHERE t.direction = 'outbound')
      AS of_team,
    COUNT(NULLIF(t.team, '')) FILTER (WHERE t.direction = 'outbound')
      AS team
  FROM messages AS t
  WHERE t.sent_at >= $start
  GROUP BY CAST(t.sent_at AS DATE), t._source
),
touches_days AS (
  SELECT
    CAST(t.sent_at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.channel, '')) AS channel,
    COUNT(NULLIF(t.purpose, '')) AS purpose,
    COUNT(NULLIF(t.team, '')) AS team
  FROM touches AS t
  WHERE t.sent_at >= $start
  GROUP BY CAST(t.sent_at AS DATE), t._source
),
feedback_days AS (
  SELECT
    CAST(COALESCE(t.asked_at, t.answered_at) AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.customer_id, '')) AS customer_id,
    COUNT(NULLIF(t.touchpoint, '')) AS touchpoint,
    COUNT(NULLIF(t.channel, '')) AS channel,
    COUNT(NULLIF(t.source, '')) AS source,
    COUNT(t.asked_at) AS asked_at,
    COUNT(*) FILTER (WHERE t.answered_at IS NOT NULL)
      AS of_score,
    COUNT(t.score) FILTER (WHERE t.answered_at IS NOT NULL)
      AS score
  FROM feedback AS t
  WHERE t.kind IN ('nps', 'csat', 'ces') AND COALESCE(t.asked_at, t.answered_at) >= $start
  GROUP BY CAST(COALESCE(t.asked_at, t.answered_at) AS DATE), t._source
),
events_days AS (
  SELECT
    CAST(t.at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.stage, '')) AS stage,
    COUNT(NULLIF(t.channel, '')) AS channel,
    COUNT(NULLIF(t.device, '')) AS device
  FROM events AS t
  WHERE t.at >= $start
  GROUP BY CAST(t.at AS DATE), t._source
),
deals_days AS (
  SELECT
    CAST(t.created_at AS DATE) AS day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.source, '')) AS source,
    COUNT(NULLIF(t.team, '')) AS team,
    COUNT(t.amount) AS amount,
    COUNT(*) FILTER (WHERE EPOCH(t.created_at) < EPOCH($as_of) - 2592000)
      AS of_first_contact_at,
    COUNT(t.first_contact_at) FILTER (WHERE EPOCH(t.created_at) < EPOCH($as_of) - 2592000)
      AS first_contact_at
  FROM deals AS t
  WHERE t.created_at >= $start
  GROUP BY CAST(t.created_at AS DATE), t._source
),
order_lines_days AS (
  SELECT
    o.day,
    t._source AS origin,
    COUNT(*) AS n,
    COUNT(NULLIF(t.category, '')) AS category,
    COUNT(t.quantity) AS quantity,
    COUNT(t.unit_price) AS unit_price
  FROM order_lines AS t
  JOIN orders_seen AS o ON o.order_id = t.order_id
  GROUP BY o.day, t._source
),
long AS (
  SELECT 'customers' AS "table", 'email' AS "column", day, origin, n, email AS filled FROM customers_days
  UNION ALL
  SELECT 'customers' AS "table", 'country' AS "column", day, origin, n, country AS filled FROM customers_days
  UNION ALL
  SELECT 'customers' AS "table", 'region' AS "column", day, origin, n, region AS filled FROM customers_days
  UNION ALL
  SELECT 'customers' AS "table", 'language' AS "column", day, origin, n, language AS filled FROM customers_days
  UNION ALL
  SELECT 'customers' AS "table", 'acquisition_channel' AS "column", day, origin, n, acquisition_channel AS filled FROM customers_days
  UNION ALL
  SELECT 'orders' AS "table", 'customer_id' AS "column", day, origin, n, customer_id AS filled FROM orders_days
  UNION ALL
  SELECT 'orders' AS "table", 'amount' AS "column", day, origin, n, amount AS filled FROM orders_days
  UNION ALL
  SELECT 'orders' AS "table", 'status' AS "column", day, origin, n, status AS filled FROM orders_days
  UNION ALL
  SELECT 'orders' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM orders_days
  UNION ALL
  SELECT 'orders' AS "table", 'region' AS "column", day, origin, n, region AS filled FROM orders_days
  UNION ALL
  SELECT 'orders' AS "table", 'promised_at' AS "column", day, origin, n, promised_at AS filled FROM orders_days
  UNION ALL
  SELECT 'orders', 'shipped_at', day, origin, of_shipped_at, shipped_at FROM orders_days
  UNION ALL
  SELECT 'orders', 'delivered_at', day, origin, of_delivered_at, delivered_at FROM orders_days
  UNION ALL
  SELECT 'payments' AS "table", 'amount' AS "column", day, origin, n, amount AS filled FROM payments_days
  UNION ALL
  SELECT 'payments' AS "table", 'status' AS "column", day, origin, n, status AS filled FROM payments_days
  UNION ALL
  SELECT 'payments' AS "table", 'method' AS "column", day, origin, n, method AS filled FROM payments_days
  UNION ALL
  SELECT 'payments' AS "table", 'provider' AS "column", day, origin, n, provider AS filled FROM payments_days
  UNION ALL
  SELECT 'tickets' AS "table", 'customer_id' AS "column", day, origin, n, customer_id AS filled FROM tickets_days
  UNION ALL
  SELECT 'tickets' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM tickets_days
  UNION ALL
  SELECT 'tickets' AS "table", 'topic' AS "column", day, origin, n, topic AS filled FROM tickets_days
  UNION ALL
  SELECT 'tickets' AS "table", 'priority' AS "column", day, origin, n, priority AS filled FROM tickets_days
  UNION ALL
  SELECT 'tickets' AS "table", 'team' AS "column", day, origin, n, team AS filled FROM tickets_days
  UNION ALL
  SELECT 'tickets', 'first_reply_at', day, origin, of_first_reply_at, first_reply_at FROM tickets_days
  UNION ALL
  SELECT 'tickets', 'resolved_at', day, origin, of_resolved_at, resolved_at FROM tickets_days
  UNION ALL
  SELECT 'messages' AS "table", 'customer_id' AS "column", day, origin, n, customer_id AS filled FROM messages_days
  UNION ALL
  SELECT 'messages' AS "table", 'direction' AS "column", day, origin, n, direction AS filled FROM messages_days
  UNION ALL
  SELECT 'messages' AS "table", 'author_kind' AS "column", day, origin, n, author_kind AS filled FROM messages_days
  UNION ALL
  SELECT 'messages' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM messages_days
  UNION ALL
  SELECT 'messages' AS "table", 'text' AS "column", day, origin, n, text AS filled FROM messages_days
  UNION ALL
  SELECT 'messages', 'team', day, origin, of_team, team FROM messages_days
  UNION ALL
  SELECT 'touches' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM touches_days
  UNION ALL
  SELECT 'touches' AS "table", 'purpose' AS "column", day, origin, n, purpose AS filled FROM touches_days
  UNION ALL
  SELECT 'touches' AS "table", 'team' AS "column", day, origin, n, team AS filled FROM touches_days
  UNION ALL
  SELECT 'feedback' AS "table", 'customer_id' AS "column", day, origin, n, customer_id AS filled FROM feedback_days
  UNION ALL
  SELECT 'feedback' AS "table", 'touchpoint' AS "column", day, origin, n, touchpoint AS filled FROM feedback_days
  UNION ALL
  SELECT 'feedback' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM feedback_days
  UNION ALL
  SELECT 'feedback' AS "table", 'source' AS "column", day, origin, n, source AS filled FROM feedback_days
  UNION ALL
  SELECT 'feedback' AS "table", 'asked_at' AS "column", day, origin, n, asked_at AS filled FROM feedback_days
  UNION ALL
  SELECT 'feedback', 'score', day, origin, of_score, score FROM feedback_days
  UNION ALL
  SELECT 'events' AS "table", 'stage' AS "column", day, origin, n, stage AS filled FROM events_days
  UNION ALL
  SELECT 'events' AS "table", 'channel' AS "column", day, origin, n, channel AS filled FROM events_days
  UNION ALL
  SELECT 'events' AS "table", 'device' AS "column", day, origin, n, device AS filled FROM events_days
  UNION ALL
  SELECT 'deals' AS "table", 'source' AS "column", day, origin, n, source AS filled FROM deals_days
  UNION ALL
  SELECT 'deals' AS "table", 'team' AS "column", day, origin, n, team AS filled FROM deals_days
  UNION ALL
  SELECT 'deals' AS "table", 'amount' AS "column", day, origin, n, amount AS filled FROM deals_days
  UNION ALL
  SELECT 'deals', 'first_contact_at', day, origin, of_first_contact_at, first_contact_at FROM deals_days
  UNION ALL
  SELECT 'order_lines' AS "table", 'category' AS "column", day, origin, n, category AS filled FROM order_lines_days
  UNION ALL
  SELECT 'order_lines' AS "table", 'quantity' AS "column", day, origin, n, quantity AS filled FROM order_lines_days
  UNION ALL
  SELECT 'order_lines' AS "table", 'unit_price' AS "column", day, origin, n, unit_price AS filled FROM order_lines_days
)
SELECT
  l."table",
  l."column",
  l.origin AS source,
  l.day,
  CAST(DATE_TRUNC('month', l.day) AS DATE) AS month,
  l.n,
  l.n - l.filled AS missing
FROM (SELECT long.*, SUM(long.filled) OVER (PARTITION BY long."table", long."column") AS ever FROM long) AS l
WHERE l.ever > 0 AND l.n > 0
