-- One row is a customer who began within the record of use: when they first had what they came for.
--
-- What that is: the moment the company declared (`[[journey.expected]]` without purpose or campaign, named like an event
-- or a feature of the record), else the first use of the feature that most customers use. `begun_at` is when the customer
-- was created, else when the first paid period began; who began before the record of use does is left out. Where the
-- record has paid subscriptions, customers with neither one nor any use are no customers yet. `left_at` is when the last
-- paid period ended, empty while one runs. `plan` is that of the first paid period, else that of the customer list. Read
-- through `first_value`.
WITH happened AS (
  SELECT u.customer_id, u.feature AS name, MIN(CAST(u.day AS TIMESTAMP)) AS first_at
  FROM usage AS u
  WHERE u.events > 0
  GROUP BY u.customer_id, u.feature
  UNION ALL
  SELECT e.customer_id, e.name, MIN(e.at) AS first_at
  FROM events AS e
  WHERE e.name = $first_value
  GROUP BY e.customer_id, e.name
),
counted AS (
  SELECT h.name, COUNT(*) AS customers FROM happened AS h GROUP BY h.name
),
ranked AS (
  SELECT
    c.name,
    ROW_NUMBER() OVER (
      ORDER BY CASE WHEN c.name = $first_value THEN 0 ELSE 1 END, c.customers DESC, c.name
    ) AS place
  FROM counted AS c
),
edge AS (
  SELECT MIN(h.first_at) AS record_from FROM happened AS h
),
active AS (
  SELECT DISTINCT h.customer_id FROM happened AS h
),
paid AS (
  SELECT
    s.customer_id,
    MIN(s.first_from) AS first_from,
    MIN(CASE WHEN s.valid_from = s.first_from THEN s.plan END) AS plan,
    CASE WHEN COUNT(s.ends_at) = COUNT(*) THEN MAX(s.ends_at) END AS left_at
  FROM subscription_spans AS s
  GROUP BY s.customer_id
),
payers AS (
  SELECT COUNT(*) AS n FROM paid AS p
)
SELECT
  c.customer_id,
  COALESCE(c.created_at, p.first_from) AS begun_at,
  h.first_at AS value_at,
  p.left_at,
  r.name AS what,
  COALESCE(p.plan, c.plan) AS plan,
  c.acquisition_channel,
  COALESCE(c.region, c.country) AS region
FROM customers AS c
CROSS JOIN ranked AS r
CROSS JOIN edge AS e
CROSS JOIN payers AS n
LEFT JOIN paid AS p ON p.customer_id = c.customer_id
LEFT JOIN active AS a ON a.customer_id = c.customer_id
LEFT JOIN happened AS h ON h.customer_id = c.customer_id AND h.name = r.name
WHERE r.place = 1
  AND (n.n = 0 OR p.customer_id IS NOT NULL OR a.customer_id IS NOT NULL)
  AND CAST(COALESCE(c.created_at, p.first_from) AS DATE) >= CAST(e.record_from AS DATE)
