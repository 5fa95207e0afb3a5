-- One row is one of the ten largest customers in one month: what they brought, beside what all customers brought.
--
-- Largest by revenue (gross less refunds, or a month's subscription price) in the newest six months, or in the newer half
-- of a shorter record: `newest`. `kind` is `orders` or `subscriptions`, which are never added; nor are currencies.
-- `place` is 1 for the largest; the row with place 0 is everybody, guests included. `squares` sums the squares of single
-- amounts, from which the chance in a share follows. `month` is a UTC month, `months_ago` 0 for that of the cut-off.
WITH amounts AS (
  SELECT 'orders' AS kind, s.currency, COALESCE(s.customer_id, s.row_id) AS who, s.month, s.revenue AS amount
  FROM sales AS s
  WHERE s.revenue <> 0
  UNION ALL
  SELECT 'subscriptions' AS kind, m.currency, m.customer_id AS who, m.month, m.start_mrr AS amount
  FROM subscription_months AS m
  WHERE m.start_mrr > 0
),
summed AS (
  SELECT
    a.kind,
    a.currency,
    a.who,
    a.month,
    EXTRACT(YEAR FROM a.month) * 12 + EXTRACT(MONTH FROM a.month) AS month_number,
    SUM(a.amount) AS revenue,
    SUM(CAST(a.amount AS DOUBLE) * CAST(a.amount AS DOUBLE)) AS squares,
    COUNT(*) AS amounts
  FROM amounts AS a
  GROUP BY a.kind, a.currency, a.who, a.month
),
spans AS (
  SELECT
    m.kind,
    m.currency,
    MAX(m.month_number) AS newest_month,
    LEAST(6, CEIL((MAX(m.month_number) - MIN(m.month_number) + 1) / 2)) AS newest_months
  FROM summed AS m
  GROUP BY m.kind, m.currency
),
monthly AS (
  SELECT m.*, s.newest_month - m.month_number AS months_ago, s.newest_months
  FROM summed AS m
  JOIN spans AS s ON s.kind = m.kind AND s.currency = m.currency
),
ranked AS (
  SELECT
    m.kind,
    m.currency,
    m.who,
    ROW_NUMBER() OVER (PARTITION BY m.kind, m.currency ORDER BY SUM(m.revenue) DESC, m.who) AS place
  FROM monthly AS m
  WHERE m.months_ago < m.newest_months
  GROUP BY m.kind, m.currency, m.who
),
chosen AS (
  SELECT m.kind, m.currency, r.place, m.who, m.month, m.months_ago, m.revenue, m.squares, m.amounts, 1 AS customers
  FROM monthly AS m
  JOIN ranked AS r ON r.kind = m.kind AND r.currency = m.currency AND r.who = m.who
  WHERE r.place <= 10
  UNION ALL
  SELECT
    m.kind,
    m.currency,
    0 AS place,
    CAST(NULL AS VARCHAR) AS who,
    m.month,
    MIN(m.months_ago) AS months_ago,
    SUM(m.revenue) AS revenue,
    SUM(m.squares) AS squares,
    SUM(m.amounts) AS amounts,
    COUNT(*) AS customers
  FROM monthly AS m
  GROUP BY m.kind, m.currency, m.month
)
SELECT
  CONCAT(c.kind, '/', c.currency, '/', CAST(c.place AS VARCHAR), '/', CAST(c.month AS VARCHAR)) AS row_id,
  c.who AS customer_id,
  c.kind,
  c.currency,
  c.place,
  CAST(c.months_ago AS INTEGER) AS months_ago,
  c.months_ago < s.newest_months AS newest,
  c.revenue,
  c.squares,
  CAST(c.amounts AS BIGINT) AS amounts,
  CAST(c.customers AS BIGINT) AS customers,
  c.month
FROM chosen AS c
JOIN spans AS s ON s.kind = c.kind AND s.currency = c.currency
WHERE CAST(c.month AS TIMESTAMP) >= DATE_TRUNC('month', CAST($start AS TIMESTAMP))
