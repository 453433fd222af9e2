"""Arrays that belong to somebody else and are changed in place: the caller's, or those that a forward pass kept."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.tree import code
from compare.checking.static.views import Walk


def changed_in_place(file: File) -> Iterator[Problem]:
    """`dout *= mask`, `dh[:, t] += …`, `dx = self.y; dx[...] -= 1`: each array once for each function."""
    for function in file.functions:
        if not function.is_pass and not function.name.endswith(("softmax", "sigmoid", "relu", "_loss")):
            continue
        said = set()
        for node, target, owner in Walk(function).changes():
            if owner.name in said:
                continue
            said.add(owner.name)
            written = code(node) if isinstance(node, ast.Assign | ast.AugAssign) else code(target)
            if owner.argument:
                message = (
                    f"`{written}` changes the caller's `{owner.name}` in place: right on the first call, and "
                    "afterwards the caller's array is another one."
                )
                yield function.problem(target, "caller's array changed", message, "warning")
            else:
                message = (
                    f"`{written}` changes `{owner.name}`, which the forward pass keeps, not a copy of it: a second "
                    "backward pass gets other numbers."
                )
                yield function.problem(target, "cache changed", message, "warning")
