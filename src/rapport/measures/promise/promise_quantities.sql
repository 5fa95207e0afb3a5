-- One row is a case of a quantity that promises and policies may name: how long something took, in its unit.
--
-- `quantity` is delivery_hours (ordered to arrived), delivery_delay_hours (promised to arrived, negative when early),
-- first_reply_hours, first_reply_working_hours, resolution_hours (opened to solved for good) or enquiry_reply_hours (deal
-- created to first contact). `value` runs to the cut-off where it has not `ended` yet: what is over its target then is
-- broken already, what is not is unknown. `segment` and `plan` are the customer's of today, `region` the order's, else
-- the customer's, else the country. Cancelled orders are left out, and of the deliveries what no promise names.
WITH deliveries AS (
  SELECT 'delivery_hours' AS quantity
  UNION ALL SELECT 'delivery_delay_hours'
),
promised AS (
  SELECT d.quantity
  FROM deliveries AS d
  JOIN declared_promises AS p ON p.quantity = d.quantity
  GROUP BY d.quantity
),
cases AS (
  SELECT
    p.quantity,
    o.order_id AS case_id,
    o.customer_id,
    o.ordered_at AS at,
    o.region,
    o.channel,
    CAST(NULL AS VARCHAR) AS team,
    CAST(NULL AS VARCHAR) AS topic,
    CAST(NULL AS VARCHAR) AS priority,
    (
      EPOCH(COALESCE(o.delivered_at, $as_of))
      - EPOCH(CASE WHEN p.quantity = 'delivery_hours' THEN o.ordered_at ELSE o.promised_at END)
    ) / 3600.0 AS value,
    o.delivered_at IS NOT NULL AS ended
  FROM orders AS o
  CROSS JOIN promised AS p
  WHERE o.ordered_at >= $start
    AND COALESCE(o.status, 'completed') <> 'cancelled'
    AND (
      o.promised_at IS NOT NULL
      OR (p.quantity = 'delivery_hours' AND (o.delivered_at IS NOT NULL OR o.shipped_at IS NOT NULL))
    )
  UNION ALL
  SELECT
    'first_reply_hours',
    r.row_id,
    r.customer_id,
    r.opened_at,
    NULL,
    r.channel,
    r.team,
    r.topic,
    r.priority,
    r.wait_seconds / 3600.0,
    r.answered
  FROM replies AS r
  UNION ALL
  SELECT
    'first_reply_working_hours',
    r.row_id,
    r.customer_id,
    r.opened_at,
    NULL,
    r.channel,
    r.team,
    r.topic,
    r.priority,
    r.working_seconds / 3600.0,
    r.answered
  FROM replies AS r
  UNION ALL
  SELECT
    'resolution_hours',
    r.row_id,
    r.customer_id,
    r.opened_at,
    NULL,
    r.channel,
    r.team,
    r.topic,
    r.priority,
    r.full_seconds / 3600.0,
    r.full_ended
  FROM resolutions AS r
  WHERE r.full_ended IS NOT NULL
  UNION ALL
  SELECT
    'enquiry_reply_hours',
    d.deal_id,
    d.customer_id,
    d.created_at,
    NULL,
    d.source,
    d.team,
    NULL,
    NULL,
    (EPOCH(COALESCE(d.first_contact_at, $as_of)) - EPOCH(d.created_at)) / 3600.0,
    d.first_contact_at IS NOT NULL
  FROM deals AS d
  WHERE d.created_at >= $start
)
SELECT
  c.quantity,
  c.case_id,
  c.customer_id,
  COALESCE(c.region, u.region, u.country) AS region,
  u.country,
  u.segment,
  u.plan,
  c.channel,
  c.team,
  c.topic,
  c.priority,
  c.at,
  c.value,
  c.ended,
  CAST(DATE_TRUNC('month', c.at) AS DATE) AS month
FROM cases AS c
LEFT JOIN customers AS u ON u.customer_id = c.customer_id
