-- One row is a customer won in a month for which it is known what winning cost: what they brought in their first year.
--
-- A customer is won when they were created, else with the first order or paid period, if that lies at least 91 days after
-- the first one in the record; who never ordered or paid was not won. Only months of which everybody has been a customer
-- for a whole year are there (see `spending`). `revenue` is orders less refunds within 365 days, and the price of
-- subscriptions on the first of each month within twelve, the day they were won included: who begins on the first pays
-- for that month, who ends on it does not. `margin` is the declared share of it. Costs of serving them are not in it.
-- `currencies` says whether more than one was paid in, `paid_for` whether anything is known to have been spent on the
-- channel they came by in the month they were won.
WITH months AS (
  SELECT DISTINCT s.month FROM spending AS s WHERE s.kind = 'acquisition' AND s.judged
),
bought AS (
  SELECT DISTINCT s.month, s.channel FROM spending AS s WHERE s.kind = 'acquisition' AND s.channel IS NOT NULL
),
starts AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', k.day) AS DATE) AS day FROM calendar AS k
),
begun AS (
  SELECT s.customer_id, MIN(s.at) AS first_at FROM sales AS s WHERE s.customer_id IS NOT NULL AND s.counts
  GROUP BY s.customer_id
  UNION ALL
  SELECT p.customer_id, MIN(p.first_from) AS first_at FROM subscription_spans AS p GROUP BY p.customer_id
),
firsts AS (
  SELECT b.customer_id, MIN(b.first_at) AS first_at FROM begun AS b GROUP BY b.customer_id
),
edge AS (
  SELECT MIN(f.first_at) AS record_from FROM firsts AS f
),
won AS (
  SELECT
    c.customer_id,
    c.acquisition_channel,
    COALESCE(
      c.created_at, CASE WHEN EPOCH(f.first_at) - EPOCH(e.record_from) >= 91 * 86400 THEN f.first_at END
    ) AS won_at
  FROM customers AS c
  JOIN firsts AS f ON f.customer_id = c.customer_id
  LEFT JOIN edge AS e ON TRUE
),
amounts AS (
  SELECT w.customer_id, CAST(s.revenue AS DOUBLE) AS revenue, s.currency
  FROM won AS w
  JOIN sales AS s
    ON s.customer_id = w.customer_id
    AND CAST(s.at AS DATE) >= CAST(w.won_at AS DATE)
    AND EPOCH(s.at) < EPOCH(w.won_at) + 365 * 86400
  UNION ALL
  SELECT w.customer_id, CAST(p.mrr AS DOUBLE) AS revenue, p.currency
  FROM won AS w
  JOIN subscription_spans AS p ON p.customer_id = w.customer_id
  JOIN starts AS s
    ON s.day >= CAST(w.won_at AS DATE)
    AND s.day >= CAST(p.valid_from AS DATE)
    AND (p.ends_at IS NULL OR s.day < CAST(p.ends_at AS DATE))
  WHERE CAST(s.day AS TIMESTAMP) < $as_of
    AND (EXTRACT(YEAR FROM s.day) - EXTRACT(YEAR FROM w.won_at)) * 12
      + EXTRACT(MONTH FROM s.day) - EXTRACT(MONTH FROM w.won_at)
      < CASE WHEN EXTRACT(DAY FROM w.won_at) = 1 THEN 12 ELSE 13 END
),
brought AS (
  SELECT a.customer_id, SUM(a.revenue) AS revenue, COUNT(DISTINCT a.currency) AS currencies
  FROM amounts AS a
  GROUP BY a.customer_id
)
SELECT
  w.customer_id AS row_id,
  w.customer_id,
  w.acquisition_channel,
  w.won_at,
  COALESCE(b.revenue, 0) AS revenue,
  COALESCE(b.revenue, 0) * $gross_margin AS margin,
  COALESCE(b.currencies, 0) AS currencies,
  x.channel IS NOT NULL AS paid_for,
  m.month
FROM won AS w
JOIN months AS m ON m.month = CAST(DATE_TRUNC('month', w.won_at) AS DATE)
LEFT JOIN bought AS x ON x.month = m.month AND x.channel = w.acquisition_channel
LEFT JOIN brought AS b ON b.customer_id = w.customer_id
