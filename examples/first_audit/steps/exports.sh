python rapport/examples/first_audit/exports.py tea
