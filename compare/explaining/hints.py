"""The same cause as a teacher hints at it: where to look and what to ask, neither the line nor what belongs there."""

import ast
import keyword
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from compare.explaining.around import target
from compare.explaining.cause import Cause, Kind
from compare.explaining.matrices import product
from compare.explaining.texts import python3, tree, written

if TYPE_CHECKING:
    # what mends imports this
    from compare.mending.edit import Edit

_PRODUCT = "Look at the product that gives {place}: which factor of the forward product does it need?"
_QUESTIONS: dict[Kind, str] = {
    "syntax": "{Place} is not Python as it stands: read it aloud, sign by sign.",
    "indentation": "Which block does {place} belong to, and which one does it stand in?",
    "import": "One name that is used is known nowhere: where should it come from?",
    "name": "One word in {place} is not what it is called everywhere else: compare them letter by letter.",
    "call": "Look at the brackets in {place}: what is called, what is indexed, and what belongs together?",
    "operand": "Look at what gives {place}: does every name in it stand for what the equation asks for?",
    "transpose": "Write the shapes under the factors of {place}: which axes meet, and which ones remain?",
    "term": "Look at {place}: how many ways lead there, and does each of them have its summand?",
    "factor": "Follow the chain rule through {place}, step by step: does each derivative stand there, as it should?",
    "sign": "Look at the signs in {place}: what grows, and what falls, when its input grows?",
    "ratio": "Look at {place}: what is it divided by, and what does the other pass divide by?",
    "upstream": "Which gradient comes from above, and how often does it go into {place}?",
    "function": "Is each function in {place} the one that the equation names?",
    "stale": "At which moment is each value in {place} taken, and which moment does the equation mean?",
    "axis": "Write the shapes before and after {place}: which letter has gone, and which one should have?",
    "size": "Write the name of its axis to each length in {place}: do they fit?",
    "index": "Which part of the array is meant in {place}, and which part is taken?",
    "loop": "Go through the loop at {place} by hand: what does it begin with, where does it end, what does it count?",
    "accumulate": "What stands in {place} before this round, and what is left of it afterwards?",
    "repeated ids": "What happens in {place} when one word occurs twice?",
    "cache": "What does the forward pass put away, and does the backward pass find the same things, in {place}, twice?",
    "slot": "Which parameter does each gradient in {place} belong to?",
    "order": "Count the values in {place}, and say aloud which one goes where.",
    "return": "What does {function} hand back to whoever calls it?",
    "missing": "Something that {function} should do is never done: go through its equations one by one.",
    "extra": "Not everything in {function} should be there: what happens without it?",
    "misplaced": "In which order do things happen in {function}, and when is each value ready?",
    "in place": "Whose array is it that {place} changes, and who reads it afterwards?",
    "rebinding": "Who else holds the array behind {place}, and does he see the new numbers?",
    "memory": "What stands in the memory behind {place} before anything is written there?",
    "precision": "How many digits does {place} keep?",
    "state": "Where does the state of {function} come from in the next step, and in the next call?",
    "numerics": "What does {place} give for very large numbers, for zero, or for nothing at all?",
    "unchecked": "Which input does {function} take although it cannot mean anything?",
}
# what a statement that is missing is about
_OF_RESULTS: tuple[Kind, ...] = ("ratio", "upstream", "factor", "term", "sign", "accumulate", "operand", "memory")
_ANYWHERE = "Read the function once more, with the equations of the forward pass beside it."
_WORD = re.compile(r"\w+")


def hint(cause: Cause, before: str, edits: "Sequence[Edit]") -> str:
    """A question that leads to the mistake; `edits` are those that repair `before`, and nothing of theirs is said."""
    statement, function = _edited(before, edits)
    left = target(statement)
    place = written(left) if left is not None else _named(statement, function, cause.kind)
    question = _QUESTIONS[cause.kind]
    if cause.kind in ("operand", "stale") and any(product(node) for node in _nodes(statement)):
        question = _PRODUCT
    said = question.format(place=place, Place=place[:1].upper() + place[1:], function=_called(function))
    for text in (said, question.format(place="this line", Place="One line", function="this function"), _ANYWHERE):
        if not _gives_away(text, before, edits):
            return text
    return "Look again."


def _named(statement: ast.stmt | None, function: ast.FunctionDef | None, kind: Kind) -> str:
    if isinstance(statement, ast.Return):
        return f"the result of {_called(function)}"
    if isinstance(statement, ast.If | ast.While):
        return f"a condition of {_called(function)}"
    line = "a result" if statement is None and kind in _OF_RESULTS else "one line"
    return f"{line} of {_called(function)}" if function else "one line"


def _called(function: ast.FunctionDef | None) -> str:
    return f"`{function.name}`" if function else "this part"


def _nodes(statement: ast.stmt | None) -> Iterator[ast.AST]:
    yield from ast.walk(statement) if statement else ()


def _edited(before: str, edits: "Sequence[Edit]") -> tuple[ast.stmt | None, ast.FunctionDef | None]:
    """The statement that the first edit changes, None where it puts one in; and the function around it."""
    if not edits:
        return None, None
    first = min(edits, key=lambda each: each.first)
    lines = before.split("\n")
    # an edit may take more lines than it changes
    line = first.first
    while line < first.last and line - first.first < len(first.new) and _same(lines, line, first):
        line += 1
    statements = _statements(before)
    inner = max((node for node in statements if _covers(node, line)), key=lambda node: node.lineno, default=None)
    changed = None if first.last < first.first or isinstance(inner, ast.FunctionDef | ast.ClassDef) else inner
    # what is put in at the end of a function stands after it
    above = [node for node in statements if isinstance(node, ast.FunctionDef) and node.lineno <= line]
    text = next((each for each in (*first.new, *lines[line - 1 : first.last]) if each.strip()), "")
    column = len(text) - len(text.lstrip())
    around = [node for node in above if node.col_offset < column or node.lineno == line]
    return changed, max(around, key=lambda node: node.lineno, default=None)


# of one text that several edits repair
@lru_cache(2)
def _statements(text: str) -> tuple[ast.stmt, ...]:
    return tuple(node for node in ast.walk(tree(python3(text))) if isinstance(node, ast.stmt))


def _same(lines: list[str], line: int, edit: "Edit") -> bool:
    return line <= len(lines) and lines[line - 1].strip() == edit.new[line - edit.first].strip()


def _covers(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _gives_away(text: str, before: str, edits: "Sequence[Edit]") -> bool:
    """Whether a word that the repair puts in stands in the hint."""
    lines = before.split("\n")
    old = {word for edit in edits for line in lines[edit.first - 1 : edit.last] for word in _WORD.findall(line)}
    # what a comment of the repair says is no part of it
    new = {word for edit in edits for line in edit.new for word in _WORD.findall(line.partition("#")[0])} - old
    return any(word in new and not keyword.iskeyword(word) and word != "a" for word in _WORD.findall(text))
