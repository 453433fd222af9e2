"""The lists `params` and `grads`: what stands in them, and which slots a backward pass fills."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Class, Function
from compare.checking.static.tree import code, constant, own, walk, whole


def mismatched_lists(file: File) -> Iterator[Problem]:
    """As many gradients as parameters, each with the shape of its own, none of them the parameter itself."""
    for owner in file.classes.values():
        params, grads = owner.lists("params"), owner.lists("grads")
        if not params or not grads or "backward" not in owner.methods:
            continue
        names = [code(each) for each in params]
        if len(params) != len(grads):
            message = f"There are {len(params)} parameters, but {len(grads)} gradients: {', '.join(names)}."
            yield file.problem(owner.definition, grads[0], "lists of gradients", message)
            continue
        for i, (name, grad) in enumerate(zip(names, grads, strict=True)):
            like = _like(file, grad)
            if isinstance(grad, ast.Name | ast.Attribute) and code(grad) in names:
                message = f"`{code(grad)}` is the parameter itself: what is written into `grads[{i}]` changes it."
                yield file.problem(owner.definition, grad, "lists of gradients", message)
            elif like is not None and like != name and like in names and names.count(name) == 1:
                message = f"`grads[{i}]` has the shape of `{like}`, and belongs to `{name}`."
                yield file.problem(owner.definition, grad, "lists of gradients", message)


def unwritten_gradients(file: File) -> Iterator[Problem]:
    """A gradient that `backward` never writes, while it writes the others by their indices."""
    for owner in file.classes.values():
        params, grads, backward = owner.lists("params"), owner.lists("grads"), owner.methods.get("backward")
        uses = _literal_uses(owner) if grads and backward is not None and not owner.bases else None
        if not grads or not uses or backward is None or not all(isinstance(each, ast.Call) for each in grads):
            continue
        seen: dict[int, list[ast.Subscript]] = {}
        for index, node in uses:
            if not -len(grads) <= index < len(grads):
                message = f"`{code(node)}` does not exist: there are {len(grads)} gradients, counted from 0."
                yield backward.problem(node, "gradient that there is not", message)
                return
            seen.setdefault(index % len(grads), []).append(node)
        names = [code(each) for each in params or ()]
        for missing in sorted(set(range(len(grads))) - set(seen)):
            whose = f", the gradient of `{names[missing]}`," if missing < len(names) else ""
            twice = [nodes for nodes in seen.values() if len(nodes) > 1 and _overwrites(backward, nodes)]
            if twice:
                message = f"`{code(twice[0][-1])}` is written twice, `self.grads[{missing}]`{whose} never."
                yield backward.problem(twice[0][-1], "gradient never written", message)
            else:
                message = f"`self.grads[{missing}]`{whose} is never written: it stays what it was."
                yield backward.problem(seen[max(seen)][-1], "gradient never written", message)


def wrong_slots(file: File) -> Iterator[Problem]:
    """`self.grads[0][...] = dWh` where the first parameter is Wx."""
    for owner in file.classes.values():
        names = [code(each) for each in owner.lists("params") or ()]
        for function in owner.methods.values():
            for node in function.own:
                slot = _slot(function, node.targets[0]) if isinstance(node, ast.Assign) else None
                index = whole(slot.slice) if slot is not None else None
                if slot is None or index is None or not 0 <= index < len(names) or not isinstance(node.value, ast.Name):
                    continue
                wanted, given = f"d{names[index]}", node.value.id
                others = [name for name in names if f"d{name}" == given]
                if others and given != wanted:
                    message = f"`{given}` goes into `{code(slot)}`, which belongs to `{names[index]}`."
                    yield function.problem(node, "wrong slot", message, "warning")


def rebound_gradients(file: File) -> Iterator[Problem]:
    """`self.grads[0] = dW` and `self.grads = […]` in a backward pass: whoever holds the old array sees nothing."""
    for owner in file.classes.values():
        if not any(setting.method == "__init__" for setting in owner.settings.get("grads", ())):
            continue
        for function in owner.methods.values():
            if not function.backward:
                continue
            for target, _, statement in function.assignments:
                if function.attribute(target) == "grads":
                    message = (
                        "`self.grads` becomes another list: an optimiser that took the list before sees nothing of it. "
                        "`self.grads[i][...] = …` fills what is there."
                    )
                    yield function.problem(target, "gradients replaced", message, "warning")
                elif isinstance(statement, ast.Assign) and _is_slot(function, target) and owner.lists("grads"):
                    message = (
                        f"`{code(target)} = …` puts another array into the list: whoever took the one before, as "
                        f"optimisers do, sees nothing of it. `{code(target)}[...] = …` fills it."
                    )
                    yield function.problem(target, "gradients replaced", message, "warning")


def _is_slot(function: Function, node: ast.AST) -> bool:
    """`self.grads[i]` itself, not what is in it."""
    if not isinstance(node, ast.Subscript) or function.attribute(node.value) != "grads":
        return False
    return not isinstance(node.slice, ast.Slice) and constant(node.slice) is not Ellipsis


def _like(file: File, node: ast.expr) -> str | None:
    """W of `np.zeros_like(W)`."""
    made = isinstance(node, ast.Call) and numpy_path(file, node.func) in (
        ("zeros_like",),
        ("empty_like",),
        ("ones_like",),
    )
    return code(node.args[0]) if made and isinstance(node, ast.Call) and node.args else None


def _literal_uses(owner: Class) -> list[tuple[int, ast.Subscript]] | None:
    """All uses of `self.grads` outside of the constructor, if each is by a literal index."""
    found = []
    for function in owner.methods.values():
        for node in own(function.node.body):
            if function.attribute(node) != "grads" or function.name == "__init__":
                continue
            outer = function.parents.get(node)
            index = whole(outer.slice) if isinstance(outer, ast.Subscript) and outer.value is node else None
            if index is None or not isinstance(outer, ast.Subscript):
                return None
            found.append((index, outer))
    inner = (node for function in owner.methods.values() for node in walk(function.node))
    passes = sum(isinstance(node, ast.Attribute) and node.attr == "grads" for node in inner)
    made = sum(setting.method == "__init__" for setting in owner.settings["grads"])
    return found if passes == len(found) + made else None


def _slot(function: Function, target: ast.AST) -> ast.Subscript | None:
    """`self.grads[0]` of `self.grads[0]` and of `self.grads[0][...]`."""
    while isinstance(target, ast.Subscript):
        if function.attribute(target.value) == "grads":
            return target
        target = target.value
    return None


def _overwrites(function: Function, nodes: list[ast.Subscript]) -> bool:
    """Whether each of these is assigned as a whole, in one block of statements."""
    above = []
    for node in nodes:
        statement = next((each for each in function.around(node) if isinstance(each, ast.stmt)), None)
        if not isinstance(statement, ast.Assign) or _slot(function, statement.targets[0]) is not node:
            return False
        above.append(function.parents.get(statement))
    return len(set(above)) == 1
