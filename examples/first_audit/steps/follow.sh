python rapport/examples/first_audit/follow.py third first-reply
