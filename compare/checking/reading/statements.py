"""Text cut into statements without parsing it, so that what does not parse can be cut as well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# stands for a line end within a string, or after a backslash
_JOIN = "\ue000"
_START = re.compile(r"#[^\n]*|\"\"\"|'''|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|\\\n", re.DOTALL)
_DEFINITION = re.compile(r"^[ \t]*(?:def|class)[ \t]+\w+.*:[ \t]*(?:#.*)?$", re.MULTILINE)
_KEYWORD = re.compile(
    r"\s*(?:(?:def|class|async|return|import|raise|del|pass|break|continue|assert|global|nonlocal)\b"
    r"|from\s+[\w.]+\s+import\b|(?:if|elif|else|for|while|with|try|except|finally)\b.*:\s*$)"
)
_TARGET = re.compile(r"\s*(?:\w+(?:\.\w+|\[[^=]*\])+\s*|\w+\s*(?:[-+*/@%&|^]|//|\*\*))=(?!=)")
_NAME = re.compile(r"\s*\w+\s*=(?!=)")
_INDENT = re.compile(r"[^\S\n]*")
_WORD = re.compile(r"\s*(\w+)")
_TRIPLE = ('"""', "'''")
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Statement:
    """The lines from `first` to `last` of a simple statement, or of the header of a compound one.

    `code` is its text without comments and what stands in strings, of the same length; `unclosed` is the quote or
    bracket that is opened in it and never closed, "" for none, and `opened` its line.
    """

    first: int
    last: int
    indent: str
    code: str
    unclosed: str = ""
    opened: int = 0

    @property
    def width(self) -> int:
        """The column that it begins at, a tab being as wide as Python takes it."""
        return len(self.indent.rpartition("\f")[2].expandtabs(8))

    @property
    def word(self) -> str:
        """Its first word, with that of `async def`."""
        found = _WORD.match(self.code.replace("async ", "", 1))
        return found[1] if found else ""

    @property
    def opens(self) -> bool:
        """Whether a block is to follow."""
        return self.code.rstrip().endswith(":")


def masked(text: str) -> tuple[str, list[int]]:
    """The text with comments and what stands in strings replaced, of the same length; where strings never end.

    A line end within a string, or after a backslash, is replaced as well.
    """
    pieces: list[str] = []
    unclosed = []
    at = 0
    text = text.replace(_JOIN, "?")
    odd = {quote: text.count(quote) % 2 == 1 for quote in _TRIPLE}
    while found := _START.search(text, at):
        token, end = found[0], found.end()
        pieces.append(text[at : found.start()])
        if token[0] == "#":
            pieces.append(" " * len(token))
        elif token == "\\\n":
            pieces.append(" " + _JOIN)
        else:
            if token in _TRIPLE:
                closed = _closing(text, end, token, odd[token])
                if closed is None:
                    unclosed.append(found.start())
                end = _next_code(text, end) if closed is None else closed
            pieces.append(_hidden(text[found.start() : end]))
        at = end
    pieces.append(text[at:])
    return "".join(pieces), unclosed


def statements(text: str) -> list[Statement]:
    """The statements of a text in order; blank lines and comments belong to none."""
    code, unclosed = masked(text)
    endless = {text.count("\n", 0, at) + 1: text[at : at + 3] for at in unclosed}
    found = []
    for lines, first, opened in _grouped(code.split("\n")):
        joined = "\n".join(lines)
        last = first + joined.count("\n") + joined.count(_JOIN)
        at = next((line for line in endless if first <= line <= last), 0)
        bracket, line = opened[-1] if opened else ("", 0)
        indent = _INDENT.match(joined)
        unclosed_at = (endless[at], at) if at else (bracket, line)
        found.append(Statement(first, last, indent[0] if indent else "", joined, *unclosed_at))
    return found


_Opened = list[tuple[str, int]]


def _grouped(lines: list[str]) -> Iterator[tuple[list[str], int, _Opened]]:
    """The lines of each statement, the number of its first, and the brackets left open with their lines."""
    group: list[str] = []
    opened: _Opened = []
    first, number = 1, 1
    for line in lines:
        if group and not (opened and not _begins(line, group[0])):
            yield group, first, opened
            group, opened = [], []
        if group or line.strip():
            first = first if group else number
            group.append(line)
            _count(line, number, opened)
        number += 1 + line.count(_JOIN)
    if group:
        yield group, first, opened


def _count(line: str, number: int, opened: _Opened) -> None:
    for letter in line:
        if letter in "([{":
            opened.append((letter, number))
        elif letter == _JOIN:
            number += 1
        elif opened and opened[-1][0] == _PAIRS.get(letter):
            opened.pop()


def _begins(line: str, opening: str) -> bool:
    """Whether a line within brackets can only be a statement of its own: the bracket was forgotten."""
    if _KEYWORD.match(line) or _TARGET.match(line):
        return True
    return bool(_NAME.match(line)) and _indent(line) <= _indent(opening)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _closing(text: str, start: int, quote: str, odd: bool) -> int | None:
    """Where a string ends; None for one that does not, or whose end is, as the quotes are odd, the next one's start."""
    for found in re.compile(rf"\\.|{quote}", re.DOTALL).finditer(text, start):
        if found[0] == quote:
            return None if odd and _DEFINITION.search(text, start, found.end()) else found.end()
    return None


def _next_code(text: str, start: int) -> int:
    """The end of the last line before one that looks like code."""
    end = text.find("\n", start)
    while end >= 0:
        after = text.find("\n", end + 1)
        line = text[end + 1 : after if after >= 0 else len(text)]
        if _KEYWORD.match(line) or _TARGET.match(line) or _NAME.match(line) or line.lstrip().startswith("@"):
            return end
        end = after
    return len(text)


def _hidden(string: str) -> str:
    quote = string[:3] if string.startswith(_TRIPLE) else string[0]
    closed = len(string) >= 2 * len(quote) and string.endswith(quote)
    inner = string[len(quote) : len(string) - len(quote) * closed]
    return quote + "".join(_JOIN if letter == "\n" else "_" for letter in inner) + quote * closed
