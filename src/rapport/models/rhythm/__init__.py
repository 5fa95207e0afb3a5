"""Hears when a customer has gone silent by their own rhythm, not by everybody's."""
