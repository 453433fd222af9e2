"""What there is to judge in a document: classes and functions with a role, and how they are built and called."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from compare.checking import roles
from compare.checking.roles import Role
from compare.checking.source import Definition, Document

# what a constructor calls the sizes that it makes its parameters from
_SIZES = {"V": ("vocab", "v"), "D": ("wordvec", "embed", "input", "in_", "d"), "H": ("hidden", "state", "h")}


@dataclass(frozen=True)
class Subject:
    """A class, or a forward function with its backward function, and the role that it plays.

    `needs` are the other subjects of the document that its code names.
    """

    role: Role
    forward: Definition
    backward: Definition | None = None
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.forward.name

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return (self.forward, self.backward) if self.backward else (self.forward,)

    @cached_property
    def text(self) -> str:
        """The code, without its comments."""
        return "\n".join(ast.unparse(definition.node) for definition in self.definitions)

    @cached_property
    def constructor(self) -> tuple[str, ...]:
        """The constructor's arguments without self, those with a default too; () where it has none of its own."""
        init = self.forward.methods.get("__init__")
        return tuple(name for name, _ in parameters(init)[1:]) if init else ()

    @cached_property
    def switches(self) -> tuple[str, ...]:
        """What turns training off: an argument of `forward` or an attribute whose name begins with train."""
        function = self.forward.methods.get("forward")
        named = [name for name, _ in parameters(function)] if function else []
        stored = [node.attr for node in ast.walk(self.forward.node) if isinstance(node, ast.Attribute)]
        return tuple(
            name for name in dict.fromkeys([*named, *stored]) if name.lower().startswith(("train", "is_train"))
        )

    @cached_property
    def stateful(self) -> str:
        """What the constructor calls the option that keeps the state; "" where it has none."""
        return next((name for name in self.constructor if name.lower().startswith("state")), "")


def subjects(
    document: Document, like: Mapping[str, str] | None = None, pairs: Mapping[str, str] | None = None
) -> tuple[Subject, ...]:
    """All subjects in the order of the file.

    `like` gives names a role, the name "" all that have none by their own; `pairs` gives a forward function its
    backward function where the names do not.
    """
    like, pairs = like or {}, pairs or {}
    found = [*_classes(document, like), *_functions(document, like, pairs), *_losses(document)]
    names = {definition.name for subject in found for definition in subject.definitions}
    with_needs = [replace(subject, needs=tuple(sorted(_named(subject) & names))) for subject in found]
    return tuple(sorted(with_needs, key=lambda subject: subject.forward.place))


def parameters(function: ast.FunctionDef) -> list[tuple[str, bool]]:
    """The positional and keyword arguments of a function, each with whether it may be left out."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    without = len(positional) - len(args.defaults)
    found = [(arg.arg, i >= without) for i, arg in enumerate(positional)]
    return found + [
        (arg.arg, default is not None) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]


def required(function: ast.FunctionDef) -> int:
    """How many arguments a function must be given, self included."""
    return sum(not optional for _, optional in parameters(function))


def size_of(argument: str, sizes: Mapping[str, int]) -> int | None:
    """The size that a constructor's argument asks for by its name; None where the name tells nothing."""
    for letter, beginnings in _SIZES.items():
        if argument == letter or any(argument.lower().startswith(b) for b in beginnings if len(b) > 1):
            return sizes.get(letter)
    return None


def _classes(document: Document, like: Mapping[str, str]) -> Iterator[Subject]:
    for definition in document.definitions.values():
        if definition.kind == "class":
            chosen = like.get(definition.name) or ("" if roles.of_class(definition.name) else like.get("", ""))
            role = roles.named(chosen) if chosen else roles.of_class(definition.name)
            if role and role.protocol == "class" and (chosen or _has_passes(definition, document)):
                subject = _fitting(Subject(role, definition))
                if subject:
                    yield subject


