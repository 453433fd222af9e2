"""Names mistyped: of variables, attributes, methods, NumPy's functions, keywords; calls for indices."""

import ast
from collections.abc import Iterator
from zlib import crc32

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.site import Site


def variable(site: Site) -> Iterator[Change]:
    """dhtt for dht, where it is read"""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if len(name) > 1 and site.function and name != "self":
            known = name in site.names
            if name != "np":
                yield site.replaced(site.node, mistyped(name), "name", *(() if known else ("import",)))


def target(site: Site) -> Iterator[Change]:
    """dWX = ... for dWx = ..."""
    match site.node:
        case ast.Name(id=name, ctx=ast.Store()) if len(name) > 1 and site.function:
            own = set(ast.walk(site.statement)) if isinstance(site.statement, ast.Assign) else set()
            uses = [n for n in ast.walk(site.function) if isinstance(n, ast.Name) and n.id == name and n not in own]
            # read in one place only, the other spelling may as well be taken there
            also = tuple(n.lineno for n in uses) if len(uses) == 1 else ()
            yield site.replaced(site.node, mistyped(name), "name", also=also)


def attribute(site: Site) -> Iterator[Change]:
    """self.grad for self.grads"""
    match site.node:
        case ast.Attribute(value=ast.Name(id="self") as owner, attr=name):
            yield _renamed(site, owner, name)


def numpy_name(site: Site) -> Iterator[Change]:
    """np.doat for np.dot"""
    match site.node:
        case ast.Attribute(value=ast.Name(id="np") as owner, attr=name):
            yield _renamed(site, owner, name)


def method(site: Site) -> Iterator[Change]:
    """.shpe for .shape"""
    match site.node:
        case ast.Attribute(value=owner, attr=name) if ast.unparse(owner) not in ("self", "np") and len(name) > 1:
            yield _renamed(site, owner, name)


def method_defined(site: Site) -> Iterator[Change]:
    """def foward(...)"""
    match site.node:
        case ast.FunctionDef(name=name, col_offset=column, lineno=line) if not name.startswith("__"):
            start = site.source.offset(line, column) + len("def ")
            yield Change((Span(start, start + len(name), mistyped(name)),), frozenset({"name", "missing"}))


def keyword(site: Site) -> Iterator[Change]:
    """stype= for dtype="""
    match site.node:
        case ast.keyword(arg=str(name)) if name in ("axis", "dtype", "keepdims"):
            start, _ = site.source.span(site.node)
            wrong = mistyped(name)
            span = Span(start, start + len(name), wrong)
            yield Change((span,), frozenset({"name", "call"}), (site.node.lineno,))


def not_imported(site: Site) -> Iterator[Change]:
    """import numpy as np left out"""
    match site.node:
        case ast.Import() | ast.ImportFrom() as statement if "np" in site.text(statement) and not site.function:
            yield site.removed(statement, "import", "missing", "name")


def call_for_index(site: Site) -> Iterator[Change]:
    """layers(t) for layers[t]"""
    match site.node:
        case ast.Subscript(value=value, slice=ast.Name() | ast.Constant() as index) if not _ellipsis(index):
            yield site.replaced(site.node, f"{site.text(value)}({site.text(index)})", "call", "syntax")


def index_for_call(site: Site) -> Iterator[Change]:
    """range[T] for range(T)"""
    match site.node:
        case ast.Call(func=ast.Name() as function, args=[argument], keywords=[]):
            yield site.replaced(site.node, f"{site.text(function)}[{site.text(argument)}]", "call")


def not_called(site: Site) -> Iterator[Change]:
    """x.copy for x.copy()"""
    match site.node:
        case ast.Call(func=ast.Attribute() as function, args=[], keywords=[]):
            yield site.replaced(site.node, site.text(function), "call")


def mistyped(name: str) -> str:
    """The name with one slip of the fingers; always the same one for a name."""
    slip = crc32(name.encode())
    at = 1 + slip // 4 % max(len(name) - 1, 1)
    wrong = [
        name[:at] + name[at + 1 :],
        name[:at] + name[at - 1] + name[at:],
        name[: at - 1] + name[at : at + 1] + name[at - 1] + name[at + 1 :],
        name[:at] + name[at : at + 1].swapcase() + name[at + 1 :],
    ][slip % 4]
    return wrong if wrong != name else name + name[-1]


def _renamed(site: Site, owner: ast.expr, name: str) -> Change:
    return site.replaced(site.node, f"{site.text(owner)}.{mistyped(name)}", "name")  # type: ignore[arg-type]


def _ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
