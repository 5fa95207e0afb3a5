-- One row is a customer who bought within a year and one of the categories with most owners: whether they have any of it.
--
-- The twenty categories with most owners; of a record without categories, products take their place. `owned` counts
-- everything bought before the cut-off. `owned_alike` is the same as if all categories were equally common and all
-- customers had equally many of the others: less the usual share of the category among customers with as many others
-- (none, one, two, three or four, five to nine, more), plus the share of all; only its means and their differences say
-- something.
--
-- Wrong where a category is not sold everywhere.
WITH owned AS (
  SELECT b.customer_id, COALESCE(g.category, b.product, b.product_id) AS category
  FROM bought_products AS b
  LEFT JOIN (
    SELECT l.product_id, MAX(l.category) AS category FROM order_lines AS l GROUP BY l.product_id
  ) AS g ON g.product_id = b.product_id
  GROUP BY b.customer_id, COALESCE(g.category, b.product, b.product_id)
),
ranked AS (
  SELECT o.category, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, o.category) AS place
  FROM owned AS o
  GROUP BY o.category
),
breadth AS (
  SELECT o.customer_id, COUNT(*) AS categories FROM owned AS o GROUP BY o.customer_id
),
pairs AS (
  SELECT
    b.customer_id,
    r.category,
    o.customer_id IS NOT NULL AS owned,
    b.categories - CASE WHEN o.customer_id IS NULL THEN 0 ELSE 1 END AS others
  FROM breadth AS b
  JOIN ranked AS r ON r.place <= 20
  LEFT JOIN owned AS o ON o.customer_id = b.customer_id AND o.category = r.category
),
banded AS (
  SELECT
    p.customer_id,
    p.category,
    p.owned,
    CASE WHEN p.others <= 2 THEN p.others WHEN p.others <= 4 THEN 4 WHEN p.others <= 9 THEN 9 ELSE 10 END AS others
  FROM pairs AS p
),
usual AS (
  SELECT b.category, b.others, AVG(CASE WHEN b.owned THEN 1.0 ELSE 0.0 END) AS own
  FROM banded AS b
  GROUP BY b.category, b.others
),
overall AS (
  SELECT AVG(CASE WHEN b.owned THEN 1.0 ELSE 0.0 END) AS everyone FROM banded AS b
)
SELECT
  CONCAT(b.customer_id, '/', b.category) AS row_id,
  b.customer_id,
  b.category,
  COALESCE(c.region, c.country) AS region,
  c.segment,
  c.plan,
  c.acquisition_channel,
  b.owned,
  CASE WHEN b.owned THEN 1.0 ELSE 0.0 END - u.own + e.everyone AS owned_alike
FROM banded AS b
JOIN usual AS u ON u.category = b.category AND u.others = b.others
CROSS JOIN overall AS e
LEFT JOIN customers AS c ON c.customer_id = b.customer_id
