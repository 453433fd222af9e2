"""The mistakes that are planted: each takes a node by what it is, never by the line it stands on.

A mistake is one of the rows of what goes wrong in public files, or one of deriving a backward pass.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from benchmarks.repairs.change import Change
from benchmarks.repairs.operators import (
    accumulating,
    functions,
    loops,
    memory,
    names,
    operands,
    order,
    products,
    ratio,
    statements,
    syntax,
)
from benchmarks.repairs.site import Site

Operator: TypeAlias = Callable[[Site], Iterator[Change]]

_MODULES = (ratio, products, operands, accumulating, order, loops, memory, functions, names, syntax, statements)


def _public(module: object) -> Iterator[tuple[str, Operator]]:
    for name, value in vars(module).items():
        here = getattr(value, "__module__", "") == getattr(module, "__name__", "")
        if callable(value) and here and not name.startswith("_") and name != "mistyped":
            yield f"{getattr(module, '__name__', '').split('.')[-1]}.{name}", value


# by module and function, in the order of the files
OPERATORS: dict[str, Operator] = {name: each for module in _MODULES for name, each in _public(module)}
