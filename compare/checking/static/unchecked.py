"""What a layer takes that it should refuse: notes for who asks strictly, kept apart from the checks for mistakes.

The book's own layers check nothing, and are right: nothing of this is said in a report of what is wrong.

Each is said at most once of a method, of classes with both passes alone, and not where it is asked already.
"""

import ast
from collections.abc import Callable, Iterator

from compare.checking.source import Document, Problem
from compare.checking.static.building import read
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, elements, indices, names_in, own, walk
from compare.checking.static.vocabulary import is_array

_IDS = ("embed",)


def unchecked(document: Document) -> tuple[Problem, ...]:
    """All that is taken without a check, by place; nothing that stands in a file makes this raise."""
    found: list[Problem] = []
    for check in UNCHECKED:
        try:
            found += check(read(document))
        except Exception:  # anybody's file may hold anything; the tests call the checks without this net
            continue
    return tuple(sorted(found, key=lambda each: (each.place.cell or 0, each.place.line, each.place.column or 0)))


def values(file: File) -> Iterator[Problem]:
    """A forward pass that takes NaN and infinity."""
    for function in _passes(file, "forward"):
        data = function.parameters[:1]
        if data and is_array(data[0]) and not (_of_ids(function) or _refuses(function, data[0])):
            message = f"`{data[0]}` is taken whatever it holds: one NaN or infinity spoils everything after it."
            yield function.problem(_first(function), "values unchecked", message, "note")


def ids(file: File) -> Iterator[Problem]:
    """An embedding that reads the last row for the id -1."""
    for function in _passes(file, "forward"):
        data = function.parameters[:1]
        if data and _of_ids(function) and not _refuses(function, data[0]):
            message = f"The ids `{data[0]}` are not checked: -1 reads the last row of the weights, silently."
            yield function.problem(_first(function), "ids unchecked", message, "note")


def early_backward(file: File) -> Iterator[Problem]:
    """A backward pass before any forward pass: what it reads is still None."""
    for function in _passes(file, "backward"):
        for node in function.own:
            name = function.attribute(node) if isinstance(getattr(node, "ctx", None), ast.Load) else None
            settings = function.owner.settings.get(name, ()) if function.owner and name else ()
            begins = [each.value for each in settings if each.method == "__init__"]
            none = bool(begins) and all(isinstance(each, ast.Constant) and each.value is None for each in begins)
            if none and any("forward" in each.method for each in settings):
                if not _refuses(function, f"self.{name}"):
                    message = f"`self.{name}` is None before the first forward pass: what fails then does not say why."
                    yield function.problem(_first(function), "backward before forward", message, "note")
                break


def carried_state(file: File) -> Iterator[Problem]:
    """A state of another batch size than the data's."""
    for function in _passes(file, "forward"):
        for node in function.own:
            if not isinstance(node, ast.If) or node.orelse:
                continue
            states = [
                each.left
                for each in walk(node.test)
                if isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.Is) and function.attribute(each.left)
            ]
            if states and not _refuses(function, code(states[0])):
                message = (
                    f"Nothing compares the rows of `{code(states[0])}`, which is carried, with those of "
                    f"`{function.parameters[0]}`."
                )
                yield function.problem(node, "batch of the state", message, "note")
                break


def steps(file: File) -> Iterator[Problem]:
    """An upstream gradient of fewer steps than the forward pass had."""
    for function in _passes(file, "backward"):
        layers = function.owner.settings.get("layers", ()) if function.owner else ()
        for target, value, statement in function.assignments if layers else ():
            names = elements(target)
            array = value.value if isinstance(value, ast.Attribute) and value.attr == "shape" else None
            given = isinstance(array, ast.Name) and array.id in function.parameters
            if isinstance(array, ast.Name) and given and names and len(names) > 1:
                if _refuses(function, code(names[1])) or _refuses(function, array.id):
                    break
                message = (
                    f"`{code(names[1])}` comes from `{array.id}`: if that has fewer steps than `self.layers`, the "
                    "gradient of the later ones is lost, silently."
                )
                yield function.problem(statement, "steps unchecked", message, "note")
                break


def kept_twice(file: File) -> Iterator[Problem]:
    """`self.W = W` beside `self.params = [W]`: an optimiser that assigns to the one leaves the other."""
    for function in _passes(file, "__init__"):
        owner = function.owner
        params = [code(each) for each in (owner.lists("params") if owner else None) or ()]
        for target, value, statement in function.assignments:
            name = function.attribute(target)
            if owner is None or name is None or not isinstance(value, ast.Name) or value.id not in params:
                continue
            if isinstance(statement, ast.Assign) and statement.value is value and len(owner.settings[name]) == 1:
                message = f"`self.{name}` and `self.params[{params.index(value.id)}]` are kept side by side."
                yield function.problem(statement, "weights kept twice", message, "note")
                break


