"""The names that a file uses and nothing in it defines."""

import builtins
from collections.abc import Iterable, Iterator, Sequence
from symtable import SymbolTable, symtable

_BUILTINS = frozenset(vars(builtins))


def free_names(units: Iterable[Sequence[str]]) -> list[str]:
    """Global names that units read somewhere and bind nowhere, in order; what does not parse is passed over."""
    read: set[str] = set()
    bound: set[str] = set()
    for label, text in units:
        try:
            top = symtable(text, label, "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for table in _tables(top):
            _look(table, table is top, read, bound)
    return sorted(read - bound - _BUILTINS)


def _tables(table: SymbolTable) -> Iterator[SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _look(table: SymbolTable, top: bool, read: set[str], bound: set[str]) -> None:
    for symbol in table.get_symbols():
        if not (top or symbol.is_global()):
            continue
        if symbol.is_referenced():
            read.add(symbol.get_name())
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            bound.add(symbol.get_name())
