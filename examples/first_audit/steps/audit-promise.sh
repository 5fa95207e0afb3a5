rapport audit tea --out third
