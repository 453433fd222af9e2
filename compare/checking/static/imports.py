"""Layers that are not written by hand: they use ours, or a package that differentiates."""

import ast
from collections.abc import Iterator

from compare.checking.source import Definition, Problem
from compare.checking.static.file import File
from compare.checking.static.scopes import Scope
from compare.checking.static.tree import in_order, walk

_OURS = ("manual", "compare", "tiny_autograd_rnn")
_DIFFERENTIATING = ("autograd", "torch", "jax", "tensorflow", "keras", "chainer", "mxnet", "theano", "tinygrad")
# NumPy under another name, as long as nobody asks for a gradient
_PLAIN = ("autograd.numpy",)


def not_handwritten(file: File) -> Iterator[Problem]:
    """Each package that a layer uses, where it first does."""
    for definition in file.document.definitions.values():
        scope = file.scopes.get(definition.node)
        if scope is None or not _is_layer(definition):
            continue
        said = set()
        reads = [read for each in _all(scope) for read in each.reads]
        if isinstance(definition.node, ast.ClassDef):
            reads += [part for base in definition.node.bases for part in walk(base) if isinstance(part, ast.Name)]
        for read in in_order(reads):
            module = _module(file, read)
            package = module.partition(".")[0]
            if package in said or not module:
                continue
            said.add(package)
            if package in _OURS and not _neighbour(file, package):
                message = f"`{read.id}` comes from `{package}`: this layer is not written by hand."
                yield file.problem(definition, read, "not handwritten", message)
            elif package in _DIFFERENTIATING and not module.startswith(_PLAIN):
                message = f"`{read.id}` comes from `{package}`, which differentiates by itself."
                yield file.problem(definition, read, "not handwritten", message, "warning")


def _neighbour(file: File, package: str) -> bool:
    """Whether it is a module of the learner's own, which only has the name of one of ours."""
    return any(name.partition(".")[0] == package for name in file.document.modules)


def _is_layer(definition: Definition) -> bool:
    """What a learner was to write: not the code that checks it."""
    names = {*definition.methods, *definition.broken, definition.name}
    ends = ("forward", "backward") if definition.kind == "class" else ("_forward", "_backward", "_loss")
    return any(name.endswith(ends) and not name.startswith(("test", "check", "_")) for name in names)


def _all(scope: Scope) -> list[Scope]:
    scopes = [scope]
    for each in scopes:
        scopes += each.children
    return scopes


def _module(file: File, read: ast.Name) -> str:
    """The module that a name is imported from; "" where it is none, or one of several."""
    scope = file.scopes.get(read, file.module).find(read.id)
    modules = {each.module for each in scope.bindings[read.id]} if scope is not None else set()
    return modules.pop() if len(modules) == 1 else ""
