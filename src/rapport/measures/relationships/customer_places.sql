-- One row is a customer: where they belong, as of today, by which results about customers are cut.
--
-- `region` is theirs, else their country; `has_champion` says that a champion is or was among their contacts.
WITH named AS (
  SELECT DISTINCT n.customer_id FROM contacts AS n WHERE n.champion
)
SELECT
  k.row_id,
  k.customer_id,
  COALESCE(c.region, c.country) AS region,
  c.acquisition_channel,
  h.customer_id IS NOT NULL AS has_champion
FROM known_customers AS k
LEFT JOIN customers AS c ON c.customer_id = k.customer_id
LEFT JOIN named AS h ON h.customer_id = k.customer_id
