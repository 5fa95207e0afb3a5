-- One row is a total of the record: how many rows a table has up to the cut-off, or what its amounts add up to.
--
-- Made for comparing with totals counted elsewhere, so it looks at everything there is, not at the period. `total` is
-- TABLE_count, orders_amount (net of discount, refunds not deducted) or payments_amount; with `_settled` the same without
-- cancelled orders, and without payments that failed or were refunded. A table without rows has 0, no amount is null.
SELECT 'customers' AS "table", 'customers_count' AS total, CAST(COUNT(customer_id) AS DECIMAL(38, 4)) AS value FROM customers
UNION ALL
SELECT 'contacts', 'contacts_count', CAST(COUNT(contact_id) AS DECIMAL(38, 4)) FROM contacts
UNION ALL
SELECT 'orders', 'orders_count', CAST(COUNT(order_id) AS DECIMAL(38, 4)) FROM orders
UNION ALL
SELECT 'order_lines', 'order_lines_count', CAST(COUNT(order_id) AS DECIMAL(38, 4)) FROM order_lines
UNION ALL
SELECT 'subscriptions', 'subscriptions_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM subscriptions
UNION ALL
SELECT 'payments', 'payments_count', CAST(COUNT(payment_id) AS DECIMAL(38, 4)) FROM payments
UNION ALL
SELECT 'tickets', 'tickets_count', CAST(COUNT(ticket_id) AS DECIMAL(38, 4)) FROM tickets
UNION ALL
SELECT 'messages', 'messages_count', CAST(COUNT(message_id) AS DECIMAL(38, 4)) FROM messages
UNION ALL
SELECT 'touches', 'touches_count', CAST(COUNT(touch_id) AS DECIMAL(38, 4)) FROM touches
UNION ALL
SELECT 'feedback', 'feedback_count', CAST(COUNT(feedback_id) AS DECIMAL(38, 4)) FROM feedback
UNION ALL
SELECT 'usage', 'usage_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM usage
UNION ALL
SELECT 'events', 'events_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM events
UNION ALL
SELECT 'referrals', 'referrals_count', CAST(COUNT(referrer_id) AS DECIMAL(38, 4)) FROM referrals
UNION ALL
SELECT 'loyalty', 'loyalty_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM loyalty
UNION ALL
SELECT 'milestones', 'milestones_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM milestones
UNION ALL
SELECT 'deals', 'deals_count', CAST(COUNT(deal_id) AS DECIMAL(38, 4)) FROM deals
UNION ALL
SELECT 'consents', 'consents_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM consents
UNION ALL
SELECT 'tasks', 'tasks_count', CAST(COUNT(task_id) AS DECIMAL(38, 4)) FROM tasks
UNION ALL
SELECT 'spend', 'spend_count', CAST(COUNT(month) AS DECIMAL(38, 4)) FROM spend
UNION ALL
SELECT 'team_months', 'team_months_count', CAST(COUNT(team) AS DECIMAL(38, 4)) FROM team_months
UNION ALL
SELECT 'goals', 'goals_count', CAST(COUNT(customer_id) AS DECIMAL(38, 4)) FROM goals
UNION ALL
SELECT 'orders', 'orders_amount', CAST(SUM(amount) AS DECIMAL(38, 4)) FROM orders
UNION ALL
SELECT 'orders', 'orders_amount_settled', CAST(SUM(amount) AS DECIMAL(38, 4))
FROM orders
WHERE COALESCE(status, 'completed') <> 'cancelled'
UNION ALL
SELECT 'payments', 'payments_amount', CAST(SUM(amount) AS DECIMAL(38, 4)) FROM payments
UNION ALL
SELECT 'payments', 'payments_amount_settled', CAST(SUM(amount) AS DECIMAL(38, 4))
FROM payments
WHERE COALESCE(status, 'succeeded') = 'succeeded'
