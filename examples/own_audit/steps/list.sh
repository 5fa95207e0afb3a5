rapport audits | grep late-parcels
