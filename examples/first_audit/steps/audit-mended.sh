rapport audit tea --out fourth
