-- One row is a product that a customer never had and may want, since customers with the same products own it, and whether
-- they were offered it within a year.
--
-- The products are those of the list "new" of `next_products`, for customers who agreed to marketing, or of whom nothing
-- else is known. `category` is the product's category, else its name. `offered` says that a contact that the company began
-- in the last 365 days named the product or its category; empty where the record names neither in any contact.
-- `offered_alike` is the same as if all categories were offered equally often: less the usual share of the category, plus
-- that of all.
--
-- Wrong where offers are made that the record does not hold, such as banners in a web shop.
WITH goods AS (
  SELECT l.product_id, MAX(l.category) AS category FROM order_lines AS l GROUP BY l.product_id
),
named AS (
  SELECT t.customer_id, t.product_id, t.category
  FROM touches AS t
  WHERE (t.product_id IS NOT NULL OR t.category IS NOT NULL)
    AND EPOCH($as_of) - EPOCH(t.sent_at) <= 365 * 86400
),
offers AS (
  SELECT n.customer_id, n.product_id AS product_id, CAST(NULL AS VARCHAR) AS category
  FROM named AS n
  WHERE n.product_id IS NOT NULL
  GROUP BY n.customer_id, n.product_id
  UNION ALL
  SELECT n.customer_id, CAST(NULL AS VARCHAR) AS product_id, COALESCE(n.category, g.category) AS category
  FROM named AS n
  LEFT JOIN goods AS g ON g.product_id = n.product_id
  WHERE COALESCE(n.category, g.category) IS NOT NULL
  GROUP BY n.customer_id, COALESCE(n.category, g.category)
),
any_offer AS (
  SELECT COUNT(*) AS offers FROM named AS n
),
wanted AS (
  SELECT
    w.row_id,
    w.customer_id,
    w.product_id,
    w.product,
    g.category AS of_category,
    COALESCE(g.category, w.product, w.product_id) AS category,
    COALESCE(c.region, c.country) AS region,
    c.segment,
    c.plan,
    c.acquisition_channel,
    CASE
      WHEN a.offers = 0 THEN NULL
      WHEN p.customer_id IS NOT NULL OR o.customer_id IS NOT NULL THEN 1.0
      ELSE 0.0
    END AS offered
  FROM next_products AS w
  CROSS JOIN any_offer AS a
  LEFT JOIN goods AS g ON g.product_id = w.product_id
  LEFT JOIN customers AS c ON c.customer_id = w.customer_id
  LEFT JOIN offers AS p ON p.customer_id = w.customer_id AND p.product_id = w.product_id
  LEFT JOIN offers AS o ON o.customer_id = w.customer_id AND o.category = g.category
  WHERE w.list = 'new' AND COALESCE(c.marketing_consent, TRUE)
),
usual AS (
  SELECT w.category, AVG(w.offered) AS own FROM wanted AS w GROUP BY w.category
),
overall AS (
  SELECT AVG(w.offered) AS everyone FROM wanted AS w
)
SELECT
  w.row_id,
  w.customer_id,
  w.product_id,
  w.product,
  w.category,
  w.region,
  w.segment,
  w.plan,
  w.acquisition_channel,
  w.offered = 1.0 AS offered,
  w.offered - u.own + e.everyone AS offered_alike
FROM wanted AS w
JOIN usual AS u ON u.category = w.category
CROSS JOIN overall AS e
