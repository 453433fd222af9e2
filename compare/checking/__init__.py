"""`check`: anybody's handwritten layers, read, run apart from us, and judged by the comparison that judges ours."""
