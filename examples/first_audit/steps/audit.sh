rapport audit tea --out first
