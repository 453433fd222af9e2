"""Slips of the pen in one statement: where, what was typed, and what may have been meant."""

import itertools
import keyword
import re
from collections.abc import Iterator

from compare.checking.reading.statements import masked
from compare.checking.static.nearest import distance
from compare.mending.syntax.brackets import brackets, quotes
from compare.mending.syntax.slip import CLOSING, NAME, OPENING, Slip, Tokens, one

_TOKEN = re.compile(
    r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|\*\*=?|//=?|[-+*/%@&|^<>=!:]=|->|\.\.\.|(['\"])[_\ue000]*\1?|\S"
)
_FIRST = (
    "class",
    "def",
    "for",
    "while",
    "if",
    "elif",
    "else",
    "try",
    "except",
    "finally",
    "with",
    "return",
    "from",
    "import",
    "raise",
    "assert",
    "del",
)
_WITHIN = ("in", "not", "and", "or", "is", "if", "else", "for", "as", "import", "lambda")
_HEADER = re.compile(r"(\s*)([^\W\d]\w*)\s*(\(.*\))?\s*(->.*)?:\s*$", re.DOTALL)
# signs of other languages, or with a space in them
_SIGNS = {
    "else if": "elif",
    "elseif": "elif",
    "elsif": "elif",
    "function ": "def ",
    "func ": "def ",
    "fun ": "def ",
    "new ": "",
    "var ": "",
    "let ": "",
    "const ": "",
    "&&": " and ",
    "||": " or ",
    "++": " += 1",
    "--": " -= 1",
    "=>": ">=",
    "=<": "<=",
    "!==": "!=",
    "===": "==",
    "= =": "==",
    "+ =": "+=",
    "- =": "-=",
    "* =": "*=",
    "/ =": "/=",
    "! =": "!=",
    ": =": "=",
    ":=": "=",
    "* *": "**",
    " then:": ":",
    "{": ":",
}
_KEYS = {
    ";": (",", ":"),
    ":": (",", ";", ".", "="),
    ".": (",",),
    ",": (".",),
    "=": ("==", "-", "+", ":"),
    "-": ("=",),
    "|": ("]",),
    "!": ("1",),
}


def slips(raw: str) -> Iterator[Slip]:
    """All that is tried on a statement; what stands in its comments and strings is left alone."""
    code = masked(raw)[0]
    tokens = [(each.start(), each.end(), each[0]) for each in _TOKEN.finditer(code)]
    for rule in (_keywords, _signs, _glued, _called_targets, brackets, _gaps, _axes, _definitions, _keys, _dropped):
        yield from rule(code, tokens)
    yield from quotes(raw, tokens)


