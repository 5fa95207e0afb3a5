-- One row is a question of an NPS, CSAT or CES survey that was put to a customer more than 14 days ago.
--
-- `answered` says whether it was answered. `answered_alike` is the same as if all surveys had been answered equally
-- often: less the usual share of its own kind (survey, what it was about, channel, source, how long the customer had been
-- one), plus the usual share of all; only its means and their differences say something.
--
-- Known before asking: `team` of the case it was about, `experience` (see `surveyed_cases` and `surveyed_orders`),
-- `lately` (orders of the 180 days before; or, for users, whether the month before had less than half the active days of
-- the one before it), `last_time` (how content the customer's answer to the question of the same kind before was).
-- `afterwards` is what happened next: a subscriber left within 90 days or stayed; a buyer of the 180 days before bought
-- again within the next 180 or did not. Empty where that is not over yet.
--
-- Wrong where questions without an answer are not exported, or asked questions have no time.
WITH put AS (
  SELECT
    a.row_id,
    a.customer_id,
    a.kind,
    COALESCE(a.channel, '') AS channel,
    COALESCE(a.source, '') AS source,
    a.region,
    a.plan,
    a.segment,
    a.answered,
    a.nps_value,
    a.satisfied,
    a.asked_at,
    a.month,
    c.acquisition_channel,
    f.ticket_id,
    f.order_id,
    CASE
      WHEN f.ticket_id IS NOT NULL THEN 'a case'
      WHEN f.order_id IS NOT NULL THEN 'an order'
      ELSE COALESCE(a.touchpoint, 'anything')
    END AS about,
    CASE
      WHEN c.created_at IS NULL THEN 'unknown'
      WHEN EPOCH(a.asked_at) - EPOCH(c.created_at) < 91 * 86400 THEN 'under three months'
      WHEN EPOCH(a.asked_at) - EPOCH(c.created_at) < 365 * 86400 THEN 'under a year'
      ELSE 'a year or more'
    END AS tenure,
    EXTRACT(YEAR FROM a.asked_at) * 12 + EXTRACT(MONTH FROM a.asked_at) AS place,
    LAG(a.nps_value) OVER (PARTITION BY a.customer_id, a.kind ORDER BY a.asked_at, a.row_id) AS nps_before,
    LAG(a.satisfied) OVER (PARTITION BY a.customer_id, a.kind ORDER BY a.asked_at, a.row_id) AS satisfied_before,
    LAG(a.easy) OVER (PARTITION BY a.customer_id, a.kind ORDER BY a.asked_at, a.row_id) AS easy_before
  FROM answers AS a
  LEFT JOIN feedback AS f ON f.feedback_id = a.row_id
  LEFT JOIN customers AS c ON c.customer_id = a.customer_id
  WHERE a.due AND a.customer_id IS NOT NULL
),
paying AS (
  SELECT
    p.row_id,
    MAX(CASE WHEN s.valid_from <= p.asked_at AND (s.ends_at IS NULL OR s.ends_at > p.asked_at) THEN 1 ELSE 0 END) AS now,
    MAX(
      CASE
        WHEN EPOCH(s.valid_from) <= EPOCH(p.asked_at) + 90 * 86400
          AND (s.ends_at IS NULL OR EPOCH(s.ends_at) > EPOCH(p.asked_at) + 90 * 86400) THEN 1
        ELSE 0
      END
    ) AS later
  FROM put AS p
  JOIN subscription_spans AS s ON s.customer_id = p.customer_id
  GROUP BY p.row_id
),
buying AS (
  SELECT
    p.row_id,
    COUNT(CASE WHEN o.ordered_at <= p.asked_at THEN 1 END) AS before,
    COUNT(CASE WHEN o.ordered_at > p.asked_at THEN 1 END) AS later
  FROM put AS p
  JOIN orders AS o
    ON o.customer_id = p.customer_id
    AND EPOCH(o.ordered_at) > EPOCH(p.asked_at) - 180 * 86400
    AND EPOCH(o.ordered_at) <= EPOCH(p.asked_at) + 180 * 86400
  WHERE COALESCE(o.status, 'completed') <> 'cancelled'
  GROUP BY p.row_id
),
months AS (
  SELECT
    u.customer_id,
    EXTRACT(YEAR FROM u.day) * 12 + EXTRACT(MONTH FROM u.day) AS place,
    COUNT(DISTINCT u.day) AS days
  FROM usage AS u
  GROUP BY
    u.customer_id,
    EXTRACT(YEAR FROM u.day) * 12 + EXTRACT(MONTH FROM u.day)
),
told AS (
  SELECT
    p.*,
    t.team,
    COALESCE(t.experience, o.experience) AS experience,
    CASE
      WHEN m2.days >= 6 AND COALESCE(m1.days, 0) < 0.5 * m2.days THEN 'customers whose use halved'
      WHEN m2.days >= 6 THEN 'customers who use it as before'
      WHEN b.before >= 2 THEN 'customers with several orders lately'
      WHEN b.before = 1 THEN 'customers with one order lately'
    END AS lately,
    CASE
      WHEN p.nps_before = 100 OR p.satisfied_before OR p.easy_before THEN 'customers content last time'
      WHEN p.nps_before <= 0 OR NOT p.satisfied_before OR NOT p.easy_before THEN 'customers not content last time'
    END AS last_time,
    CASE
      WHEN y.now = 1 AND EPOCH(p.asked_at) + 90 * 86400 >= EPOCH($as_of) THEN NULL
      WHEN y.now = 1 AND y.later = 1 THEN 'customers who stayed'
      WHEN y.now = 1 THEN 'customers who left within 90 days'
      WHEN EPOCH(p.asked_at) + 180 * 86400 >= EPOCH($as_of) THEN NULL
      WHEN b.before > 0 AND b.later > 0 THEN 'customers who bought again'
      WHEN b.before > 0 THEN 'customers who bought nothing for 180 days'
    END AS afterwards
  FROM put AS p
  LEFT JOIN surveyed_cases AS t ON t.row_id = p.ticket_id
  LEFT JOIN surveyed_orders AS o ON o.row_id = p.order_id
  LEFT JOIN paying AS y ON y.row_id = p.row_id
  LEFT JOIN buying AS b ON b.row_id = p.row_id
  LEFT JOIN months AS m1 ON m1.customer_id = p.customer_id AND m1.place = p.place - 1
  LEFT JOIN months AS m2 ON m2.customer_id = p.customer_id AND m2.place = p.place - 2
),
usual AS (
  SELECT
    t.kind,
    t.about,
    t.channel,
    t.source,
    t.tenure,
    AVG(CASE WHEN t.answered THEN 1.0 ELSE 0.0 END) AS own
  FROM told AS t
  GROUP BY t.kind, t.about, t.channel, t.source, t.tenure
),
overall AS (
  SELECT AVG(CASE WHEN t.answered THEN 1.0 ELSE 0.0 END) AS everyone FROM told AS t
)
SELECT
  t.row_id,
  t.customer_id,
  t.kind,
  t.about,
  t.channel,
  t.source,
  t.tenure,
  t.region,
  t.plan,
  t.segment,
  t.acquisition_channel,
  t.team,
  t.experience,
  t.lately,
  t.last_time,
  t.afterwards,
  t.answered,
  CASE WHEN t.answered THEN 1.0 ELSE 0.0 END - u.own + e.everyone AS answered_alike,
  t.nps_value,
  t.satisfied,
  t.month
FROM told AS t
JOIN usual AS u
  ON u.kind = t.kind
  AND u.about = t.about
  AND u.channel = t.channel
  AND u.source = t.source
  AND u.tenure = t.tenure
CROSS JOIN overall AS e
