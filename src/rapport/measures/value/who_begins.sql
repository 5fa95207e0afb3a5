-- One row is a contact that somebody began: by the company before it had to (`by_company`), or by the customer.
--
-- The company's are its useful touches: onboarding, check-in, renewal, service and reward; promotions, surveys and
-- win-back offers are none, nor is what was not delivered. The customer's are the tickets they opened and the
-- conversations without a ticket that begin with their message.
WITH opened AS (
  SELECT
    m.conversation_id,
    m.customer_id,
    m.sent_at,
    m.channel,
    m.direction,
    m.ticket_id,
    ROW_NUMBER() OVER (PARTITION BY m.conversation_id ORDER BY m.sent_at, m.message_id) AS place
  FROM messages AS m
  WHERE m.conversation_id IS NOT NULL
),
begun AS (
  SELECT CONCAT('touch/', t.touch_id) AS row_id, t.customer_id, t.sent_at AS at, t.channel, TRUE AS by_company
  FROM touches AS t
  WHERE
    t.purpose IN ('onboarding', 'check_in', 'renewal', 'service', 'reward') AND COALESCE(t.delivered, TRUE)
  UNION ALL
  SELECT CONCAT('ticket/', t.ticket_id) AS row_id, t.customer_id, t.opened_at AS at, t.channel, FALSE AS by_company
  FROM tickets AS t
  WHERE COALESCE(t.opened_by, 'customer') = 'customer'
  UNION ALL
  SELECT
    CONCAT('conversation/', o.conversation_id) AS row_id, o.customer_id, o.sent_at AS at, o.channel, FALSE AS by_company
  FROM opened AS o
  WHERE o.place = 1 AND o.direction = 'inbound' AND o.ticket_id IS NULL
)
SELECT
  b.row_id,
  b.customer_id,
  b.by_company,
  b.channel,
  CAST(DATE_TRUNC('month', b.at) AS DATE) AS month
FROM begun AS b
WHERE b.at >= $start
