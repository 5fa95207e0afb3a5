"""How files of the outside world are to be read: their encoding, their dialect, their mapping to the record."""
