-- One row is a ticket opened by a customer that is old enough to have had its answer: was it ever answered?
--
-- Old enough is older than the time within which 199 of 200 answered tickets got their first answer (`patience_seconds`,
-- calendar time, over the whole record audited). Younger tickets are left out, answered or not: their answer may be on
-- its way, and to count only those that have it already would flatter the newest days. What is answered later still is
-- half of what the audit acts on at most, so that the newest months, of which it is not known yet, look no worse. `never` is true where no public
-- reply by a person exists up to the cut-off. `month` is the UTC month of the opening.
--
-- Wrong when spam, duplicates or merged tickets are closed without an answer and kept in the record, or when people
-- answer by telephone and nobody writes it down.
WITH patience AS (
  SELECT PERCENTILE_CONT(0.995) WITHIN GROUP (ORDER BY wait_seconds) AS patience_seconds
  FROM replies
  WHERE answered
)
SELECT
  r.row_id,
  r.customer_id,
  r.team,
  r.channel,
  r.topic,
  r.priority,
  r.opened_at,
  p.patience_seconds,
  NOT r.answered AS never,
  r.month
FROM replies AS r
CROSS JOIN patience AS p
WHERE r.age_seconds >= p.patience_seconds
