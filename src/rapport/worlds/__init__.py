"""Companies that do not exist, made so that one knows what an audit should find in them."""
