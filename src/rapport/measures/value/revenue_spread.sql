-- One row is a stretch of three months (and kind and currency): how evenly revenue is spread over the customers.
--
-- `top_share` is the share of the largest customer, `top_ten_share` of the ten largest, `top_decile_share` of the largest
-- tenth (rounded up) of those who brought anything. `herfindahl` is the sum of squared shares: 1 where one customer is
-- everything, 1/n where n are equal. `month` is the first of the three; months are counted back from the newest.
-- Customers whose refunds exceed their purchases in the stretch are left out.
WITH amounts AS (
  SELECT 'orders' AS kind, s.currency, COALESCE(s.customer_id, s.row_id) AS who, s.month, s.revenue AS amount
  FROM sales AS s
  WHERE s.revenue <> 0
  UNION ALL
  SELECT 'subscriptions' AS kind, m.currency, m.customer_id AS who, m.month, m.start_mrr AS amount
  FROM subscription_months AS m
  WHERE m.start_mrr > 0
),
newest AS (
  SELECT a.kind, a.currency, MAX(EXTRACT(YEAR FROM a.month) * 12 + EXTRACT(MONTH FROM a.month)) AS month_number
  FROM amounts AS a
  GROUP BY a.kind, a.currency
),
dated AS (
  SELECT
    a.*,
    FLOOR((n.month_number - (EXTRACT(YEAR FROM a.month) * 12 + EXTRACT(MONTH FROM a.month))) / 3) AS quarters_ago
  FROM amounts AS a
  JOIN newest AS n ON n.kind = a.kind AND n.currency = a.currency
),
each AS (
  SELECT d.kind, d.currency, d.quarters_ago, d.who, MIN(d.month) AS month, SUM(d.amount) AS amount
  FROM dated AS d
  GROUP BY d.kind, d.currency, d.quarters_ago, d.who
),
whole AS (
  SELECT e.kind, e.currency, e.quarters_ago, SUM(e.amount) AS amount, COUNT(*) AS customers
  FROM each AS e
  WHERE e.amount > 0
  GROUP BY e.kind, e.currency, e.quarters_ago
),
equals AS (
  SELECT e.kind, e.currency, e.quarters_ago, e.amount, COUNT(*) AS customers, MIN(e.month) AS month
  FROM each AS e
  WHERE e.amount > 0
  GROUP BY e.kind, e.currency, e.quarters_ago, e.amount
),
placed AS (
  SELECT
    e.*,
    SUM(e.customers) OVER (PARTITION BY e.kind, e.currency, e.quarters_ago ORDER BY e.amount DESC) AS place,
    w.customers AS everybody,
    CAST(e.amount AS DOUBLE) / CAST(w.amount AS DOUBLE) AS part,
    w.amount AS revenue
  FROM equals AS e
  JOIN whole AS w ON w.kind = e.kind AND w.currency = e.currency AND w.quarters_ago = e.quarters_ago
)
SELECT
  CONCAT(p.kind, '/', p.currency, '/', CAST(MIN(p.month) AS VARCHAR)) AS row_id,
  p.kind,
  p.currency,
  CAST(MIN(p.quarters_ago) AS INTEGER) AS quarters_ago,
  MAX(p.everybody) AS customers,
  MAX(p.revenue) AS revenue,
  MAX(p.part) AS top_share,
  SUM(p.part * GREATEST(0, LEAST(p.place, 10) - p.place + p.customers)) AS top_ten_share,
  SUM(p.part * GREATEST(0, LEAST(p.place, CEIL(0.1 * p.everybody)) - p.place + p.customers)) AS top_decile_share,
  SUM(p.part * p.part * p.customers) AS herfindahl,
  MIN(p.month) AS month
FROM placed AS p
GROUP BY p.kind, p.currency, p.quarters_ago
