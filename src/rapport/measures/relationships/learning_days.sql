-- One row is a day on which a customer bought, of those customers from whom the models of buying learn (see `buyers`).
SELECT d.row_id, d.customer_id, d.day
FROM purchase_days AS d
JOIN buyers AS b ON b.customer_id = d.customer_id
WHERE b.learned_from
