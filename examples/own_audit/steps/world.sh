rapport world shop --out shop --customers 1500
