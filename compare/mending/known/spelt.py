"""Attributes, keywords, keys and methods that are misspelt or gone: what they are called."""

import ast
import re
from collections.abc import Iterable, Iterator

from compare.checking.static.nearest import nearest
from compare.checking.static.numpy_paths import member
from compare.checking.static.parts import Function
from compare.checking.static.tree import code
from compare.mending.edit import Proposal
from compare.mending.edits.nearby import OF_LAYERS
from compare.mending.known.names import reads_of, slips_of
from compare.mending.known.sight import Sight


def unknown_attribute(sight: Sight) -> Iterator[Proposal]:
    """`self.grad` as `self.grads`, everywhere in the class; `layer.grad` everywhere in the function."""
    node = next((each for each in sight.nodes if isinstance(each, ast.Attribute)), None)
    function = sight.function
    if node is None or function is None:
        return
    # the innermost: a.b.c begins where a.b does
    wrong = sight.named[1 if "has no" in sight.problem.message else 0].rpartition(".")[2]
    chain = [each for each in sight.nodes if isinstance(each, ast.Attribute) and each.attr == wrong]
    if not chain:
        return
    node = chain[-1]
    mine = function.attribute(node) is not None and function.owner is not None
    where: Iterable[Function] = function.owner.methods.values() if mine and function.owner else (function,)
    same = [each for one in where for each in ast.walk(one.node) if isinstance(each, ast.Attribute)]
    wanted = [each for each in same if each.attr == wrong and (mine or code(each.value) == code(node.value))]
    wanted = [each for each in wanted if not mine or isinstance(each.value, ast.Name)]
    for i, near in enumerate(_members(sight, wrong)):
        named = [each for each in same if each.attr == near]
        unread = all(isinstance(each.ctx, ast.Store) for each in named) and near not in OF_LAYERS
        if mine and unread and 0 < len(named) < len(wanted):
            # nobody reads it, and more lines have the other name
            yield sight.change(0.4 + 0.3 * i, "name", *(sight.attribute(each, wrong) for each in named))
        yield sight.change(0.4 + 0.3 * i, "name", *(sight.attribute(each, near) for each in wanted))


def _members(sight: Sight, wrong: str) -> Iterator[str]:
    said = re.search(r"`[\w.]*\.(\w+)`(?: was probably meant|\.(?: \(|$))", sight.problem.message)
    right = said[1] if said and said[1] != wrong else ""
    if right:
        yield right
    owner = sight.function.owner if sight.function else None
    other = nearest(wrong, [name for name in (owner.settings if owner else ()) if name != right])
    if other:
        yield other


def numpy_name(sight: Sight) -> Iterator[Proposal]:
    """`np.arrange` as `np.arange`, or as another of NumPy's names."""
    right = sight.meant.rpartition(".")[2]
    wrong = sight.named[0].rpartition(".")[2]
    for node in sight.nodes:
        if isinstance(node, ast.Attribute) and node.attr == wrong and right:
            owner = member(tuple(sight.named[0].split(".")[1:-1]))
            others = slips_of(wrong, [each for each in dir(owner) if not each.startswith("_")])
            # `tahn` is nearer to `tanh` than to `tan`
            turned = [each for each in others if sorted(each) == sorted(wrong)]
            for i, each in enumerate(dict.fromkeys([*turned, right, *others][:4])):
                yield sight.change(0.3 + 0.2 * i, "name", sight.attribute(node, each))
            return
        if isinstance(node, ast.ImportFrom) and right:
            for alias in node.names:
                if alias.name == wrong:
                    new = right if alias.asname else f"{right} as {wrong}"
                    end = sight.span(alias)[0]
                    yield sight.change(0.3, "name", (end, (end[0], end[1] + len(wrong)), new))


# what took the place of what NumPy and Python have dropped
_NOW = {
    "float_": "float64",
    "complex_": "complex128",
    "int": "int_",
    "bool": "bool_",
    "float": "float64",
    "object": "object_",
    "Inf": "inf",
    "Infinity": "inf",
    "infty": "inf",
    "NaN": "nan",
    "NAN": "nan",
    "product": "prod",
    "cumproduct": "cumprod",
    "alltrue": "all",
    "sometrue": "any",
    "in1d": "isin",
    "trapz": "trapezoid",
    "row_stack": "vstack",
    "round_": "round",
    "xrange": "range",
    "raw_input": "input",
    "unicode": "str",
    "unichr": "chr",
    "long": "int",
}


def gone(sight: Sight) -> Iterator[Proposal]:
    """`np.float_` as `np.float64`, `xrange` as `range`."""
    wrong = sight.named[0].rpartition(".")[2]
    for node in sight.nodes:
        if isinstance(node, ast.Attribute) and node.attr == wrong in _NOW:
            yield sight.change(0.3, "name", sight.attribute(node, _NOW[wrong]))
        elif isinstance(node, ast.Name) and node.id == wrong in _NOW:
            reads = reads_of(sight, wrong) or [node]
            yield sight.change(0.3, "name", *(sight.instead(read, _NOW[wrong]) for read in reads))


def unknown_keyword(sight: Sight) -> Iterator[Proposal]:
    """`stype=` as `dtype=`."""
    right = sight.meant.rstrip("=")
    for node in sight.nodes:
        if isinstance(node, ast.keyword) and node.arg and right:
            start = sight.span(node)[0]
            yield sight.change(0.3, "name", (start, (start[0], start[1] + len(node.arg)), right))


def array_attribute(sight: Sight) -> Iterator[Proposal]:
    """`ts.dim` as `ts.ndim`."""
    right, wrong = sight.meant.rpartition(".")[2], sight.named[0].lstrip(".")
    for node in sight.nodes:
        if isinstance(node, ast.Attribute) and node.attr == wrong and right:
            yield sight.change(0.3, "name", sight.attribute(node, right))


def misspelt(sight: Sight) -> Iterator[Proposal]:
    """`foward` as `forward`, where it is defined and where it is called."""
    wrong, right, line = sight.named[0], sight.meant, sight.problem.place.line
    found = re.search(rf"\bdef\s+({re.escape(wrong)})\b", sight.lines[line - 1])
    if not found or not right:
        return
    pieces = [((line, found.start(1)), (line, found.end(1)), right)]
    for node in ast.walk(sight.tree):
        if isinstance(node, ast.Name) and node.id == wrong:
            pieces.append(sight.instead(node, right))
        elif isinstance(node, ast.Attribute) and node.attr == wrong:
            pieces.append(sight.attribute(node, right))
    yield sight.change(0.3, "name", *pieces)


def unknown_key(sight: Sight) -> Iterator[Proposal]:
    """`cache["hprev"]` as `cache["h_prev"]`."""
    right = re.search(r"'([^']+)' was probably meant", sight.problem.message)
    for node in sight.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and right:
            quote = sight.text(node.slice)[-1]
            yield sight.change(0.3, "name", sight.instead(node.slice, f"{quote}{right[1]}{quote}"))
            return
