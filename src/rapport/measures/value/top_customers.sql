-- One row is one of the ten largest customers in one month: what they brought, beside what all customers brought.
--
-- Largest by revenue (gross less refunds, or a month's subscription price) in the newest six months, or in the newer half
-- of a shorter record: `newest`. `kind` is `orders` or `subscriptions`, which are never added; nor are currencies.
-- `place` is 1 for the largest; the row with place 0 is everybody, guests included. `squares` sums the squares of single
-- amounts, from which the chance in a share follows. `month` is a UTC month, `months_ago` 0 for that of the cut-off.
-- From a thousand customers on only the upper hundredth is put in order, in which the ten largest lie.
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
    EXTRACT(YEAR FROM a.month) * 12 + EXTRACT(MONTH FROM a.month) AS month_number,
    SUM(a.amount) AS revenue,
    SUM(CAST(a.amount AS DOUBLE) * CAST(a.amount AS DOUBLE)) AS squares,
    COUNT(*) AS amounts
  FROM amounts AS a
  GROUP BY a.kind, a.currency, a.month
),
spans AS (
  SELECT
    m.kind,
    m.currency,
    MAX(m.month_number) AS newest_month,
    LEAST(6, CEIL((MAX(m.month_number) - MIN(m.month_number) + 1) / 2)) AS newest_months
  FROM months AS m
  GROUP BY m.kind, m.currency
),
placed AS (
  SELECT
    m.kind,
    m.currency,
    m.month,
    m.revenue,
    m.squares,
    m.amounts,
    s.newest_month - m.month_number AS months_ago,
    s.newest_month - m.month_number < s.newest_months AS newest
  FROM months AS m
  JOIN spans AS s ON s.kind = m.kind AND s.currency = m.currency
),
newest AS (
  SELECT a.kind, a.currency, a.who, SUM(a.amount) AS revenue
  FROM amounts AS a
  JOIN placed AS p ON p.kind = a.kind AND p.currency = a.currency AND p.month = a.month
  WHERE p.newest
  GROUP BY a.kind, a.currency, a.who
),
hundredths AS (
  SELECT
    n.kind,
    n.currency,
    CASE
      WHEN COUNT(*) > 1000 THEN PERCENTILE_CONT(0.99) WITHIN GROUP (ORDER BY CAST(n.revenue AS DOUBLE))
    END AS least
  FROM newest AS n
  GROUP BY n.kind, n.currency
),
ranked AS (
  SELECT
    n.kind,
    n.currency,
    n.who,
    ROW_NUMBER() OVER (PARTITION BY n.kind, n.currency ORDER BY n.revenue DESC, n.who) AS place
  FROM newest AS n
  JOIN hundredths AS h
    ON h.kind = n.kind AND h.currency = n.currency AND (h.least IS NULL OR CAST(n.revenue AS DOUBLE) >= h.least)
),
largest AS (
  SELECT
    a.kind,
    a.currency,
    r.place,
    a.who,
    a.month,
    SUM(a.amount) AS revenue,
    SUM(CAST(a.amount AS DOUBLE) * CAST(a.amount AS DOUBLE)) AS squares,
    COUNT(*) AS amounts
  FROM amounts AS a
  JOIN ranked AS r ON r.kind = a.kind AND r.currency = a.currency AND r.who = a.who
  WHERE r.place <= 10
  GROUP BY a.kind, a.currency, r.place, a.who, a.month
),
chosen AS (
  SELECT l.kind, l.currency, l.place, l.who, l.month, l.revenue, l.squares, l.amounts FROM largest AS l
  UNION ALL
  SELECT m.kind, m.currency, 0 AS place, CAST(NULL AS VARCHAR) AS who, m.month, m.revenue, m.squares, m.amounts
  FROM months AS m
)
SELECT
  CONCAT(c.kind, '/', c.currency, '/', CAST(c.place AS VARCHAR), '/', CAST(c.month AS VARCHAR)) AS row_id,
  c.who AS customer_id,
  c.kind,
  c.currency,
  c.place,
  CAST(p.months_ago AS INTEGER) AS months_ago,
  p.newest,
  c.revenue,
  c.squares,
  CAST(c.amounts AS BIGINT) AS amounts,
  c.month
FROM chosen AS c
JOIN placed AS p ON p.kind = c.kind AND p.currency = c.currency AND p.month = c.month
WHERE CAST(c.month AS TIMESTAMP) >= DATE_TRUNC('month', CAST($start AS TIMESTAMP))
