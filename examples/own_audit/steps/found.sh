rapport audit shop --out found --only late-parcels
