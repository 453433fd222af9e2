"""The right line, found and proven: edits proposed, tried on the learner's own code, and kept only if all agrees."""

from compare.mending.manuscript import Manuscript
from compare.mending.reporting import explained

__all__ = ["Manuscript", "explained"]
