pip install --quiet --no-build-isolation ./rapport/examples/own_audit
