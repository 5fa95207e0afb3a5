-- One row is a customer whom the company contacted on its own account in the last 365 days.
--
-- `days_since_useful` is the time since the last contact that was for the customer: onboarding, a check-in, a renewal,
-- service or a reward; empty where there was none. `useful` counts these. `per_week` counts all contacts of the last 28
-- days, a week on average, service messages included. `sent` counts the contacts of the last 180 days that could be
-- clicked or answered, surveys left out, `responded` those that were; an opened mail is no response: machines open them.
-- Contacts that were not delivered are left out.
SELECT
  t.customer_id AS row_id,
  t.customer_id,
  (EPOCH($as_of) - EPOCH(MAX(
    CASE WHEN t.purpose IN ('onboarding', 'check_in', 'renewal', 'service', 'reward') THEN t.sent_at END
  ))) / 86400 AS days_since_useful,
  COUNT(CASE WHEN t.purpose IN ('onboarding', 'check_in', 'renewal', 'service', 'reward') THEN 1 END) AS useful,
  COUNT(CASE WHEN EPOCH($as_of) - EPOCH(t.sent_at) <= 28 * 86400 THEN 1 END) / 4.0 AS per_week,
  COUNT(
    CASE WHEN COALESCE(t.purpose, '') <> 'survey' AND EPOCH($as_of) - EPOCH(t.sent_at) <= 180 * 86400 THEN 1 END
  ) AS sent,
  COUNT(
    CASE
      WHEN COALESCE(t.purpose, '') <> 'survey'
        AND EPOCH($as_of) - EPOCH(t.sent_at) <= 180 * 86400
        AND (t.clicked_at IS NOT NULL OR t.replied_at IS NOT NULL) THEN 1
    END
  ) AS responded
FROM touches AS t
WHERE COALESCE(t.delivered, TRUE) AND EPOCH($as_of) - EPOCH(t.sent_at) <= 365 * 86400
GROUP BY t.customer_id
