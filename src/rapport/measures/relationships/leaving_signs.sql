-- One row is a customer who ever bought, or had a contract in the last year: from this the risk of leaving is told.
--
-- `kind` is 'contract' for who has a paid subscription and uses it, or has bought nothing for a year, else 'shop';
-- `running` tells whether a contract runs at the cut-off. `learned_from` marks those from whom models learn (see `buyers`):
-- of many customers a part that depends on the customer's id alone, those whose MD5 is below `part` (none: all). `alive_days` is the time since the last sign of life of any kind: a purchase, use, a visit or login, a click or an
-- answer, a case (none about cancelling), a survey answered. The other columns are those of `buying_signs`,
-- `basket_signs`, `case_signs`, `response_signs`, `last_answers`, `use_signs`, `presence_signs`, `contract_signs` and
-- `acted_on`; empty means that there is nothing of the kind.
--
-- Everything is read with the date on which it became known; no column that a source overwrites without a date is.
WITH who AS (
  SELECT b.customer_id FROM buying_signs AS b
  UNION
  SELECT c.customer_id FROM contract_signs AS c
),
counted AS (
  SELECT
    CASE WHEN COUNT(*) > 800000 THEN '08' WHEN COUNT(*) > 200000 THEN '1' WHEN COUNT(*) > 50000 THEN '4' END AS part
  FROM who
)
SELECT
  w.customer_id AS row_id,
  w.customer_id,
  CASE
    WHEN c.customer_id IS NOT NULL AND (u.customer_id IS NOT NULL OR COALESCE(b.silent_days, 365) >= 365) THEN 'contract'
    WHEN b.customer_id IS NOT NULL THEN 'shop'
    ELSE 'contract'
  END AS kind,
  COALESCE(c.running, FALSE) AS running,
  n.part,
  n.part IS NULL OR SUBSTRING(MD5(w.customer_id), 1, LENGTH(n.part)) < n.part AS learned_from,
  LEAST(
    COALESCE(b.silent_days, 100000.0),
    COALESCE(u.use_days, 100000.0),
    COALESCE(p.presence_days, 100000.0),
    COALESCE(r.response_days, 100000.0),
    COALESCE(k.case_days, 100000.0),
    COALESCE(a.answer_days, 100000.0),
    COALESCE(c.contract_days, 100000.0)
  ) AS alive_days,
  b.silent_days,
  b.tenure_days,
  b.purchases,
  b.bought_28,
  b.bought_56,
  b.bought_91,
  b.bought_182,
  b.bought_364,
  b.paid,
  b.paid_182,
  b.returned,
  b.late,
  i.items,
  i.products,
  k.case_days,
  k.cases,
  k.unsolved,
  k.repeated,
  k.waited_hours,
  r.response_days,
  r.written,
  r.responded,
  r.unsubscribed,
  r.renewal_days,
  a.last_score,
  a.answer_days,
  a.asked,
  a.answered,
  u.use_days,
  u.used_14,
  u.used_28,
  u.used_56,
  u.used_112,
  u.features_28,
  u.features_112,
  p.presence_days,
  p.present_28,
  p.present_56,
  c.contract_days,
  c.mrr,
  c.mrr_before,
  c.plan,
  c.failed,
  c.renewed_days,
  c.term_days,
  t.acted_days,
  t.held_days
FROM who AS w
CROSS JOIN counted AS n
LEFT JOIN buying_signs AS b ON b.customer_id = w.customer_id
LEFT JOIN basket_signs AS i ON i.customer_id = w.customer_id
LEFT JOIN case_signs AS k ON k.customer_id = w.customer_id
LEFT JOIN response_signs AS r ON r.customer_id = w.customer_id
LEFT JOIN last_answers AS a ON a.customer_id = w.customer_id
LEFT JOIN use_signs AS u ON u.customer_id = w.customer_id
LEFT JOIN presence_signs AS p ON p.customer_id = w.customer_id
LEFT JOIN contract_signs AS c ON c.customer_id = w.customer_id
LEFT JOIN acted_on AS t ON t.customer_id = w.customer_id
