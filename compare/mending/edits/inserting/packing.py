"""What a forward function keeps for its backward function: what that one takes out of it."""

import ast
from collections.abc import Iterator, Sequence

from compare.mending.edits.splicing import Page, unbracketed


def packings(page: Page, function: ast.FunctionDef, related: Sequence[ast.AST]) -> Iterator[str]:
    """Texts for the cache: a name for it that is there already, or what a backward function reads of it."""
    bound = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    known = bound | {a.arg for a in function.args.args}
    backwards = [n for each in related for n in ast.walk(each) if isinstance(n, ast.FunctionDef) and "back" in n.name]
    caches = [n for n in bound if "cache" in n.lower() or n in {a.arg for b in backwards for a in b.args.args[1:]}]
    yield from sorted(caches, key=lambda name: (name != "cache", name))
    for backward in backwards:
        for argument in backward.args.args[1:2]:
            yield from _taken_out(backward, argument.arg, known)


def _taken_out(backward: ast.FunctionDef, cache: str, known: set[str]) -> Iterator[str]:
    """`(x, w, b)` for `x, w, b = cache`, a dictionary for what is read by keys."""
    keys: list[str] = []
    for node in ast.walk(backward):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == cache:
            text = unbracketed(ast.unparse(node.targets[0]))
            names = {n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)}
            if names <= known:
                yield f"({text})" if isinstance(node.targets[0], ast.Tuple) else text
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            key = node.slice.value if ast.unparse(node.value) == cache else None
            keys += [key] if isinstance(key, str) else []
    if keys and set(keys) <= known:
        yield "{" + ", ".join(f"{key!r}: {key}" for key in dict.fromkeys(keys)) + "}"
