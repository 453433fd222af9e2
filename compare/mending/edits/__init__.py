"""What may have been meant: small changes of expressions and statements, each as a proposal that is still to be tried.

A rule looks at one expression, or at one statement, and says what else could stand there and how far that is from what
does. Rules know nothing of right and wrong: that is for the trial to say.
"""

from compare.mending.edits.proposing import proposals

__all__ = ["proposals"]
