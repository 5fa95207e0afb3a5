"""Derives an audit again, step by step, and names what differs."""
