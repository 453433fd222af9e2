"""Which names are bound where, and which scope a name that is read belongs to: Python's rules."""

import ast
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["module", "class", "function", "comprehension"]
How = Literal["assign", "unpack", "loop", "augmented", "parameter", "import", "definition", "other"]


@dataclass(frozen=True)
class Binding:
    """One place where a name gets a value: `value` itself, or the part of it at `index` where it is unpacked.

    `module` is what an import binds the name to, as `numpy.random.randn`.
    """

    node: ast.AST
    how: How
    value: ast.expr | None = None
    index: int | None = None
    module: str = ""


@dataclass(frozen=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension: what it binds, and what it reads."""

    kind: Kind
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    reads: list[ast.Name] = field(default_factory=list)
    children: "list[Scope]" = field(default_factory=list)
    elsewhere: "dict[str, Scope]" = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @property
    def module(self) -> "Scope":
        return self if self.parent is None else self.parent.module

    def find(self, name: str) -> "Scope | None":
        """The scope that a name read here is taken from; None where nothing binds it."""
        scope: Scope | None = self.elsewhere.get(name, self)
        inside = True
        while scope is not None:
            if name in scope.bindings and (inside or scope.kind != "class"):
                return scope
            scope, inside = scope.parent, False
        return None
