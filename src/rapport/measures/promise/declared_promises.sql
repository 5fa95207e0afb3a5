-- One row is a promise as declared in `rapport.toml`: a case-level quantity, its target, and for whom it was promised.
--
-- `quantity` is one of `promise_quantities`, `target` in its unit; `promised_share` is the share of cases that must meet
-- it. `by_column` and `by_value` (and the second pair) narrow it to a segment, empty for everybody. The first twelve
-- promises are here; a promise to a segment of more than two columns is not.
SELECT * FROM (
  SELECT
    CAST($promise_1_id AS VARCHAR) AS promise_id,
    CAST($promise_1_measure AS VARCHAR) AS quantity,
    CAST($promise_1_target AS DOUBLE) AS target,
    CAST($promise_1_share AS DOUBLE) AS promised_share,
    CAST($promise_1_by AS VARCHAR) AS by_column,
    CAST($promise_1_value AS VARCHAR) AS by_value,
    CAST($promise_1_by2 AS VARCHAR) AS by_column_2,
    CAST($promise_1_value2 AS VARCHAR) AS by_value_2
  UNION ALL
  SELECT
    CAST($promise_2_id AS VARCHAR),
    CAST($promise_2_measure AS VARCHAR),
    CAST($promise_2_target AS DOUBLE),
    CAST($promise_2_share AS DOUBLE),
    CAST($promise_2_by AS VARCHAR),
    CAST($promise_2_value AS VARCHAR),
    CAST($promise_2_by2 AS VARCHAR),
    CAST($promise_2_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_3_id AS VARCHAR),
    CAST($promise_3_measure AS VARCHAR),
    CAST($promise_3_target AS DOUBLE),
    CAST($promise_3_share AS DOUBLE),
    CAST($promise_3_by AS VARCHAR),
    CAST($promise_3_value AS VARCHAR),
    CAST($promise_3_by2 AS VARCHAR),
    CAST($promise_3_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_4_id AS VARCHAR),
    CAST($promise_4_measure AS VARCHAR),
    CAST($promise_4_target AS DOUBLE),
    CAST($promise_4_share AS DOUBLE),
    CAST($promise_4_by AS VARCHAR),
    CAST($promise_4_value AS VARCHAR),
    CAST($promise_4_by2 AS VARCHAR),
    CAST($promise_4_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_5_id AS VARCHAR),
    CAST($promise_5_measure AS VARCHAR),
    CAST($promise_5_target AS DOUBLE),
    CAST($promise_5_share AS DOUBLE),
    CAST($promise_5_by AS VARCHAR),
    CAST($promise_5_value AS VARCHAR),
    CAST($promise_5_by2 AS VARCHAR),
    CAST($promise_5_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_6_id AS VARCHAR),
    CAST($promise_6_measure AS VARCHAR),
    CAST($promise_6_target AS DOUBLE),
    CAST($promise_6_share AS DOUBLE),
    CAST($promise_6_by AS VARCHAR),
    CAST($promise_6_value AS VARCHAR),
    CAST($promise_6_by2 AS VARCHAR),
    CAST($promise_6_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_7_id AS VARCHAR),
    CAST($promise_7_measure AS VARCHAR),
    CAST($promise_7_target AS DOUBLE),
    CAST($promise_7_share AS DOUBLE),
    CAST($promise_7_by AS VARCHAR),
    CAST($promise_7_value AS VARCHAR),
    CAST($promise_7_by2 AS VARCHAR),
    CAST($promise_7_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_8_id AS VARCHAR),
    CAST($promise_8_measure AS VARCHAR),
    CAST($promise_8_target AS DOUBLE),
    CAST($promise_8_share AS DOUBLE),
    CAST($promise_8_by AS VARCHAR),
    CAST($promise_8_value AS VARCHAR),
    CAST($promise_8_by2 AS VARCHAR),
    CAST($promise_8_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_9_id AS VARCHAR),
    CAST($promise_9_measure AS VARCHAR),
    CAST($promise_9_target AS DOUBLE),
    CAST($promise_9_share AS DOUBLE),
    CAST($promise_9_by AS VARCHAR),
    CAST($promise_9_value AS VARCHAR),
    CAST($promise_9_by2 AS VARCHAR),
    CAST($promise_9_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_10_id AS VARCHAR),
    CAST($promise_10_measure AS VARCHAR),
    CAST($promise_10_target AS DOUBLE),
    CAST($promise_10_share AS DOUBLE),
    CAST($promise_10_by AS VARCHAR),
    CAST($promise_10_value AS VARCHAR),
    CAST($promise_10_by2 AS VARCHAR),
    CAST($promise_10_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_11_id AS VARCHAR),
    CAST($promise_11_measure AS VARCHAR),
    CAST($promise_11_target AS DOUBLE),
    CAST($promise_11_share AS DOUBLE),
    CAST($promise_11_by AS VARCHAR),
    CAST($promise_11_value AS VARCHAR),
    CAST($promise_11_by2 AS VARCHAR),
    CAST($promise_11_value2 AS VARCHAR)
  UNION ALL
  SELECT
    CAST($promise_12_id AS VARCHAR),
    CAST($promise_12_measure AS VARCHAR),
    CAST($promise_12_target AS DOUBLE),
    CAST($promise_12_share AS DOUBLE),
    CAST($promise_12_by AS VARCHAR),
    CAST($promise_12_value AS VARCHAR),
    CAST($promise_12_by2 AS VARCHAR),
    CAST($promise_12_value2 AS VARCHAR)
) AS p
WHERE p.promise_id IS NOT NULL
