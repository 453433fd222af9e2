"""From a document to the parts that the checks ask about."""

import ast
import importlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from compare.checking.reading.parsing import tree_read, unparsable
from compare.checking.source import Definition, Document, Unit
from compare.checking.static.binding import Builder
from compare.checking.static.facts import Facts
from compare.checking.static.file import File
from compare.checking.static.parts import Class, Function, Setting
from compare.checking.static.scopes import Binding, Scope
from compare.checking.static.tree import constant, dotted, elements, walk

# what ast and a walk through its trees raise on texts that are no Python, or too deep
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@lru_cache(maxsize=8)
def read(document: Document) -> File:
    """The file, without the definitions that are too deep to walk through."""
    owners: dict[ast.AST, Scope] = {}
    module = Scope("module")
    stars = {}
    cells = _filled(module, document.units, owners)
    known = len(cells) == len(document.units)
    for star in module.stars:
        stars[star] = _exported(star, document.modules, ())
        for name in stars[star] or ():
            module.bindings.setdefault(name, []).append(Binding(ast.Pass(), "other"))
    trees: list[ast.AST] = [tree for _, tree in cells]
    definitions = []
    for name in [*document.definitions, *_named(document)]:
        module.bindings.setdefault(name, []).append(Binding(ast.Pass(), "definition"))
    for definition in document.definitions.values():
        try:
            Builder(module, owners).visit(definition.node)
        except RecursionError:
            # what it binds is not all known
            owners.pop(definition.node, None)
            continue
        definitions.append(definition)
        trees.append(definition.node)
    dynamic = {"globals", "exec", "vars"} & {read.id for read in module.reads}
    known = known and not dynamic and all(names is not None for names in stars.values())
    file = File(document, module, owners, cells, _foreign(trees), known, {}, [])
    _add_parts(file, definitions)
    return file


def _named(document: Document) -> list[str]:
    """Definitions that the reader could not make sense of, but names in its problems."""
    return [problem.symbol.partition(".")[0] for problem in document.problems if problem.symbol]


def _filled(
    module: Scope, units: Iterable[Unit], owners: dict[ast.AST, Scope]
) -> tuple[tuple[int | None, ast.Module], ...]:
    """The trees of the units that can be read, by their cells; what they bind is bound in the module."""
    trees = []
    for unit in units:
        if unparsable(unit.text):
            continue
        tree = tree_read(unit.text)
        try:
            Builder(module, owners).visit(tree)
        except UNREADABLE:
            continue
        trees.append((unit.cell, tree))
    return tuple(trees)


def _exported(star: str, modules: Mapping[str, tuple[Unit, ...]], seen: tuple[str, ...]) -> list[str] | None:
    """What `from star import *` binds; None where nobody knows."""
    name = star.lstrip(".")
    if star in ("numpy", "math"):
        own = importlib.import_module(star)
        return list(getattr(own, "__all__", [each for each in dir(own) if not each.startswith("_")]))
    if name not in modules or name in seen:
        return None
    scope = Scope("module")
    if len(_filled(scope, modules[name], {})) < len(modules[name]):
        return None
    names = [each for each in scope.bindings if not each.startswith("_")]
    for binding in scope.bindings.get("__all__", ()):
        listed = elements(binding.value)
        if listed is None:
            return None
        names = [str(constant(each)) for each in listed]
    for inner in scope.stars:
        more = _exported(inner, modules, (*seen, name))
        if more is None:
            return None
        names += more
    return names


def _foreign(trees: Iterable[ast.AST]) -> frozenset[str]:
    """Attributes that are set on something that is not called `self`."""
    found = set()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names = dotted(node)
                if names[:1] != ("self",) or len(names) > 2:
                    found.add(node.attr)
            elif isinstance(node, ast.Call) and dotted(node.func) == ("setattr",) and len(node.args) > 1:
                found.add(str(constant(node.args[1])))
    return frozenset(found)


def _add_parts(file: File, definitions: list[Definition]) -> None:
    classes = {each.name: each for each in definitions if isinstance(each.node, ast.ClassDef)}
    facts = {name: Facts(definition, file) for name, definition in classes.items()}
    for definition in definitions:
        if isinstance(definition.node, ast.FunctionDef):
            if definition.name not in definition.blank and definition.node.body:
                file.functions.append(Function(file, definition, definition.node))
            continue
        name = definition.name
        family = _family(name, facts)
        settings: dict[str, tuple[Setting, ...]] = {}
        for member in family:
            for attribute, found in facts[member].settings.items():
                settings[attribute] = settings.get(attribute, ()) + tuple(found)
        methods: dict[str, Function] = {}
        owner = Class(
            file,
            definition,
            definition.node,
            methods,
            facts[name].bases,
            settings,
            closed=all(facts[member].closed for member in family)
            and all(base in facts for member in _ancestors(name, facts) for base in facts[member].bases),
            complete=not any(classes[member].broken or classes[member].blank for member in family),
            mentioned=frozenset().union(*(facts[member].mentioned for member in family)),
            grown=frozenset().union(*(facts[member].grown for member in family)),
        )
        for method in definition.methods.values():
            if method.name not in definition.blank and method in file.scopes and method.body:
                methods[method.name] = Function(file, definition, method, owner)
        file.classes[name] = owner
        file.functions.extend(methods.values())


def _ancestors(name: str, facts: Mapping[str, Facts]) -> list[str]:
    """A class and the bases of it that the file has."""
    found = [name]
    for each in found:
        found += [base for base in facts[each].bases if base in facts and base not in found]
    return found


def _family(name: str, facts: Mapping[str, Facts]) -> list[str]:
    """A class, its bases, and the subclasses, whose methods may set what it reads."""
    ancestors = _ancestors(name, facts)
    return ancestors + [each for each in facts if each not in ancestors and name in _ancestors(each, facts)]
