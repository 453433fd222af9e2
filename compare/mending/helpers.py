"""What a layer is built on outside of itself: the functions, lambdas and base classes of its file that it comes to."""

import ast
from collections.abc import Iterator, Sequence

from compare.checking.source import Definition, Document, Place
from compare.checking.subjects import Subject


def helpers(document: Document, subject: Subject, every: Sequence[Subject], right: frozenset[str]) -> list[Definition]:
    """The definitions that a layer comes to and that are no layers, without those that a right one comes to as well."""
    known = {**dict(lambdas(document)), **document.definitions}
    for name in {definition.name for one in every for definition in one.definitions}:
        known.pop(name, None)
    sound = {definition.name for one in every if one.name in right for definition in _reached(one, known)}
    return [definition for definition in _reached(subject, known) if definition.name not in sound]


def _reached(subject: Subject, known: dict[str, Definition]) -> list[Definition]:
    """The definitions that are named in a layer, and in those that are."""
    found: dict[str, Definition] = {}
    waiting: list[ast.AST] = [definition.node for definition in subject.definitions]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        for name in sorted(names & known.keys() - found.keys()):
            found[name] = known[name]
            waiting.append(known[name].node)
    return list(found.values())


def lambdas(document: Document) -> Iterator[tuple[str, Definition]]:
    """`d_tanh = lambda y: 1 - y * y`, as a function that returns what it stands for."""
    for unit in document.units:
        for node in ast.parse(unit.text).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name):
                answer = ast.copy_location(ast.Return(node.value.body), node.value.body)
                function = ast.FunctionDef(name=target.id, args=node.value.args, body=[answer], decorator_list=[])
                place = Place(unit.cell, node.lineno)
                yield target.id, Definition(target.id, "function", place, ast.copy_location(function, node))


def bases(definition: Definition) -> set[str]:
    """The names of the classes that a class inherits from."""
    node = definition.node
    return {base.id for base in node.bases if isinstance(base, ast.Name)} if isinstance(node, ast.ClassDef) else set()
