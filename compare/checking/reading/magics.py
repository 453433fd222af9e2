"""What IPython takes and Python does not: magics, shell commands, questions."""

import re

from compare.checking.reading.parsing import unparsable
from compare.checking.reading.statements import Statement, statements

# these run the cell as Python
_RUNNING = ("time", "timeit", "capture", "prun", "check")
_CELL = re.compile(r"\s*%%(\w+)")
_LINE = re.compile(r"\s*(?:[%!?]|[\w.*%]+\?{1,2}\s*$|[\w.,\s()\[\]]+=\s*[%!])")
_COMMAND = re.compile(r"(?:pip3?|conda|cd|ls|pwd|mkdir|cat|rm|cp|mv|wget|git|clear)(?:\s|$)")
# a bracket in a shell command may hide what follows it until the command is out of the way
_ROUNDS = 20


def without_magics(text: str) -> str:
    """The text with all of them blanked, line by line where it was; a cell that is no Python is blanked whole."""
    if unparsable(text) is None:
        return text
    cell = _CELL.match(text)
    if cell and cell[1] not in _RUNNING:
        return "\n" * text.count("\n")
    for _ in range(_ROUNDS):
        before, text = text, _blanked(text)
        if text == before:
            break
    return text


def _blanked(text: str) -> str:
    lines = text.split("\n")
    for each in statements(text):
        if _is_magic(each, lines[each.first - 1]):
            last = each.first
            while lines[last - 1].endswith("\\") and last < len(lines):
                lines[last - 1], last = "", last + 1
            lines[last - 1] = ""
            # what stands in a block may be all there is in it
            lines[each.first - 1] = f"{each.indent}pass" if each.indent else ""
    return "\n".join(lines)


def _is_magic(statement: Statement, line: str) -> bool:
    if _LINE.match(statement.code):
        return True
    return bool(_COMMAND.match(line)) and unparsable(line) is not None
