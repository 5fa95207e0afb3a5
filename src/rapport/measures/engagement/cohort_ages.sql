-- One row is a customer at one age of the relationship: whether they were still there, at the same age for all.
--
-- `kind` is how the relationship shows itself. For `orders`, age k is the k-th stretch of `step_days` (the horizon of
-- `rhythm`) after the first visit, and `active` is whether the customer ordered in it. For `subscriptions`, age k is k
-- steps of 30 days after the first paid period began, and `active` is whether a paid period ran on that day. Only ages
-- that lie wholly before the cut-off are there: nobody is counted as gone for being young. `month` is the month in which
-- the relationship began: the cohort. Customers at the record's left edge, whose beginning is not known, are left out.
--
-- Wrong for subscriptions where the source keeps only those that still run: old cohorts then consist of survivors.
WITH everyone AS (
  SELECT * FROM buyer_ages
  UNION ALL
  SELECT * FROM subscriber_ages
)
SELECT
  CONCAT(e.kind, '/', e.customer_id, '/', CAST(e.age AS VARCHAR)) AS row_id,
  e.customer_id,
  e.kind,
  e.age,
  e.step_days,
  e.active,
  e.acquisition_channel,
  e.region,
  e.plan,
  e.month
FROM everyone AS e
