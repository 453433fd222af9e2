"""What takes too long for a test: how often the comparison is wrong, and what it would miss."""
