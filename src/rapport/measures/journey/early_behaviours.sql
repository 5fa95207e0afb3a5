-- One row is something that a new customer did in the first 28 days, and one way in which they can turn out loyal.
--
-- `behaviour` is a feature used, a category bought, another moment of the journey (an event that did not fail), a case
-- opened, a message clicked, a survey answered; each counts once. The other columns are those of
-- `newcomer_outcomes`.
--
-- Wrong where an event is something that happens to customers rather than something they do.
WITH first_weeks AS (
  SELECT DISTINCT o.customer_id, o.began_at, EPOCH(o.began_at) + 28 * 86400 AS closes FROM newcomer_outcomes AS o
),
first_weeks_orders AS (
  SELECT w.customer_id, o.order_id
  FROM first_weeks AS w
  JOIN orders AS o ON o.customer_id = w.customer_id
  WHERE
    COALESCE(o.status, 'completed') NOT IN ('cancelled', 'returned')
    AND EPOCH(o.ordered_at) - EPOCH(w.began_at) >= 0
    AND EPOCH(o.ordered_at) - EPOCH(w.began_at) < 28 * 86400
  GROUP BY w.customer_id, o.order_id
),
bought AS (
  SELECT o.customer_id, l.category
  FROM first_weeks_orders AS o
  JOIN order_lines AS l ON l.order_id = o.order_id
  GROUP BY o.customer_id, l.category
  HAVING COUNT(CASE WHEN l.quantity > 0 THEN l.category END) > 0
),
done AS (
  SELECT w.customer_id, CONCAT('used ', u.feature) AS behaviour
  FROM first_weeks AS w
  JOIN usage AS u
    ON u.customer_id = w.customer_id
    AND u.day >= CAST(w.began_at AS DATE)
    AND EPOCH(CAST(u.day AS TIMESTAMP)) < w.closes
  UNION
  SELECT b.customer_id, CONCAT('bought ', b.category) AS behaviour FROM bought AS b
  UNION
  SELECT w.customer_id, CONCAT('reached "', e.name, '"') AS behaviour
  FROM first_weeks AS w
  JOIN events AS e ON e.customer_id = w.customer_id AND e.at >= w.began_at AND EPOCH(e.at) < w.closes
  WHERE COALESCE(e.succeeded, TRUE)
  UNION
  SELECT w.customer_id, 'wrote to you' AS behaviour
  FROM first_weeks AS w
  JOIN tickets AS t ON t.customer_id = w.customer_id AND t.opened_at >= w.began_at AND EPOCH(t.opened_at) < w.closes
  WHERE COALESCE(t.opened_by, 'customer') = 'customer'
  UNION
  SELECT w.customer_id, 'clicked one of your messages' AS behaviour
  FROM first_weeks AS w
  JOIN touches AS t ON t.customer_id = w.customer_id AND t.clicked_at >= w.began_at AND EPOCH(t.clicked_at) < w.closes
  UNION
  SELECT w.customer_id, 'answered a survey' AS behaviour
  FROM first_weeks AS w
  JOIN feedback AS f ON f.customer_id = w.customer_id AND f.answered_at >= w.began_at AND EPOCH(f.answered_at) < w.closes
)
SELECT
  CONCAT(o.row_id, '/', d.behaviour) AS row_id,
  o.customer_id,
  d.behaviour,
  o.outcome,
  o.happened,
  o.alike,
  o.part,
  o.month
FROM done AS d
JOIN newcomer_outcomes AS o ON o.customer_id = d.customer_id
