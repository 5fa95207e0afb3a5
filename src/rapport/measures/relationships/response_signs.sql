-- One row is a customer whom the company wrote to in the last 364 days: whether they clicked, answered or unsubscribed.
--
-- `response_days` is the time since the last click or answer (an opened mail is none: machines open them), `written` how
-- many contacts of the last 182 days were no survey, `responded` how many of them were clicked or answered. `unsubscribed`
-- counts those from which they unsubscribed. `renewal_days` is the time since the last contact about a renewal.
SELECT
  t.customer_id AS row_id,
  t.customer_id,
  (EPOCH($as_of) - EPOCH(GREATEST(
    COALESCE(MAX(t.clicked_at), MAX(t.replied_at)), COALESCE(MAX(t.replied_at), MAX(t.clicked_at))
  ))) / 86400 AS response_days,
  COUNT(
    CASE WHEN COALESCE(t.purpose, '') <> 'survey' AND EPOCH($as_of) - EPOCH(t.sent_at) <= 182 * 86400 THEN 1 END
  ) AS written,
  COUNT(
    CASE
      WHEN COALESCE(t.purpose, '') <> 'survey'
        AND EPOCH($as_of) - EPOCH(t.sent_at) <= 182 * 86400
        AND (t.clicked_at IS NOT NULL OR t.replied_at IS NOT NULL) THEN 1
    END
  ) AS responded,
  COUNT(t.unsubscribed_at) AS unsubscribed,
  (EPOCH($as_of) - EPOCH(MAX(CASE WHEN t.purpose = 'renewal' THEN t.sent_at END))) / 86400 AS renewal_days
FROM touches AS t
WHERE COALESCE(t.delivered, TRUE) AND EPOCH($as_of) - EPOCH(t.sent_at) <= 364 * 86400
GROUP BY t.customer_id
