"""Plumbline, software for planning building sites that does not exist, sold by the month."""
