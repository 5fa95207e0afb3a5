-- One row is a subscriber when a full month begins: whether they left by choice in it, what they said, what came before.
--
-- `outcome` is 'left' (all paid subscriptions ended, not for failed payment) or 'stayed' (see `subscription_months`); who
-- was lost after a failed payment is left out. `said` is the theme of the words given on leaving (`cancel_reason`, else the
-- text of an exit survey within a month): price, not used, service, better elsewhere, circumstances, something else, or
-- 'no reason'; empty for those who stayed. What came before is looked at when the month begins, for both alike, so that
-- leaving itself cannot bring it about: `unanswered` a case opened in the 90 days that ended a week earlier without a
-- public reply within seven days; `wrote` any case in that time; `unpaid` a failed payment in the last 90 days; `risen` a
-- price rise in the last 90 days; `less_used` less than half as much use in the last 30 days as a month in the 60 before.
-- They are empty where the record has nothing of the kind. `alike` is the month, the plan and the age of the relationship:
-- who is compared with whom. `mrr` is what they paid a month.
--
-- Wrong where the words are codes that a person at the desk picks.
WITH habits AS (
  SELECT
    MAX(CASE WHEN t.first_reply_at IS NOT NULL THEN 1 ELSE 0 END) AS replies
  FROM tickets AS t
),
bills AS (
  SELECT MAX(CASE WHEN p.status = 'failed' THEN 1 ELSE 0 END) AS failures FROM payments AS p
),
rises AS (
  SELECT COUNT(*) AS rises FROM price_rises AS r
),
uses AS (
  SELECT COUNT(*) AS days FROM usage AS u
),
firsts AS (
  SELECT s.customer_id, MIN(s.first_from) AS first_from FROM subscription_spans AS s GROUP BY s.customer_id
),
there AS (
  SELECT
    m.row_id,
    m.customer_id,
    m.plan,
    m.region,
    m.start_mrr,
    m.lost,
    m.month,
    CAST(m.month AS TIMESTAMP) AS begins,
    (EPOCH(CAST(m.month AS TIMESTAMP)) - EPOCH(COALESCE(c.created_at, f.first_from))) / 2630000 AS months_old
  FROM subscription_months AS m
  LEFT JOIN customers AS c ON c.customer_id = m.customer_id
  LEFT JOIN firsts AS f ON f.customer_id = m.customer_id
  WHERE m.at_start AND m.leads AND NOT COALESCE(m.lost_by_payment, FALSE)
),
words AS (
  SELECT
    t.row_id,
    LOWER(COALESCE(MAX(s.cancel_reason), MAX(f.text))) AS words
  FROM there AS t
  JOIN subscriptions AS s
    ON s.customer_id = t.customer_id
    AND s.valid_to >= t.begins
    AND EPOCH(s.valid_to) < EPOCH(t.begins) + 31 * 86400
  LEFT JOIN feedback AS f
    ON f.customer_id = t.customer_id
    AND ABS(EPOCH(f.answered_at) - EPOCH(s.valid_to)) < 31 * 86400
    AND (LOWER(f.touchpoint) LIKE '%cancel%' OR LOWER(f.touchpoint) LIKE '%exit%' OR LOWER(f.touchpoint) LIKE '%leav%')
  WHERE t.lost
  GROUP BY t.row_id
),
cases AS (
  SELECT
    t.row_id,
    MAX(
      CASE WHEN k.first_reply_at IS NULL OR EPOCH(k.first_reply_at) - EPOCH(k.opened_at) > 7 * 86400 THEN 1 ELSE 0 END
    ) AS unanswered
  FROM there AS t
  JOIN tickets AS k
    ON k.customer_id = t.customer_id
    AND COALESCE(k.opened_by, 'customer') = 'customer'
    AND EPOCH(k.opened_at) < EPOCH(t.begins) - 7 * 86400
    AND EPOCH(k.opened_at) >= EPOCH(t.begins) - 97 * 86400
  GROUP BY t.row_id
),
failures AS (
  SELECT DISTINCT t.row_id
  FROM there AS t
  JOIN payments AS p ON p.customer_id = t.customer_id AND p.status = 'failed'
  WHERE COALESCE(p.paid_at, p.due_at) < t.begins AND EPOCH(COALESCE(p.paid_at, p.due_at)) >= EPOCH(t.begins) - 7776000
),
dearer AS (
  SELECT DISTINCT t.row_id
  FROM there AS t
  JOIN price_rises AS r ON r.customer_id = t.customer_id
  WHERE r.at <= t.begins AND EPOCH(r.at) >= EPOCH(t.begins) - 7776000
),
used AS (
  SELECT u.customer_id, u.day, SUM(u.events) AS events FROM usage AS u GROUP BY u.customer_id, u.day
),
use_before AS (
  SELECT
    t.row_id,
    SUM(CASE WHEN EPOCH(CAST(u.day AS TIMESTAMP)) >= EPOCH(t.begins) - 30 * 86400 THEN u.events ELSE 0 END) AS last_month,
    SUM(CASE WHEN EPOCH(CAST(u.day AS TIMESTAMP)) < EPOCH(t.begins) - 30 * 86400 THEN u.events ELSE 0 END) AS before
  FROM there AS t
  JOIN used AS u
    ON u.customer_id = t.customer_id
    AND CAST(u.day AS TIMESTAMP) < t.begins
    AND EPOCH(CAST(u.day AS TIMESTAMP)) >= EPOCH(t.begins) - 90 * 86400
  GROUP BY t.row_id
)
SELECT
  t.row_id,
  t.customer_id,
  t.plan,
  t.region,
  CASE WHEN t.lost THEN 'left' ELSE 'stayed' END AS outcome,
  CASE
    WHEN NOT t.lost THEN NULL
    WHEN COALESCE(w.words, '') = '' THEN 'no reason'
    WHEN w.words LIKE '%expens%' OR w.words LIKE '%price%' OR w.words LIKE '%cost%' OR w.words LIKE '%teuer%'
      OR w.words LIKE '%preis%' OR w.words LIKE '%budget%' OR w.words LIKE '%afford%'
      THEN 'price'
    WHEN w.words LIKE '%answer%' OR w.words LIKE '%support%' OR w.words LIKE '%service%' OR w.words LIKE '%help%'
      OR w.words LIKE '%antwort%' OR w.words LIKE '%respon%' OR w.words LIKE '%hilfe%'
      THEN 'service'
    WHEN w.words LIKE '%not use%' OR w.words LIKE '%enough%' OR w.words LIKE '%unused%' OR w.words LIKE '%no need%'
      OR w.words LIKE '%selten%' OR w.words LIKE '%brauche%'
      THEN 'not used'
    WHEN w.words LIKE '%another%' OR w.words LIKE '%competit%' OR w.words LIKE '%switch%' OR w.words LIKE '%quality%'
      OR w.words LIKE '%missing%' OR w.words LIKE '%feature%' OR w.words LIKE '%qualit%' OR w.words LIKE '%wechs%'
      THEN 'better elsewhere'
    WHEN w.words LIKE '%closed%' OR w.words LIKE '%moved%' OR w.words LIKE '%business%' OR w.words LIKE '%retire%'
      OR w.words LIKE '%umzug%' OR w.words LIKE '%aufgegeben%'
      THEN 'circumstances'
    ELSE 'something else'
  END AS said,
  CASE WHEN h.replies = 1 THEN COALESCE(k.unanswered = 1, FALSE) END AS unanswered,
  CASE WHEN h.replies = 1 THEN k.row_id IS NOT NULL END AS wrote,
  CASE WHEN b.failures = 1 THEN p.row_id IS NOT NULL END AS unpaid,
  CASE WHEN n.rises > 0 THEN d.row_id IS NOT NULL END AS risen,
  CASE WHEN v.days > 0 AND e.before > 0 THEN 4 * e.last_month < e.before END AS less_used,
  CONCAT(
    CAST(t.month AS VARCHAR), ' | ', COALESCE(t.plan, ''), ' | ',
    CASE
      WHEN t.months_old < 6 THEN 'under 6 months'
      WHEN t.months_old < 12 THEN '6 to 12 months'
      WHEN t.months_old < 24 THEN '1 to 2 years'
      ELSE 'over 2 years'
    END
  ) AS alike,
  t.start_mrr AS mrr,
  t.month
FROM there AS t
LEFT JOIN words AS w ON w.row_id = t.row_id
LEFT JOIN cases AS k ON k.row_id = t.row_id
LEFT JOIN failures AS p ON p.row_id = t.row_id
LEFT JOIN dearer AS d ON d.row_id = t.row_id
LEFT JOIN use_before AS e ON e.row_id = t.row_id
LEFT JOIN habits AS h ON TRUE
LEFT JOIN bills AS b ON TRUE
LEFT JOIN rises AS n ON TRUE
LEFT JOIN uses AS v ON TRUE
