"""Text that does not parse is made to, one mistake after the other."""

from compare.mending.syntax.changes import mistakes
from compare.mending.syntax.proposing import proposals

__all__ = ["mistakes", "proposals"]
