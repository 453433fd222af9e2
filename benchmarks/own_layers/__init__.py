"""How well a mistake in one of our own layers is explained by the comparison that catches it."""
