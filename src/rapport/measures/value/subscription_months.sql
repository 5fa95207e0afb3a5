-- One row is a customer in a full month (and currency): what they paid a month when it began and when it ended.
--
-- A month is full when it lies wholly within the period and before the cut-off; `months_ago` is 0 for the newest.
-- Beginning and end are the instants before midnight: whoever leaves at midnight on the first leaves in the month that
-- then begins. `at_start` says that something ran when the month began; `lost` that nothing did when it ended, in any
-- currency (empty for those who were not there at the start). A change of plan is no loss. Who joins and leaves within a
-- month was at no start: neither won nor lost. `lost_by_payment` is a loss after a failed payment, `lost_by_choice` any
-- other. `churned_mrr`, `contraction_mrr` and `expansion_mrr` move what ran at the start; `new_mrr` is of customers
-- never seen before, `reactivated_mrr` of those who had left in an earlier month. Currencies are never added up;
-- `leads` marks one row for each customer and month, for counting customers. `plan` is that of the start (the first in
-- the alphabet where a customer has several), of the end for those who came. Money is a month's, in `currency`.
WITH starts AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', k.day) AS TIMESTAMP) AS starts FROM calendar AS k
),
months AS (
  SELECT s.starts, LEAD(s.starts) OVER (ORDER BY s.starts) AS ends FROM starts AS s
),
full_months AS (
  SELECT
    m.starts,
    m.ends,
    MAX(EXTRACT(YEAR FROM m.starts) * 12 + EXTRACT(MONTH FROM m.starts)) OVER ()
    - (EXTRACT(YEAR FROM m.starts) * 12 + EXTRACT(MONTH FROM m.starts)) AS months_ago
  FROM months AS m
  CROSS JOIN (SELECT MIN(p.valid_from) AS record_from FROM subscription_spans AS p) AS f
  WHERE m.ends <= $as_of AND m.starts >= $start AND m.ends > f.record_from
),
states AS (
  SELECT
    p.customer_id,
    p.currency,
    m.starts,
    m.ends,
    m.months_ago,
    MIN(p.first_from) AS first_from,
    SUM(
      CASE WHEN p.valid_from < m.starts AND (p.ends_at IS NULL OR p.ends_at >= m.starts) THEN p.mrr ELSE 0 END
    ) AS start_mrr,
    SUM(
      CASE WHEN p.valid_from < m.ends AND (p.ends_at IS NULL OR p.ends_at >= m.ends) THEN p.mrr ELSE 0 END
    ) AS end_mrr,
    MIN(
      CASE WHEN p.valid_from < m.starts AND (p.ends_at IS NULL OR p.ends_at >= m.starts) THEN p.plan END
    ) AS plan_at_start,
    MIN(p.plan) AS any_plan,
    MAX(
      CASE WHEN p.ends_at >= m.starts AND p.ends_at < m.ends AND p.end_reason = 'payment_failure' THEN 1 ELSE 0 END
    ) AS payment_failed
  FROM full_months AS m
  JOIN subscription_spans AS p ON p.valid_from < m.ends AND (p.ends_at IS NULL OR p.ends_at >= m.starts)
  GROUP BY p.customer_id, p.currency, m.starts, m.ends, m.months_ago
),
judged AS (
  SELECT
    s.*,
    SUM(s.start_mrr) OVER (PARTITION BY s.customer_id, s.starts) > 0 AS at_start,
    SUM(s.end_mrr) OVER (PARTITION BY s.customer_id, s.starts) > 0 AS at_end,
    MAX(s.payment_failed) OVER (PARTITION BY s.customer_id, s.starts) AS failed,
    ROW_NUMBER() OVER (
      PARTITION BY s.customer_id, s.starts ORDER BY CASE WHEN s.start_mrr > 0 THEN 0 ELSE 1 END, s.currency
    ) AS place
  FROM states AS s
)
SELECT
  CONCAT(j.customer_id, '/', j.currency, '/', CAST(CAST(j.starts AS DATE) AS VARCHAR)) AS row_id,
  j.customer_id,
  j.currency,
  COALESCE(j.plan_at_start, j.any_plan) AS plan,
  c.acquisition_channel,
  c.region,
  CAST(j.months_ago AS INTEGER) AS months_ago,
  j.place = 1 AS leads,
  j.at_start,
  j.start_mrr,
  j.end_mrr,
  CASE WHEN j.at_start AND j.place = 1 THEN NOT j.at_end END AS lost,
  CASE WHEN j.at_start AND j.place = 1 THEN NOT j.at_end AND j.failed = 0 END AS lost_by_choice,
  CASE WHEN j.at_start AND j.place = 1 THEN NOT j.at_end AND j.failed = 1 END AS lost_by_payment,
  CASE WHEN j.end_mrr = 0 THEN j.start_mrr ELSE 0 END AS churned_mrr,
  CASE WHEN j.end_mrr > 0 AND j.end_mrr < j.start_mrr THEN j.start_mrr - j.end_mrr ELSE 0 END AS contraction_mrr,
  CASE WHEN j.start_mrr > 0 AND j.end_mrr > j.start_mrr THEN j.end_mrr - j.start_mrr ELSE 0 END AS expansion_mrr,
  CASE WHEN NOT j.at_start AND j.first_from >= j.starts THEN j.end_mrr ELSE 0 END AS new_mrr,
  CASE WHEN NOT j.at_start AND j.first_from < j.starts THEN j.end_mrr ELSE 0 END AS reactivated_mrr,
  CAST(j.starts AS DATE) AS month
FROM judged AS j
LEFT JOIN customers AS c ON c.customer_id = j.customer_id
