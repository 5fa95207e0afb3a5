-- One row is a table of the record on one day, from one source and channel: how many rows fall into each hour.
--
-- Only what customers themselves do at a time of their own choosing: orders, tickets they opened, messages they sent,
-- answers to surveys, events. `day` counts days since 1970 and `h0` to `h23` hours, both on the company's own clock, so
-- that a change to summer time is no change here. Rows at exactly midnight, local or UTC, carry a date and no time and
-- are left out.
--
-- Wrong when the company's time zone is not declared: then everything moves by an hour in spring and autumn.
WITH long AS (
  SELECT 'orders' AS "table", ordered_at AS at, _source AS source, channel FROM orders
  UNION ALL
  SELECT 'tickets', opened_at, _source, channel FROM tickets WHERE COALESCE(opened_by, 'customer') = 'customer'
  UNION ALL
  SELECT 'messages', sent_at, _source, channel FROM messages WHERE direction = 'inbound'
  UNION ALL
  SELECT 'feedback', answered_at, _source, channel FROM feedback
  UNION ALL
  SELECT 'events', at, _source, channel FROM events
),
clocked AS (
  SELECT
    l."table",
    l.source,
    l.channel,
    EPOCH(l.at) AS second,
    EPOCH(l.at) + CASE
      WHEN EPOCH(l.at) - EPOCH(CAST(c.day AS TIMESTAMP)) < c.change_second THEN c.offset_seconds
      ELSE c.offset_after
    END AS local_second
  FROM long AS l
  JOIN calendar AS c ON c.day = CAST(l.at AS DATE)
  WHERE l.at >= $start
),
timed AS (
  SELECT
    "table",
    source,
    channel,
    CAST(FLOOR(local_second / 86400) AS INTEGER) AS day,
    CAST(FLOOR((local_second % 86400) / 3600) AS INTEGER) AS hour
  FROM clocked
  WHERE second % 86400 <> 0 AND local_second % 86400 <> 0
),
hours AS (
  SELECT "table", source, channel, day, hour, COUNT(*) AS n FROM timed GROUP BY "table", source, channel, day, hour
)
SELECT
  "table",
  source,
  channel,
  day,
  CAST(SUM(CASE WHEN hour = 0 THEN n ELSE 0 END) AS BIGINT) AS h0,
  CAST(SUM(CASE WHEN hour = 1 THEN n ELSE 0 END) AS BIGINT) AS h1,
  CAST(SUM(CASE WHEN hour = 2 THEN n ELSE 0 END) AS BIGINT) AS h2,
  CAST(SUM(CASE WHEN hour = 3 THEN n ELSE 0 END) AS BIGINT) AS h3,
  CAST(SUM(CASE WHEN hour = 4 THEN n ELSE 0 END) AS BIGINT) AS h4,
  CAST(SUM(CASE WHEN hour = 5 THEN n ELSE 0 END) AS BIGINT) AS h5,
  CAST(SUM(CASE WHEN hour = 6 THEN n ELSE 0 END) AS BIGINT) AS h6,
  CAST(SUM(CASE WHEN hour = 7 THEN n ELSE 0 END) AS BIGINT) AS h7,
  CAST(SUM(CASE WHEN hour = 8 THEN n ELSE 0 END) AS BIGINT) AS h8,
  CAST(SUM(CASE WHEN hour = 9 THEN n ELSE 0 END) AS BIGINT) AS h9,
  CAST(SUM(CASE WHEN hour = 10 THEN n ELSE 0 END) AS BIGINT) AS h10,
  CAST(SUM(CASE WHEN hour = 11 THEN n ELSE 0 END) AS BIGINT) AS h11,
  CAST(SUM(CASE WHEN hour = 12 THEN n ELSE 0 END) AS BIGINT) AS h12,
  CAST(SUM(CASE WHEN hour = 13 THEN n ELSE 0 END) AS BIGINT) AS h13,
  CAST(SUM(CASE WHEN hour = 14 THEN n ELSE 0 END) AS BIGINT) AS h14,
  CAST(SUM(CASE WHEN hour = 15 THEN n ELSE 0 END) AS BIGINT) AS h15,
  CAST(SUM(CASE WHEN hour = 16 THEN n ELSE 0 END) AS BIGINT) AS h16,
  CAST(SUM(CASE WHEN hour = 17 THEN n ELSE 0 END) AS BIGINT) AS h17,
  CAST(SUM(CASE WHEN hour = 18 THEN n ELSE 0 END) AS BIGINT) AS h18,
  CAST(SUM(CASE WHEN hour = 19 THEN n ELSE 0 END) AS BIGINT) AS h19,
  CAST(SUM(CASE WHEN hour = 20 THEN n ELSE 0 END) AS BIGINT) AS h20,
  CAST(SUM(CASE WHEN hour = 21 THEN n ELSE 0 END) AS BIGINT) AS h21,
  CAST(SUM(CASE WHEN hour = 22 THEN n ELSE 0 END) AS BIGINT) AS h22,
  CAST(SUM(CASE WHEN hour = 23 THEN n ELSE 0 END) AS BIGINT) AS h23
FROM hours
GROUP BY "table", source, channel, day
