"""What one class alone sets, and whether all of it is seen."""

import ast

from compare.checking.source import Definition
from compare.checking.static.file import File
from compare.checking.static.parts import Setting
from compare.checking.static.tree import assigned, constant, dotted, parents, walk, words

_HARMLESS = words("isinstance type id print repr str super hasattr getattr len iter callable")
_CHANGES = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort"})
_DATACLASSES = {"dataclass", "dataclasses.dataclass"}


class Facts:
    """What one class alone sets, and whether all of it is seen."""

    def __init__(self, definition: Definition, file: File) -> None:
        node = definition.node
        assert isinstance(node, ast.ClassDef)
        self.bases = tuple(
            ".".join(dotted(base)) or "?" for base in node.bases if dotted(base) not in (("object",), ("ABC",))
        )
        self.closed = not node.keywords and all(
            ".".join(dotted(part.func if isinstance(part, ast.Call) else part)) in _DATACLASSES
            for part in node.decorator_list
        )
        self.settings: dict[str, list[Setting]] = {}
        self.mentioned: set[str] = set()
        self.grown: set[str] = set()
        for name, bindings in file.scopes[node].bindings.items():
            # a method counts as set too, to nothing that could be told
            self.settings[name] = [Setting(each.node, each.value, "the class") for each in bindings]
        if {"__getattr__", "__getattribute__", "__setattr__"} & set(self.settings):
            self.closed = False
        for part in walk(node):
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.args.args + part.args.posonlyargs:
                self._read(part, (*part.args.posonlyargs, *part.args.args)[0].arg)

    def _read(self, method: ast.FunctionDef | ast.AsyncFunctionDef, me: str) -> None:
        above = parents(method)
        seen: set[ast.AST] = set()
        for node in walk(method):
            for target, value in assigned(node):
                if isinstance(target, ast.Attribute) and dotted(target) == (me, target.attr):
                    seen.add(target)
                    self.settings.setdefault(target.attr, []).append(Setting(target, value, method.name))
        for node in walk(method):
            if isinstance(node, ast.Attribute) and dotted(node) == (me, node.attr):
                stored = isinstance(node.ctx, ast.Store) and not isinstance(above.get(node), ast.AugAssign)
                if stored and node not in seen:
                    self.settings.setdefault(node.attr, []).append(Setting(node, None, method.name))
                self.closed &= node.attr != "__dict__"
                outer = above.get(node)
                if isinstance(outer, ast.AugAssign) or (isinstance(outer, ast.Attribute) and outer.attr in _CHANGES):
                    self.grown.add(node.attr)
            elif isinstance(node, ast.Name) and node.id == me and isinstance(above.get(node), ast.Call | ast.keyword):
                self._passed_on(above[node])

    def _passed_on(self, call: ast.AST) -> None:
        """Somebody else who gets the object may set anything."""
        names = dotted(call.func) if isinstance(call, ast.Call) else ()
        if not isinstance(call, ast.Call) or not names or names[-1] not in _HARMLESS:
            self.closed = False
        elif names in (("hasattr",), ("getattr",)) and len(call.args) > 1:
            self.mentioned.add(str(constant(call.args[1])))
