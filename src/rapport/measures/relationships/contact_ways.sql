-- One row is a customer: how they can be reached, whether they agreed to marketing, and what is due.
--
-- `consent` is the last word at the cut-off: 'given', 'refused', or 'unknown'. Words are entries of `consents` whose purpose
-- is marketing in some form, or none (of two at the same moment the refusal counts), a contact from which the customer
-- unsubscribed, and else the customer's own `marketing_consent`. A refusal on one channel counts for all: nothing is
-- proposed that could hit an objection. `channel` is that of the last contact they clicked or answered, else of the last
-- ticket they opened, else of the last contact. `renewal_days` is the time until the next renewal that is due: a declared
-- one, or that of a contract which is renewed more than a month from now (what is renewed every month never falls due). `rewarded` says that they got a reward or thanks within the last 365 days.
WITH words AS (
  SELECT c.customer_id, c.at, CASE WHEN c.granted THEN 1 ELSE 0 END AS granted
  FROM consents AS c
  WHERE
    c.purpose IS NULL
    OR LOWER(c.purpose) IN ('all', 'any', 'contact', 'news', 'offers', 'promotion', 'win_back')
    OR LOWER(c.purpose) LIKE '%market%'
    OR LOWER(c.purpose) LIKE '%promo%'
    OR LOWER(c.purpose) LIKE '%newsletter%'
    OR LOWER(c.purpose) LIKE '%advert%'
  UNION ALL
  SELECT t.customer_id, t.unsubscribed_at AS at, 0 AS granted
  FROM touches AS t
  WHERE t.unsubscribed_at IS NOT NULL
),
placed AS (
  SELECT
    w.customer_id,
    w.granted,
    ROW_NUMBER() OVER (PARTITION BY w.customer_id ORDER BY w.at DESC, w.granted) AS place
  FROM words AS w
),
ways AS (
  SELECT t.customer_id, t.channel, 3 AS rank, COALESCE(t.replied_at, t.clicked_at) AS at, t.touch_id AS id
  FROM touches AS t
  WHERE COALESCE(t.replied_at, t.clicked_at) IS NOT NULL AND t.channel IS NOT NULL
  UNION ALL
  SELECT t.customer_id, t.channel, 2 AS rank, t.opened_at AS at, t.ticket_id AS id
  FROM tickets AS t
  WHERE t.channel IS NOT NULL AND COALESCE(t.opened_by, 'customer') = 'customer'
  UNION ALL
  SELECT t.customer_id, t.channel, 1 AS rank, t.sent_at AS at, t.touch_id AS id
  FROM touches AS t
  WHERE t.channel IS NOT NULL
),
reached AS (
  SELECT
    w.customer_id,
    w.channel,
    ROW_NUMBER() OVER (PARTITION BY w.customer_id ORDER BY w.rank DESC, w.at DESC, w.id) AS place
  FROM ways AS w
),
due AS (
  SELECT s.customer_id, s.renews_at AS at
  FROM subscriptions AS s
  WHERE s.mrr > 0 AND EPOCH(s.renews_at) - EPOCH($as_of) > 31 * 86400 AND (s.valid_to IS NULL OR s.valid_to >= $as_of)
  UNION ALL
  SELECT m.customer_id, m.due_at AS at
  FROM milestones AS m
  WHERE LOWER(m.kind) LIKE '%renewal%' AND m.due_at >= $as_of
),
next_due AS (
  SELECT d.customer_id, (EPOCH(MIN(d.at)) - EPOCH($as_of)) / 86400 AS renewal_days
  FROM due AS d
  GROUP BY d.customer_id
),
rewards AS (
  SELECT DISTINCT t.customer_id
  FROM touches AS t
  WHERE t.purpose = 'reward' AND COALESCE(t.delivered, TRUE) AND EPOCH($as_of) - EPOCH(t.sent_at) <= 365 * 86400
)
SELECT
  k.row_id,
  k.customer_id,
  CASE
    WHEN p.granted = 1 THEN 'given'
    WHEN p.granted = 0 THEN 'refused'
    WHEN c.marketing_consent THEN 'given'
    WHEN NOT c.marketing_consent THEN 'refused'
    ELSE 'unknown'
  END AS consent,
  r.channel,
  d.renewal_days,
  w.customer_id IS NOT NULL AS rewarded
FROM known_customers AS k
LEFT JOIN customers AS c ON c.customer_id = k.customer_id
LEFT JOIN placed AS p ON p.customer_id = k.customer_id AND p.place = 1
LEFT JOIN reached AS r ON r.customer_id = k.customer_id AND r.place = 1
LEFT JOIN next_due AS d ON d.customer_id = k.customer_id
LEFT JOIN rewards AS w ON w.customer_id = k.customer_id
