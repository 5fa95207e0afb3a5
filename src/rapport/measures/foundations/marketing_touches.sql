-- One row is a marketing contact (promotion or win-back): whether the customer had objected when it was sent.
--
-- `objected` is true where the last word before the contact was no. Words are, in this order: entries of `consents` whose
-- purpose is marketing in some form, or none, and whose channel is that of the contact, or none (of two at the same
-- moment the refusal counts); an earlier contact on the same channel from which the customer unsubscribed, unless a
-- consent was given since; the customer's own `marketing_consent`, refused before the contact (`consent_changed_at`).
-- `basis` says which one ('none': no refusal), `refused_at` when, `within_a_day` that the contact followed at once; `known` is false where nothing at all is on record about the customer's
-- consent before the contact: that is no objection, and no consent either. A refusal without a date is not used.
--
-- Service messages are not marketing and not here. Wrong when contacts are labelled promotion that are none.
WITH sent AS (
  SELECT touch_id, customer_id, channel, purpose, campaign, team, automated, sent_at
  FROM touches
  WHERE purpose IN ('promotion', 'win_back') AND sent_at >= $start
),
words AS (
  SELECT
    s.touch_id,
    c.at,
    c.granted,
    ROW_NUMBER() OVER (
      PARTITION BY s.touch_id ORDER BY c.at DESC, CASE WHEN c.granted THEN 1 ELSE 0 END, c.consent_id
    ) AS place
  FROM sent AS s
  JOIN consents AS c ON c.customer_id = s.customer_id AND c.at < s.sent_at
  WHERE (c.channel IS NULL OR LOWER(c.channel) = LOWER(s.channel))
    AND (
      c.purpose IS NULL
      OR LOWER(c.purpose) = s.purpose
      OR LOWER(c.purpose) IN ('all', 'any', 'contact', 'news', 'offers')
      OR LOWER(c.purpose) LIKE '%market%'
      OR LOWER(c.purpose) LIKE '%promo%'
      OR LOWER(c.purpose) LIKE '%newsletter%'
      OR LOWER(c.purpose) LIKE '%advert%'
    )
),
left_by AS (
  SELECT s.touch_id, MAX(u.unsubscribed_at) AS at
  FROM sent AS s
  JOIN touches AS u ON u.customer_id = s.customer_id
  WHERE u.unsubscribed_at IS NOT NULL
    AND u.unsubscribed_at < s.sent_at
    AND (u.channel = s.channel OR u.channel IS NULL OR s.channel IS NULL)
  GROUP BY s.touch_id
),
judged AS (
  SELECT
    s.*,
    w.at AS said_at,
    w.granted,
    l.at AS left_at,
    CASE WHEN c.consent_changed_at < s.sent_at THEN c.marketing_consent END AS field,
    c.consent_changed_at,
    CASE
      WHEN NOT w.granted THEN 'consents'
      WHEN l.at IS NOT NULL AND (w.at IS NULL OR w.at <= l.at)
        AND NOT COALESCE(c.marketing_consent AND c.consent_changed_at > l.at AND c.consent_changed_at < s.sent_at, FALSE)
        THEN 'unsubscribed'
      WHEN w.at IS NULL AND c.consent_changed_at < s.sent_at AND NOT c.marketing_consent THEN 'marketing_consent'
    END AS basis
  FROM sent AS s
  LEFT JOIN words AS w ON w.touch_id = s.touch_id AND w.place = 1
  LEFT JOIN left_by AS l ON l.touch_id = s.touch_id
  LEFT JOIN customers AS c ON c.customer_id = s.customer_id
),
dated AS (
  SELECT
    j.*,
    CASE j.basis
      WHEN 'consents' THEN j.said_at
      WHEN 'unsubscribed' THEN j.left_at
      WHEN 'marketing_consent' THEN j.consent_changed_at
    END AS refused_at
  FROM judged AS j
)
SELECT
  j.touch_id AS row_id,
  j.customer_id,
  j.channel,
  j.purpose,
  j.campaign,
  j.team,
  j.automated,
  j.sent_at,
  j.basis IS NOT NULL AS objected,
  COALESCE(j.basis, 'none') AS basis,
  j.refused_at,
  COALESCE(EPOCH(j.sent_at) - EPOCH(j.refused_at) <= 86400, FALSE) AS within_a_day,
  COALESCE(j.said_at, j.left_at) IS NOT NULL OR j.field IS NOT NULL AS known,
  CAST(DATE_TRUNC('month', j.sent_at) AS DATE) AS month
FROM dated AS j
