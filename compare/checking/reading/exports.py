"""The text export of a notebook: `In [3]:` before each cell, `Out[3]:` before what it showed, prose in between."""

import re
from collections.abc import Sequence

from compare.checking.reading.parsing import unparsable
from compare.checking.reading.statements import Statement, statements

_NUMBER = r" ?\[(?:\d+|None|[ *]*)\]:"
_IN = re.compile(rf"In{_NUMBER}[ \t]?")
_OUT = re.compile(rf"Out{_NUMBER}")
_MARKED = re.compile(rf"^In{_NUMBER}", re.MULTILINE)
# of an interactive session: In [3]: for x in y:
#                           ...:     print(x)
_MORE = re.compile(r"[ \t]*\.{3,}:[ ]?")
_CODE = re.compile(
    r"(?:[\w.]+\s*(?:[-+*/@%&|^<>!=]?=|[(\[,.:+*/;-])|[@#\"'(\[{%!?]"
    r"|(?:def|class|if|elif|else|for|while|with|try|except|finally|return|import|from|print|raise|del|pass|assert|"
    r"global|lambda|async|exec|yield)\b)"
)
_SURELY_CODE = re.compile(
    r"[\w.]+(?:\[.*\])?\s*(?:=|\()|[@#]|(?:def|class|if|for|while|with|try|return|import|from)\b.*"
)
_WORDS = re.compile(r"\b([^\W\d_]+) ([^\W\d_]+) ([^\W\d_]+)\b")
_PYTHON = {"if", "else", "for", "in", "is", "not", "and", "or", "lambda", "import", "from", "as", "async", "await"}


def is_export(text: str) -> bool:
    """Whether a text has the marks of an export, and is no Python as it stands."""
    return bool(_MARKED.search(text)) and unparsable(text) is not None


def code_of(text: str) -> str:
    """The code in an export, every line where it was; what follows a mark on its line begins at the margin."""
    lines = text.split("\n")
    showing = False
    for i, line in enumerate(lines):
        mark, more = _IN.match(line), _MORE.match(line)
        if mark:
            showing, lines[i] = False, line[mark.end() :].lstrip()
        elif showing or _OUT.match(line):
            showing, lines[i] = True, ""
        elif more:
            lines[i] = line[more.end() :]
    return without_prose("\n".join(lines))


def without_prose(text: str) -> str:
    """The text without the paragraphs at the left margin that are in no programming language."""
    if unparsable(text) is None:
        return text
    lines = text.split("\n")
    for each in statements(text):
        if lines[each.first - 1] and _is_prose(each, lines):
            last = each.first
            while last < len(lines) and _goes_on(lines[last]):
                last += 1
            lines[each.first - 1 : last] = [""] * (last - each.first + 1)
    return "\n".join(lines)


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not _SURELY_CODE.match(line) and unparsable(line) is not None


def _is_prose(statement: Statement, lines: Sequence[str]) -> bool:
    line = lines[statement.first - 1]
    if statement.indent or unparsable(line) is None:
        return False
    three = _WORDS.search(line.partition("#")[0])
    if three and not _PYTHON & set(three.groups()) and not re.search(r"[\"']", line):
        return True
    return not _CODE.match(line)
