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
)
SELECT
  "table",
  source,
  channel,
  day,
  COUNT(*) FILTER (WHERE hour = 0) AS h0,
  COUNT(*) FILTER (WHERE hour = 1) AS h1,
  COUNT(*) FILTER (WHERE hour = 2) AS h2,
  COUNT(*) FILTER (WHERE hour = 3) AS h3,
  COUNT(*) FILTER (WHERE hour = 4) AS h4,
  COUNT(*) FILTER (WHERE hour = 5) AS h5,
  COUNT(*) FILTER (WHERE hour = 6) AS h6,
  COUNT(*) FILTER (WHERE hour = 7) AS h7,
  COUNT(*) FILTER (WHERE hour = 8) AS h8,
  COUNT(*) FILTER (WHERE hour = 9) AS h9,
  COUNT(*) FILTER (WHERE hour = 10) AS h10,
  COUNT(*) FILTER (WHERE hour = 11) AS h11,
  COUNT(*) FILTER (WHERE hour = 12) AS h12,
  COUNT(*) FILTER (WHERE hour = 13) AS h13,
  COUNT(*) FILTER (WHERE hour = 14) AS h14,
  COUNT(*) FILTER (WHERE hour = 15) AS h15,
  COUNT(*) FILTER (WHERE hour = 16) AS h16,
  COUNT(*) FILTER (WHERE hour = 17) AS h17,
  COUNT(*) FILTER (WHERE hour = 18) AS h18,
  COUNT(*) FILTER (WHERE hour = 19) AS h19,
  COUNT(*) FILTER (WHERE hour = 20) AS h20,
  COUNT(*) FILTER (WHERE hour = 21) AS h21,
  COUNT(*) FILTER (WHERE hour = 22) AS h22,
  COUNT(*) FILTER (WHERE hour = 23) AS h23
FROM timed
GROUP BY "table", source, channel, day
