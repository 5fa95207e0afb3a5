-- One row is an order of a customer: whether they were asked afterwards how it was.
--
-- `asked` says that a survey (NPS, CSAT or CES) is linked to the order; `satisfied` is the answer to a CSAT question.
-- `experience` tells orders that came later than promised or were sent back from those that went well. `due` says that it
-- could have been asked about: not cancelled, arrived (or, where nothing says so, ordered) at least a week before the
-- cut-off, in the months in which this company asked about orders at all.
--
-- Wrong where surveys are not linked to orders.
WITH linked AS (
  SELECT
    f.order_id,
    MIN(COALESCE(f.asked_at, f.answered_at)) AS asked_at,
    MAX(CASE WHEN a.satisfied THEN 1 WHEN NOT a.satisfied THEN 0 END) AS satisfied
  FROM feedback AS f
  LEFT JOIN answers AS a ON a.row_id = f.feedback_id
  WHERE f.order_id IS NOT NULL AND f.kind IN ('nps', 'csat', 'ces')
  GROUP BY f.order_id
),
spell AS (
  SELECT MIN(l.asked_at) AS asked_from, MAX(l.asked_at) AS asked_to FROM linked AS l
),
placed AS (
  SELECT
    o.order_id,
    o.customer_id,
    o.ordered_at,
    o.channel,
    o.region,
    COALESCE(o.status, 'completed') <> 'cancelled' AS kept,
    COALESCE(o.delivered_at, o.ordered_at) AS arrived_at,
    o.delivered_at > o.promised_at AS late,
    o.returned_at IS NOT NULL OR COALESCE(o.status, 'completed') = 'returned' AS sent_back
  FROM orders AS o
  WHERE o.customer_id IS NOT NULL AND o.ordered_at >= $start
)
SELECT
  o.order_id AS row_id,
  o.customer_id,
  o.channel,
  COALESCE(o.region, c.region, c.country) AS region,
  c.segment,
  c.plan,
  c.acquisition_channel,
  CASE WHEN o.late OR o.sent_back THEN 'orders late or sent back' ELSE 'orders that went well' END AS experience,
  l.order_id IS NOT NULL AS asked,
  l.satisfied = 1 AS satisfied,
  COALESCE(
    o.kept
      AND o.arrived_at >= p.asked_from
      AND o.arrived_at <= p.asked_to
      AND EPOCH(o.arrived_at) < EPOCH($as_of) - 7 * 86400,
    FALSE
  ) AS due,
  CAST(DATE_TRUNC('month', o.ordered_at) AS DATE) AS month
FROM placed AS o
CROSS JOIN spell AS p
LEFT JOIN linked AS l ON l.order_id = o.order_id
LEFT JOIN customers AS c ON c.customer_id = o.customer_id