def _keywords(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`retrun`, `fro t in`, `esle`, `For`; `fort in`, a keyword that a name has grown into."""
    for i, (start, end, word) in enumerate(tokens):
        if not NAME.match(word) or keyword.iskeyword(word):
            continue
        for meant in _FIRST if not i else _WITHIN:
            steps = distance(word.lower(), meant)
            swapped = sorted(word.lower()) == sorted(meant)
            if steps <= (2 if len(meant) > 4 else 1) and (len(word) > 1 or not i):
                said = f"`{word}` is no keyword; `{meant}` was probably meant."
                yield one(start, end, meant, 1 + 0.3 * steps - 0.2 * swapped, said)
            if not i and word.startswith(meant) and len(word) > len(meant):
                yield one(start + len(meant), start + len(meant), " ", 1.4, f"A space is missing behind `{meant}`.")


def _signs(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`else if`, `&&`, `= =`."""
    for written, meant in _SIGNS.items():
        at = code.find(written)
        if at >= 0:
            said = f"`{written.strip()}` is no Python" + (f"; `{meant.strip()}` is." if meant.strip() else ".")
            yield one(at, at + len(written), meant, 1.2, said)


def _glued(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`A[:, 2H:3H]`: a number and a name without the sign between them, everywhere in the statement."""
    glued = [
        (end, end, "*")
        for (_, end, left), (start, _, right) in itertools.pairwise(tokens)
        if end == start and left[0].isdigit() and NAME.match(right)
    ]
    if glued:
        yield Slip(tuple(glued), 1.0, "A `*` is missing between a number and a name.")


def _called_targets(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`grads(i) += grad`: what is assigned to is indexed, not called."""
    equal = next((start for start, _, word in tokens if word.endswith("=") and word not in ("==", "!=")), None)
    if equal is None:
        return
    opened = [start for start, end, word in tokens if word == "(" and end < equal]
    closed = [start for start, end, word in tokens if word == ")" and end <= equal]
    if opened and closed:
        said = "What is assigned to is indexed with square brackets: `(…)` is a call."
        yield Slip(((opened[0], opened[0] + 1, "["), (closed[-1], closed[-1] + 1, "]")), 0.8, said)
    target, value = code[:equal].strip(), code[equal + 1 :].strip()
    if code[equal] == "=" and NAME.match(value):
        indent = len(code) - len(code.lstrip())
        said = f"The name stands on the left: `{value} = …`."
        yield Slip(((indent, indent, f"{value} = "), (indent + len(target), len(code.rstrip()), "")), 1.5, said)


def _gaps(code: str, tokens: Tokens) -> Iterator[Slip]:
    """Two words side by side: a comma, a dot or an operator is missing between them."""
    around: list[str] = [""]
    equal = False
    for place, ((_, end, left), (start, _, right)) in enumerate(itertools.pairwise(tokens)):
        if left in CLOSING:
            caller = tokens[place - 1][2] if place else ""
            around.append(caller if NAME.match(caller) and not keyword.iskeyword(caller) else left)
        elif left in OPENING and len(around) > 1:
            around.pop()
        equal = equal or (left == "=" and len(around) == 1)
        targets = len(around) == 1 and not equal and re.search(r"(?<![-+*/@=!<>])=(?!=)", code[end:]) is not None
        ends = left in OPENING or left[-1].isalnum() or left[0] in "'\"" or left.endswith("_")
        begins = right in CLOSING or right[0].isalnum() or right[0] in "'\"_"
        if not (ends and begins) or keyword.iskeyword(right) or keyword.iskeyword(left):
            continue
        for sign, cost in _signs_between(left, right, around[-1], equal):
            # names side by side before a `=` are its targets
            cost = 1.0 if targets and sign == ", " else cost
            yield one(end, start, sign, cost, f"`{sign.strip()}` is missing before `{right}`.")


def _signs_between(left: str, right: str, around: str, equal: bool) -> Iterator[tuple[str, float]]:
    """What may be missing between two words; `around` is the bracket, or the function, that they stand in."""
    sizes = left.isupper() and right.isupper() and around in ("reshape", "arange", "range", "(", "")
    if left in ("np", "self", "layer"):
        yield ".", 0.9
    if (left, right) == ("]", "["):
        yield ", ", 0.9
    if around:
        # brackets that nothing calls hold a sum, or a tuple of names
        yield ", ", 1.4 if sizes or (around == "(" and left.isdigit()) else 1.0
        yield " = ", 1.9
        yield ":", 2.0
    elif not equal:
        yield " = ", 1.1
        yield ", ", 1.6
    if right.isdigit():
        yield "**", 1.2
    added = right in ("b", "bias") or (right == "np" and (left in OPENING or left.isdigit()))
    yield " * ", 1.1 if sizes else 1.4
    yield " + ", 0.9 if around in ("tanh", "sigmoid") else 1.2 if added else 1.5
    yield " - ", 0.9 if around in ("exp", "softmax") else 1.3 if left.isdigit() else 1.6
    yield from ((" @ ", 1.7), (" in ", 1.5), (" as ", 1.5), ("(", 1.8), ("", 2.5))


def _definitions(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`forward(self, x):` without its `def`, `RNN:` without its `class`; `def forward self, x):`."""
    header = _HEADER.match(code)
    if header and not keyword.iskeyword(header[2]):
        word = "def" if header[3] and not header[2][0].isupper() else "class"
        yield one(len(header[1]), len(header[1]), f"{word} ", 1.1, f"`{word}` is missing before `{header[2]}`.")
    words = [word for _, _, word in tokens[:3]]
    if len(words) == 3 and words[0] == "def" and words[2] != "(":
        yield one(tokens[1][1], tokens[2][0], "(", 1.3, "A `(` is missing.")
    if words[:1] in (["for"], ["if"], ["while"], ["def"], ["class"], ["else"]) and tokens[-1][2] == ";":
        yield one(tokens[-1][0], tokens[-1][1], ":", 1.0, "The line ends in `;` where `:` is meant.")


def _keys(code: str, tokens: Tokens) -> Iterator[Slip]:
    """One sign typed for another that is beside it."""
    for start, end, word in tokens:
        for meant in _KEYS.get(word, ()):
            yield one(start, end, meant, 1.8 - 0.3 * (meant == "=="), f"`{word}` stands where `{meant}` is meant.")


def _axes(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`xs[: ::-1]`: two colons with a gap between them are slices of two axes."""
    for (_, end, left), (start, _, right) in itertools.pairwise(tokens):
        if left == right == ":" and start > end:
            yield one(end, end, ",", 0.5, "`,` is missing between two axes.")


def _dropped(code: str, tokens: Tokens) -> Iterator[Slip]:
    """A word or a sign that is one too many."""
    for place, (start, end, word) in enumerate(tokens):
        twice = place > 0 and tokens[place - 1][2] == word
        odd = not word.isascii() or word in "$?`\\!"
        name = bool(NAME.match(word)) and not keyword.iskeyword(word)
        cost = 0.9 if odd else 1.2 if (twice and not name) or word in tuple(":;,.") else 2.2 if len(word) == 1 else 2.8
        yield one(start, end, "", cost, f"`{word}` is one too many.")
