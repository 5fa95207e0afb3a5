-- One row is a customer whose beginning is known, at one age: whether they stayed, and who had won them.
--
-- For subscriptions, `stays` is whether a paid period ran 180 days after the first one began (`cohort_ages`); for orders,
-- whether they bought again within the usual time (`first_orders`, its `horizon_days` in `days`). Customers who are too
-- young, or whose beginning lies at the record's left edge, are left out. `alike` names the customers who can be compared:
-- those of the same acquisition channel, region, plan, kind and segment (the segment is that of today and is left out of
-- views of the past). `wave` is the acquisition channel and the half-year in which the customer began. `good_answers` of
-- `answers` of their CSAT and CES answers in the first 180 days were good ones. `month` is that of the beginning.
WITH begun AS (
  SELECT 'subscriptions' AS kind, a.customer_id, a.active AS stays, 180.0 AS days, a.plan, a.month
  FROM cohort_ages AS a
  WHERE a.kind = 'subscriptions' AND a.age = 6
  UNION ALL
  SELECT 'orders' AS kind, f.customer_id, f.returned AS stays, f.horizon_days AS days, NULL AS plan, f.month
  FROM first_orders AS f
  WHERE f.is_first AND f.returned IS NOT NULL
),
said AS (
  SELECT
    b.kind,
    b.customer_id,
    COUNT(*) AS answers,
    SUM(CASE WHEN COALESCE(a.satisfied, a.easy) THEN 1 ELSE 0 END) AS good_answers
  FROM begun AS b
  JOIN answers AS a ON a.customer_id = b.customer_id
  WHERE COALESCE(a.satisfied, a.easy) IS NOT NULL
    AND EPOCH(a.answered_at) < EPOCH(CAST(b.month AS TIMESTAMP)) + 211 * 86400
  GROUP BY b.kind, b.customer_id
)
SELECT
  CONCAT(b.kind, '/', b.customer_id) AS row_id,
  b.customer_id,
  b.kind,
  b.stays,
  b.days,
  b.plan,
  c.acquisition_channel,
  c.acquisition_campaign,
  c.acquired_by,
  c.region,
  c.segment,
  CONCAT(
    COALESCE(c.acquisition_channel, ''), ' | ', COALESCE(c.region, ''), ' | ', COALESCE(b.plan, ''), ' | ',
    COALESCE(c.kind, ''), ' | ', COALESCE(c.segment, '')
  ) AS alike,
  CONCAT(
    COALESCE(c.acquisition_channel, ''), ' | ', CAST(EXTRACT(YEAR FROM b.month) AS VARCHAR), ' | ',
    CASE WHEN EXTRACT(MONTH FROM b.month) <= 6 THEN '1' ELSE '2' END
  ) AS wave,
  s.answers,
  s.good_answers,
  b.month
FROM begun AS b
JOIN customers AS c ON c.customer_id = b.customer_id
LEFT JOIN said AS s ON s.kind = b.kind AND s.customer_id = b.customer_id