def _has_passes(definition: Definition, document: Document, depth: int = 5) -> bool:
    """Whether a class, or a base of it, has a forward or a backward pass, however broken, or a layer's parameters.

    A module of a library that differentiates by itself has a forward pass only, and is no handwritten layer.
    """
    assert isinstance(definition.node, ast.ClassDef)
    bases = [ast.unparse(base).split(".")[-1] for base in definition.node.bases]
    if {"Module", "Model", "Function"} & set(bases):
        return False
    if {"forward", "backward"} & {*definition.methods, *definition.broken, *definition.blank}:
        return True
    if any(base not in document.definitions and base != "object" for base in bases):
        # what is imported has what nobody can see here
        return True
    # a layer with a pass whose name is mistyped, or with none at all, has its parameters all the same
    known = [document.definitions[base] for base in bases if base in document.definitions and depth]
    return any(_has_passes(base, document, depth - 1) for base in known if base.kind == "class") or any(
        isinstance(node, ast.Attribute) and node.attr in ("params", "grads") for node in ast.walk(definition.node)
    )


def _fitting(subject: Subject) -> Subject | None:
    """The subject in the role that its constructor fits: without a bias, or a sequence's; None where it fits none."""
    if subject.role.exact:
        return subject
    subject = _of_sequences(subject)
    role, init = subject.role, subject.forward.methods.get("__init__")
    if init is None or any(isinstance(node, ast.Starred) for node in ast.walk(init.args)) or init.args.vararg:
        return subject
    least, most = required(init) - 1, len(subject.constructor)
    sized = any(any(word in name.lower() for word in ("size", "dim", "num_")) for name in subject.constructor)
    if role.sizes:
        return subject if sized or most >= 3 else None
    learned = len(role.signature.params)
    if sized and not any(name in subject.constructor for name in ("W", "Wx", "Wh", "b")):
        return None
    if role.shorter and most - bool(subject.stateful) == learned - 1:
        return replace(subject, role=replace(role, twin=role.shorter, shorter=None))
    return subject if most >= learned or least <= learned or "__init__" in subject.forward.broken else None


def _of_sequences(subject: Subject) -> Subject:
    """A cell by its name whose forward pass takes the data alone is the layer over time."""
    forward, over_time = subject.forward.methods.get("forward"), roles.of_class(f"Time{subject.role.name}")
    if forward is None or over_time is None or not {"RNN", "LSTM", "GRU"} & {subject.role.name}:
        return subject
    taken = parameters(forward)
    return replace(subject, role=over_time) if len(taken) == 2 and not forward.args.vararg else subject


def _functions(document: Document, like: Mapping[str, str], pairs: Mapping[str, str]) -> Iterator[Subject]:
    functions = {d.name: d for d in document.definitions.values() if d.kind == "function"}
    for name, forward in functions.items():
        stem, marker, rest = name.partition("forward")
        if name not in pairs and (not marker or rest.strip("_")):
            continue
        chosen = like.get(name) or like.get(stem.strip("_")) or ("" if roles.of_functions(stem) else like.get("", ""))
        role = roles.named(chosen) if chosen else roles.of_functions(stem)
        if role is None:
            continue
        if role.protocol == "class":
            role = replace(role, protocol="functions")
        learned = len(role.signature.data) + len(role.signature.params)
        if (
            role.shorter
            and forward.name not in forward.broken
            and len(parameters(forward.methods[name])) == learned - 1
        ):
            role = replace(role, twin=role.shorter, shorter=None)
        yield Subject(role, forward, functions.get(pairs.get(name, f"{stem}backward{rest}")))
    for name, backward in functions.items():
        stem, marker, rest = name.partition("backward")
        role = roles.of_functions(stem)
        if marker and role and not rest.strip("_") and f"{stem}forward{rest}" not in functions:
            yield Subject(role, backward)


def _losses(document: Document) -> Iterator[Subject]:
    for definition in document.definitions.values():
        role = roles.of_loss(definition.name)
        if definition.kind == "function" and role:
            yield Subject(role, definition)


def _named(subject: Subject) -> set[str]:
    own = {definition.name for definition in subject.definitions}
    return {name for definition in subject.definitions for name in _read(definition.node)} - own


@lru_cache(maxsize=1 << 8)
def _read(definition: ast.ClassDef | ast.FunctionDef) -> frozenset[str]:
    """The names that a definition reads; its tree does not change any more."""
    nodes = (node for node in ast.walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return frozenset(node.id for node in nodes)
