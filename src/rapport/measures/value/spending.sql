-- One row is an entry of what was spent on winning, keeping or serving customers.
--
-- `month` is the first of its month. `judged` says that everybody who was won in that month has been a customer for a
-- whole year before the cut-off, so that cost and return are of the same customers; `last_year` that it lies in the last
-- twelve full months. `currency` is the entry's, the company's where it has none. Amounts are as they stand. Only months
-- that begin within the period are there: of one that begins before it not everything is known that its customers brought.
SELECT
  COALESCE(s.spend_id, CONCAT(s.kind, '/', COALESCE(s.channel, ''), '/', CAST(s.month AS VARCHAR))) AS row_id,
  s.kind,
  s.channel,
  s.team,
  s.amount,
  COALESCE(s.currency, $currency) AS currency,
  EPOCH(CAST(DATE_TRUNC('month', s.month) AS TIMESTAMP)) + 396 * 86400 <= EPOCH($as_of) AS judged,
  EPOCH(CAST(DATE_TRUNC('month', s.month) AS TIMESTAMP)) >= EPOCH(DATE_TRUNC('month', $as_of)) - 366 * 86400
    AND CAST(DATE_TRUNC('month', s.month) AS TIMESTAMP) < DATE_TRUNC('month', $as_of) AS last_year,
  CAST(DATE_TRUNC('month', s.month) AS DATE) AS month
FROM spend AS s
WHERE CAST(DATE_TRUNC('month', s.month) AS TIMESTAMP) >= $start
