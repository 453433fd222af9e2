"""As many values as are taken, in the order in which they were packed; the arguments that a call wants."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from compare.checking.static.instances import reached
from compare.checking.static.nearest import nearest
from compare.checking.static.packing import packed
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, elements
from compare.mending.edit import Proposal
from compare.mending.known.sight import Sight


def wrong_arguments(sight: Sight) -> Iterator[Proposal]:
    """A keyword renamed, the arguments that are missing added by their names, those too many left out."""
    function = sight.function
    call = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    found = reached(function, call) if function and call is not None else None
    if function is None or call is None or found is None:
        return
    names = [name for name in found[0].positional if name != found[0].self_name]
    for keyword in call.keywords:
        if keyword.arg and sight.meant and keyword.arg in sight.named and keyword.arg not in names:
            start = sight.span(keyword)[0]
            yield sight.change(0.3, "call", (start, (start[0], start[1] + len(keyword.arg)), sight.meant))
    taken = {keyword.arg for keyword in call.keywords}
    missing = [n for n in names[len(call.args) :] if n not in taken and n not in found[0].defaults]
    if missing and not call.keywords:
        given = [_argument(function, name) for name in missing]
        end = sight.span(call)[1]
        at = (end[0], end[1] - 1)
        yield sight.change(0.4, "call", (at, at, ("" if not call.args else ", ") + ", ".join(given)))
    if len(call.args) > len(names) > 0:
        yield sight.change(0.5, "call", (sight.span(call.args[len(names) - 1])[1], sight.span(call.args[-1])[1], ""))
        for first, second in pairwise(call.args):
            yield sight.change(0.6, "call", (sight.span(first)[1], sight.span(second)[0], " + "))


def _argument(function: Function, name: str) -> str:
    """What stands for an argument that is missing: its name, the attribute that is kept of it, or what is near."""
    bound, kept = function.scope.bindings, function.owner.settings if function.owner else {}
    stem = name.partition("_")[0]
    if name in bound:
        return name
    attribute = next((each for each in (name, stem) if each in kept), None)
    return f"self.{attribute}" if attribute else nearest(name, bound) or (stem if stem in bound else name)


def wrong_number(sight: Sight) -> Iterator[Proposal]:
    """As many names as values: those that were packed, or that the call returns; a None for each name."""
    function = sight.function
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    if function is None or statement is None:
        return
    target, value = statement.targets[-1], statement.value
    names = elements(target)
    if isinstance(value, ast.Constant) and names:
        yield sight.change(0.3, "call", sight.instead(value, ", ".join([sight.text(value)] * len(names))))
        return
    parts, _ = packed(function, value)
    if parts is not None:
        yield sight.change(0.4, "cache", sight.instead(target, ", ".join(code(each) for each in parts)))
    given = elements(value)
    if given is not None and names and len(given) > len(names):
        yield sight.change(0.5, "order", (sight.span(given[len(names) - 1])[1], sight.span(given[-1])[1], ""))
    found = reached(function, value) if isinstance(value, ast.Call) else None
    if found is not None:
        yield from _answers(sight, target, [each for each in found[0].own if isinstance(each, ast.Return)])


def _answers(sight: Sight, target: ast.expr, returns: list[ast.Return]) -> Iterator[Proposal]:
    """The target as a tuple of all that is returned: what is not wanted goes into `_`."""
    values = [each for each in (elements(node.value) for node in returns) if each]
    if not values:
        return
    returned = [code(each) if isinstance(each, ast.Name) else "_" for each in values[0]]
    wanted = [sight.text(each) for each in elements(target) or [target]]
    taken = sorted((i for i, name in enumerate(returned) if name in wanted), key=lambda i: wanted.index(returned[i]))
    if len(wanted) < len(returned):
        places = taken if len(taken) == len(wanted) else list(range(len(wanted)))
        new = ["_"] * len(returned)
        for place, name in zip(places, wanted, strict=True):
            new[place] = name
        yield sight.change(0.4, "call", sight.instead(target, ", ".join(new)))
    else:
        yield sight.change(0.5, "call", sight.instead(target, ", ".join(wanted[: len(returned)])))


def other_order(sight: Sight) -> Iterator[Proposal]:
    """Unpacked in the order in which it was packed; or packed in that in which it is unpacked."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    function = sight.function
    if statement is None or function is None:
        return
    parts, _ = packed(function, statement.value)
    target = statement.targets[-1]
    if parts is None:
        return
    bare = ", ".join(code(each) for each in parts)
    text = sight.text(target)
    yield sight.change(0.3, "cache", sight.instead(target, f"({bare})" if text.startswith("(") else bare))
    turned = [sight.text(each) for each in elements(target) or ()]
    pieces = [sight.instead(each, name) for each, name in zip(parts, turned, strict=False) if code(each) != name]
    yield sight.change(0.5, "cache", *pieces)
