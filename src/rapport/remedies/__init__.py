"""What to do about a finding: the advice, one file an audit."""
