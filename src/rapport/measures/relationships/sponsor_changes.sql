-- One row is a champion at a customer who has left: the person through whom the relationship went.
--
-- `champion` is what the source says today: this describes what happened and foretells nothing.
SELECT
  c.contact_id AS row_id,
  c.customer_id,
  c.left_at
FROM contacts AS c
WHERE c.champion AND c.left_at IS NOT NULL AND c.left_at < $as_of
