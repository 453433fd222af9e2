"""The functions and classes of a file, as the checks see them."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from compare.checking.source import Definition, Problem, Severity
from compare.checking.static.scopes import Binding, Scope
from compare.checking.static.tree import TRIES, assigned, live, own, parents, walk

if TYPE_CHECKING:
    from compare.checking.static.file import File


@dataclass(frozen=True)
class Setting:
    """One place where an attribute gets a value; `value` is None where that is not written there."""

    node: ast.AST
    value: ast.expr | None
    method: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the file, or a method of a class; what is left blank as an exercise is no part of the file."""

    file: "File"
    definition: Definition
    node: ast.FunctionDef
    owner: "Class | None" = None

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def title(self) -> str:
        """As a person would call it."""
        return f"{self.owner.name}.{self.name}" if self.owner else self.name

    @property
    def backward(self) -> bool:
        return "backward" in self.name

    @property
    def forward(self) -> bool:
        return "forward" in self.name

    @property
    def is_pass(self) -> bool:
        """A pass that somebody else calls: of a class by its very name, of functions by the end of theirs."""
        if self.owner is not None:
            return self.name in ("forward", "backward")
        return self.name.endswith(("_forward", "_backward")) and not self.name.startswith("_")

    @cached_property
    def positional(self) -> tuple[str, ...]:
        args = self.node.args
        return tuple(arg.arg for arg in (*args.posonlyargs, *args.args))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that an argument stands for, without `self`."""
        names = (*self.positional, *(arg.arg for arg in self.node.args.kwonlyargs))
        return tuple(name for name in names if name != self.self_name)

    @cached_property
    def defaults(self) -> Mapping[str, ast.expr]:
        args = self.node.args
        given = zip(self.positional[::-1], args.defaults[::-1], strict=False)
        keywords = zip(args.kwonlyargs, args.kw_defaults, strict=True)
        return {**dict(given), **{arg.arg: value for arg, value in keywords if value is not None}}

    @cached_property
    def self_name(self) -> str | None:
        """What the method calls the object: its first parameter."""
        plain = {"staticmethod", "classmethod"}.isdisjoint(self.decorators)
        return self.positional[0] if self.owner and plain and self.positional else None

    @cached_property
    def decorators(self) -> tuple[str, ...]:
        return tuple(
            part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else "?"
            for part in self.node.decorator_list
        )

    @cached_property
    def scope(self) -> Scope:
        return self.file.scopes[self.node]

    @cached_property
    def own(self) -> tuple[Any, ...]:
        """All nodes of the body that is gone through, top to bottom, without the insides of inner functions."""
        return tuple(own(live(self.node.body)))

    def given(self, name: str) -> list[Binding]:
        """All places where a name gets a value, but for a None that it begins with."""
        bindings = self.scope.bindings.get(name, [])
        some = [each for each in bindings if not (isinstance(each.value, ast.Constant) and each.value.value is None)]
        return some or bindings

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        return parents(self.node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out, within this function."""
        while node in self.parents and node is not self.node:
            node = self.parents[node]
            yield node

    def tried(self, node: ast.AST) -> bool:
        """Whether an exception here may be meant: inside `try` or `with`."""
        return any(isinstance(outer, (*TRIES, ast.With, ast.AsyncWith)) for outer in self.around(node))

    def attribute(self, node: ast.AST | None) -> str | None:
        """The name of an attribute of `self`; None where the node is none."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.self_name:
            return node.attr
        return None

    def reads(self, name: str) -> list[ast.Name]:
        """Where a name is read, in inner functions and comprehensions too."""
        return [
            node
            for node in walk(self.node)
            if isinstance(node, ast.Name)
            and node.id == name
            and (isinstance(node.ctx, ast.Load) or isinstance(self.parents.get(node), ast.AugAssign))
        ]

    @cached_property
    def assignments(self) -> tuple[tuple[ast.expr, ast.expr | None, ast.AST], ...]:
        """Each target of each assignment, what it gets, and the statement."""
        return tuple((target, value, node) for node in self.own for target, value in assigned(node))

    def problem(self, node: ast.AST, check: str, message: str, severity: Severity = "error") -> Problem:
        return self.file.problem(self.definition, node, check, message, severity)


@dataclass(frozen=True, eq=False)
class Class:
    """A class of the file with the methods that parse and are not blank.

    `settings` are the attributes that it, its bases and its subclasses in the file set; where `closed`, there are no
    others; `complete` is one of which no method is broken or blank.
    """

    file: "File"
    definition: Definition
    node: ast.ClassDef
    methods: Mapping[str, Function]
    bases: tuple[str, ...]
    settings: Mapping[str, tuple[Setting, ...]]
    closed: bool
    complete: bool
    # names that are asked for with hasattr or getattr, and lists that are changed in place
    mentioned: frozenset[str]
    grown: frozenset[str]

    @property
    def name(self) -> str:
        return self.definition.name

    def values(self, attribute: str) -> list[ast.expr] | None:
        """All that an attribute is ever set to; None where that is not known."""
        if not self.closed or not self.complete or attribute in self.file.foreign:
            return None
        settings = self.settings.get(attribute, ())
        values = [setting.value for setting in settings if setting.value is not None]
        return values if len(values) == len(settings) else None

    def lists(self, attribute: str) -> list[ast.expr] | None:
        """The elements of the one literal list or tuple that an attribute is ever set to, apart from None."""
        found = [
            value
            for value in self.values(attribute) or ()
            if not (isinstance(value, ast.Constant) and value.value is None)
        ]
        if len(found) == 1 and isinstance(found[0], ast.List | ast.Tuple) and attribute not in self.grown:
            parts = found[0].elts
            return None if any(isinstance(part, ast.Starred) for part in parts) else parts
        return None
