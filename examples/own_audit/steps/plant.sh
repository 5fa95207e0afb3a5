python rapport/examples/own_audit/plant.py shop north
