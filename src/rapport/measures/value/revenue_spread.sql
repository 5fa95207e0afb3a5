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
shares AS (
  SELECT
    e.*,
    CAST(e.amount AS DOUBLE) / CAST(w.amount AS DOUBLE) AS part,
    ROW_NUMBER() OVER (PARTITION BY e.kind, e.currency, e.quarters_ago ORDER BY e.amount DESC, e.who) AS place,
    w.customers
  FROM each AS e
  JOIN whole AS w ON w.kind = e.kind AND w.currency = e.currency AND w.quarters_ago = e.quarters_ago
  WHERE e.amount > 0
)
SELECT
  CONCAT(s.kind, '/', s.currency, '/', CAST(MIN(s.month) AS VARCHAR)) AS row_id,
  s.kind,
  s.currency,
  CAST(MIN(s.quarters_ago) AS INTEGER) AS quarters_ago,
  MAX(s.customers) AS customers,
  SUM(s.amount) AS revenue,
  MAX(s.part) AS top_share,
  SUM(CASE WHEN s.place <= 10 THEN s.part ELSE 0 END) AS top_ten_share,
  SUM(CASE WHEN s.place <= CEIL(0.1 * s.customers) THEN s.part ELSE 0 END) AS top_decile_share,
  SUM(s.part * s.part) AS herfindahl,
  MIN(s.month) AS month
FROM shares AS s
WHERE CAST(s.month AS TIMESTAMP) >= DATE_TRUNC('month', CAST($start AS TIMESTAMP))
GROUP BY s.kind, s.currency, s.quarters_ago
