"""Names of methods that only look right, and methods that no object can be called with."""

import re
from collections.abc import Collection, Iterator

from compare.checking.roles import of_functions
from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.nearest import distance
from compare.checking.static.parts import Class

# near to a right name, but right themselves
_OTHERS = frozenset({"get_state", "init_state", "__exit__", "__iter__", "__next__"})
_RIGHT = ("__init__", "forward", "backward", "set_state", "reset_state")


def misspelt_methods(file: File) -> Iterator[Problem]:
    """`foward`, `__int__`, `set_sate`, where the right one is missing."""
    for owner in file.classes.values():
        if not _is_layer(owner):
            continue
        taken = set(owner.settings) | set(owner.definition.broken) | set(owner.definition.blank)
        for name, function in owner.methods.items():
            right = _meant(name) or _singular(name, owner.methods)
            if right is not None and right not in taken:
                message = f"`{name}` is no name that anybody calls; `{right}` was probably meant."
                yield function.problem(function.node, "misspelt method", message)


def misspelt_functions(file: File) -> Iterator[Problem]:
    """`rnn_step_foward`, `rnns_tep_forward`."""
    for function in file.plain.values():
        meant = _counterpart(function.name, file) or _whole(function.name, file)
        if meant and meant not in file.module.bindings:
            message = f"`{function.name}` is no name that anybody calls; `{meant}` was probably meant."
            yield function.problem(function.node, "misspelt function", message)


def _counterpart(name: str, file: File) -> str | None:
    """The other one of a pair, where that is missing and this, which is none, is a slip of its name."""
    for other in file.plain if of_functions(re.sub("_(forward|backward)$", "", name)) is None else ():
        way, back = ("forward", "backward") if other.endswith("forward") else ("backward", "forward")
        meant = other.removesuffix(way) + back
        if other.endswith(way) and name != other and meant not in file.plain and distance(name, meant) <= 2:
            return meant
    return None


def _whole(name: str, file: File) -> str | None:
    """The name with its last word, or another one, as it is meant."""
    names = [each.rpartition("_")[2] for each in file.plain if each.startswith(name.rpartition("_")[0])]
    for part in name.split("_"):
        right = _meant(part) or _singular(part, names)
        if right in ("forward", "backward"):
            return name.replace(part, right)
    return None


def without_self(file: File) -> Iterator[Problem]:
    """A method without any parameter: the object itself is one too many."""
    for owner in file.classes.values():
        for function in owner.methods.values() if _is_layer(owner) else ():
            args = function.node.args
            if not (function.positional or args.vararg or function.decorators):
                message = f"`{function.title}` has no parameter, not even `self`: every call of it on an object fails."
                yield function.problem(function.node, "no self", message)


def _singular(name: str, others: Collection[str]) -> str | None:
    """`backward` of `backwards`, where `forward` is beside it."""
    beside = {"backwards": "forward", "forwards": "backward"}
    return name.removesuffix("s") if beside.get(name) in others else None


def _is_layer(owner: Class) -> bool:
    return any(name in ("forward", "backward") or _meant(name) in ("forward", "backward") for name in owner.methods)


def _meant(name: str) -> str | None:
    """The right name, where this one is a slip of it: not a plural, a numbered or a private one."""
    if name in _RIGHT or name in _OTHERS or re.search(r"\d", name) or name.endswith("s"):
        return None
    for right in _RIGHT:
        private = name.startswith("_") != right.startswith("_")
        if not private and distance(name, right) <= (1 if right == "set_state" else 2):
            return right
    return None