def one_hot(file: File) -> Iterator[Problem]:
    """`ts = ts.argmax(axis=2)` of rows that are not one-hot."""
    for function in _passes(file, "forward"):
        for target, value, statement in function.assignments:
            called = value.func if isinstance(value, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "argmax" and code(called.value) == code(target):
                if _refuses(function, code(target)):
                    break
                message = f"A row of `{code(target)}` that is not one-hot is taken, and zeros become class 0."
                yield function.problem(statement, "one-hot unchecked", message, "note")
                break


def labels(file: File) -> Iterator[Problem]:
    """`mask = ts != self.ignore_label`: any other label below 0 counts from the last class."""
    for function in _passes(file, "forward"):
        for ts, mask, statement in _masks(function):
            if _refuses(function, mask):
                break
            message = f"A label of `{ts}` that `{mask}` keeps may be no class: -2 counts from the last one, silently."
            yield function.problem(statement, "labels unchecked", message, "note")
            break


def ignored_index(file: File) -> Iterator[Problem]:
    """`log_ys[rows, ts]` with labels among ts that are to be ignored: they may be no index."""
    for function in _passes(file, "forward"):
        for ts, mask, statement in _masks(function):
            made = [code(each.value) for each in function.given(ts) if each.value is not None]
            if any("where" in each for each in made):
                continue
            for node in function.own:
                behind = isinstance(node, ast.Subscript) and node.lineno > statement.lineno
                if behind and isinstance(node, ast.Subscript) and ts in map(code, indices(node)):
                    message = (
                        f"`{ts}` holds the labels to ignore, too, which `{mask}` drops only later: -100 is no index."
                    )
                    yield function.problem(node, "ignored label as an index", message, "note")
                    break
            break


def masked_infinity(file: File) -> Iterator[Problem]:
    """`ls *= mask` where `ls` is a logarithm: 0 · −∞ is NaN."""
    for function in _passes(file, "forward"):
        for node in function.own:
            if isinstance(node, ast.AugAssign):
                factors = [node.target, node.value]
            elif isinstance(node, ast.BinOp):
                factors = [node.left, node.right]
            else:
                continue
            masks = [each for each in factors if isinstance(each, ast.Name) and "mask" in each.id]
            others = [each for each in factors if isinstance(each, ast.Name) and each not in masks]
            if isinstance(node.op, ast.Mult) and len(masks) == 1 and any(_is_log(function, each) for each in others):
                message = f"`{code(node)}` is NaN where `{code(others[0])}` is -inf, even if that position is ignored."
                yield function.problem(node, "0 times infinity", message, "note")
                break


def _is_log(function: Function, name: ast.Name) -> bool:
    """Whether a name is the logarithm of something that nothing was added to."""
    for each in function.given(name.id):
        value = each.value
        if isinstance(value, ast.Call) and numpy_path(function.file, value.func) == ("log",) and value.args:
            return not any(isinstance(part, ast.Add | ast.Call) for part in walk(_bare(value.args[0])))
    return False


def _bare(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _masks(function: Function) -> Iterator[tuple[str, str, ast.stmt]]:
    """The labels and the mask of `mask = ts != self.ignore_label`."""
    for target, value, statement in function.assignments:
        compared = isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.NotEq)
        if compared and isinstance(value, ast.Compare) and isinstance(value.left, ast.Name):
            ignored = value.comparators[0]
            label = any("ignore" in each for each in (code(ignored), *(n.id for n in names_in(ignored))))
            if isinstance(target, ast.Name) and isinstance(statement, ast.stmt) and (label or code(ignored) == "-1"):
                yield value.left.id, target.id, statement


def _passes(file: File, name: str) -> Iterator[Function]:
    """The methods of a name of the classes with both passes."""
    for owner in file.classes.values():
        if {"forward", "backward", name} <= set(owner.methods):
            yield owner.methods[name]


def _refuses(function: Function, name: str) -> bool:
    """Whether something is asked of a name already: by an `assert`, an `if` that raises, a check of the learner's."""
    for node in function.own:
        asked: ast.AST | None = None
        raises = isinstance(node, ast.If) and any(isinstance(each, ast.Raise) for each in own(node.body))
        if raises or isinstance(node, ast.Assert):
            asked = node.test
        elif isinstance(node, ast.Call) and "check" in code(node.func):
            asked = node
        if asked is not None and name in {code(each) for each in walk(asked) if isinstance(each, ast.expr)}:
            return True
    return False


def _first(function: Function) -> ast.stmt:
    """The first statement behind the docstring."""
    body = function.node.body
    text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    return body[1] if text else body[0]


def _of_ids(function: Function) -> bool:
    return any(part in (function.owner.name.lower() if function.owner else "") for part in _IDS)


UNCHECKED: tuple[Callable[[File], Iterator[Problem]], ...] = (
    values,
    ids,
    early_backward,
    carried_state,
    steps,
    kept_twice,
    one_hot,
    labels,
    ignored_index,
    masked_infinity,
)
