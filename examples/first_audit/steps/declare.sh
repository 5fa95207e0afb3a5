cat rapport/examples/first_audit/promise.toml >> tea/rapport.toml
