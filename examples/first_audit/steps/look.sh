head -n 3 tea/*.csv
