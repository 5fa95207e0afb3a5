-- One row is a customer watched at an earlier moment (see `silence_backtest`): whether they left without a word since.
--
-- `silently` says that their last sign of life was in the four weeks before that moment and that they had said nothing when
-- it was clear that they are gone: no complaint on file, no contract ended, no account closed. Each departure counts once.
-- `plan` is the plan last held, `region` and `acquisition_channel` those of the customer. `caught` is, of those who are
-- gone at moments by which the flagging is judged, whether they had been flagged; `over_three_gaps` and `over_recency` are
-- that less whether as many by silence over the own mean gap, or by silence alone, would have held them (1, 0 or −1).
-- `lead_days` and `lead_gaps` are those of the caught.
SELECT
  b.row_id,
  b.customer_id,
  b.origin,
  b.month,
  b.gone,
  b.silently,
  b.horizon_days,
  CASE WHEN b.judged THEN b.lead_days END AS lead_days,
  CASE WHEN b.judged THEN b.lead_gaps END AS lead_gaps,
  CASE WHEN b.judged AND b.gone THEN b.flagged END AS caught,
  CASE
    WHEN b.judged AND b.gone
      THEN (CASE WHEN b.flagged THEN 1 ELSE 0 END) - (CASE WHEN b.three_gaps THEN 1 ELSE 0 END)
  END AS over_three_gaps,
  CASE
    WHEN b.judged AND b.gone THEN (CASE WHEN b.flagged THEN 1 ELSE 0 END) - (CASE WHEN b.recency THEN 1 ELSE 0 END)
  END AS over_recency,
  c.region,
  c.acquisition_channel,
  k.plan
FROM silence_backtest AS b
LEFT JOIN customers AS c ON c.customer_id = b.customer_id
LEFT JOIN contracts AS k ON k.customer_id = b.customer_id
