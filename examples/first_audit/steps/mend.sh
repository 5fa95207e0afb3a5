sed -i '/^channel = "Channel"/r rapport/examples/first_audit/desk.toml' tea/rapport.toml
