"""A learner's file, in whatever form and state, read as data; nothing of it is run.

bytes -> text -> cells -> what parses of each -> what is kept of that -> Document
"""

from compare.checking.reading.document import read, read_text
from compare.checking.reading.files import UnreadableError, gather

__all__ = ["UnreadableError", "gather", "read", "read_text"]
