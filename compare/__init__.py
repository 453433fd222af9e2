"""The comparison: everything that asks, judges, explains and shows what the two derivations give."""
