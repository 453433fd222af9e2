"""Mistakes that reading alone knows the right line of: proposals by the name of the check that found them."""

from compare.mending.known.table import proposals

__all__ = ["proposals"]
