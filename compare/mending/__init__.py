"""The right line, found and proven: edits proposed, tried on the learner's own code, and kept only if all agrees."""
