-- One row is a stretch of three months (and kind and currency): how evenly revenue is spread over the customers.
--
-- `top_share` is the share of the largest customer, `top_ten_share` of the ten largest, `top_decile_share` of the largest
-- tenth (rounded up) of those who brought anything. `herfindahl` is the sum of squared shares: 1 where one customer is
-- everything, 1/n where n are equal. `month` is the first of the three; months are counted back from the newest.
-- Customers whose refunds exceed their purchases in the stretch are left out. From a hundred customers on only the upper
-- fifth is put in order, in which the largest tenth and the ten largest lie.
WITH amounts AS (
  SELECT 'orders' AS kind, s.currency, COALESCE(s.customer_id, s.row_id) AS who, s.month, s.revenue AS amount
  FROM sales AS s
  WHERE s.revenue <> 0
  UNION ALL
  SELECT 'subscriptions' AS kind, m.currency, m.customer_id AS who, m.month, m.start_mrr AS amount
  FROM subscription_months AS m
  WHERE m.start_mrr > 0
),
months AS (
  SELECT
    a.kind,
    a.currency,
    a.month,
    EXTRACT(YEAR FROM a.month) * 12 + EXTRACT(MONTH FROM a.month) AS month_number
  FROM amounts AS a
  GROUP BY a.kind, a.currency, a.month
),
dated AS (
  SELECT
    m.kind,
    m.currency,
    m.month,
    FLOOR((MAX(m.month_number) OVER (PARTITION BY m.kind, m.currency) - m.month_number) / 3) AS quarters_ago
  FROM months AS m
),
stretches AS (
  SELECT d.*, DENSE_RANK() OVER (ORDER BY d.kind, d.currency, d.quarters_ago) AS stretch FROM dated AS d
),
each AS (
  SELECT s.stretch, a.who, SUM(a.amount) AS amount
  FROM amounts AS a
  JOIN stretches AS s ON s.kind = a.kind AND s.currency = a.currency AND s.month = a.month
  GROUP BY s.stretch, a.who
  HAVING SUM(a.amount) > 0
),
whole AS (
  SELECT
    e.stretch,
    COUNT(*) AS customers,
    SUM(e.amount) AS revenue,
    CAST(MAX(e.amount) AS DOUBLE) AS largest,
    SUM(CAST(e.amount AS DOUBLE) * CAST(e.amount AS DOUBLE)) AS squares,
    CASE
      WHEN COUNT(*) > 100 THEN PERCENTILE_CONT(0.8) WITHIN GROUP (ORDER BY CAST(e.amount AS DOUBLE)) ELSE 0
    END AS fifth
  FROM each AS e
  GROUP BY e.stretch
),
equals AS (
  SELECT e.stretch, e.amount, COUNT(*) AS customers
  FROM each AS e
  JOIN whole AS w ON w.stretch = e.stretch AND CAST(e.amount AS DOUBLE) >= w.fifth
  GROUP BY e.stretch, e.amount
),
placed AS (
  SELECT
    e.stretch,
    CAST(e.amount AS DOUBLE) AS amount,
    e.customers,
    SUM(e.customers) OVER (PARTITION BY e.stretch ORDER BY e.amount DESC) AS place
  FROM equals AS e
),
tops AS (
  SELECT
    p.stretch,
    SUM(p.amount * GREATEST(0, LEAST(p.place, 10) - p.place + p.customers)) AS ten,
    SUM(p.amount * GREATEST(0, LEAST(p.place, CEIL(0.1 * w.customers)) - p.place + p.customers)) AS decile
  FROM placed AS p
  JOIN whole AS w ON w.stretch = p.stretch
  GROUP BY p.stretch
),
named AS (
  SELECT s.stretch, s.kind, s.currency, s.quarters_ago, MIN(s.month) AS month
  FROM stretches AS s
  GROUP BY s.stretch, s.kind, s.currency, s.quarters_ago
)
SELECT
  CONCAT(n.kind, '/', n.currency, '/', CAST(n.month AS VARCHAR)) AS row_id,
  n.kind,
  n.currency,
  CAST(n.quarters_ago AS INTEGER) AS quarters_ago,
  w.customers,
  w.revenue,
  w.largest / CAST(w.revenue AS DOUBLE) AS top_share,
  t.ten / CAST(w.revenue AS DOUBLE) AS top_ten_share,
  t.decile / CAST(w.revenue AS DOUBLE) AS top_decile_share,
  w.squares / CAST(w.revenue AS DOUBLE) / CAST(w.revenue AS DOUBLE) AS herfindahl,
  n.month
FROM named AS n
JOIN whole AS w ON w.stretch = n.stretch
JOIN tops AS t ON t.stretch = n.stretch
