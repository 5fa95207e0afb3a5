-- One row is a case that a declared promise covers, and whether the promise was kept.
--
-- `kept` is true up to the target, false beyond it, also where the case has not ended and is older already; null where
-- it has not ended and may still be kept. `over` is by how much the target was missed (negative: kept with so much to
-- spare). A promise to a segment covers the cases of that segment only.
SELECT
  p.promise_id || '/' || q.case_id AS row_id,
  p.promise_id,
  p.quantity,
  q.case_id,
  q.customer_id,
  q.region,
  q.country,
  q.segment,
  q.plan,
  q.channel,
  q.team,
  q.topic,
  q.priority,
  q.at,
  q.value,
  p.target,
  p.promised_share,
  q.value - p.target AS over,
  CASE WHEN q.ended THEN q.value <= p.target WHEN q.value > p.target THEN FALSE END AS kept,
  q.month
FROM promise_quantities AS q
JOIN declared_promises AS p ON p.quantity = q.quantity
WHERE (p.by_column IS NULL OR p.by_value = CASE p.by_column
    WHEN 'region' THEN q.region
    WHEN 'country' THEN q.country
    WHEN 'segment' THEN q.segment
    WHEN 'plan' THEN q.plan
    WHEN 'channel' THEN q.channel
    WHEN 'team' THEN q.team
    WHEN 'topic' THEN q.topic
    WHEN 'priority' THEN q.priority
  END)
  AND (p.by_column_2 IS NULL OR p.by_value_2 = CASE p.by_column_2
    WHEN 'region' THEN q.region
    WHEN 'country' THEN q.country
    WHEN 'segment' THEN q.segment
    WHEN 'plan' THEN q.plan
    WHEN 'channel' THEN q.channel
    WHEN 'team' THEN q.team
    WHEN 'topic' THEN q.topic
    WHEN 'priority' THEN q.priority
  END)
