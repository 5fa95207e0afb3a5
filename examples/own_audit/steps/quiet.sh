rapport audit shop --out quiet --only late-parcels
