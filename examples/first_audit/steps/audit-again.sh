rapport audit tea --out second
