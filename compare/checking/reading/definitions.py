"""What the cells of a file define: of each name the last definition, with what is left blank and what is shadowed."""

import ast
from collections.abc import Iterator, Sequence

from compare.checking.reading.blank import blank_methods, is_blank
from compare.checking.reading.needed import Compound, blocks
from compare.checking.reading.parsing import tree_of
from compare.checking.reading.recovering import Broken
from compare.checking.source import Definition, Place, Problem, Unit


def definitions(units: Sequence[Unit], broken: Sequence[Sequence[Broken]]) -> tuple[Definition, ...]:
    """All definitions in the units, and those that do not parse, in order of place."""
    found: list[Definition] = []
    for unit, lost in zip(units, broken, strict=True):
        here = [_definition(node, unit, lost) for node in _top_level(tree_of(unit.text).body)]
        here += [
            Definition(each.name, "function", _place(each.node, unit.cell), each.node, each.functions)
            for each in lost
            if each.node
        ]
        found += sorted(here, key=lambda each: (each.place.line, each.place.column))
    return tuple(found)


def last_of_each(found: Sequence[Definition]) -> dict[str, Definition]:
    """The last definition of every name, in order of place."""
    last = {each.name: each for each in found}
    return {each.name: each for each in found if last[each.name] is each}


def shadowed(found: Sequence[Definition]) -> Iterator[Problem]:
    """A definition, or a method, that a later one of its name takes the place of: an error where that one is blank.

    It is nothing where a later notebook cell has it whole; nor are two branches of an `if` two definitions.
    """
    for name, last in last_of_each(found).items():
        if last.node.col_offset == 0:
            earlier = [each for each in found if each.name == name and each is not last and not each.node.col_offset]
            places = [(each.place, not (each.blank or each.broken)) for each in earlier]
            yield from _shadow(name, name, places, last.place, bool(last.blank), last.place.cell is not None)
        if isinstance(last.node, ast.ClassDef):
            yield from _shadowed_methods(last, last.node)


def _shadowed_methods(owner: Definition, node: ast.ClassDef) -> Iterator[Problem]:
    # setters and overloads have the name of what they add to
    plain = [each for each in node.body if isinstance(each, ast.FunctionDef) and not each.decorator_list]
    for name, last in {each.name: each for each in plain}.items():
        earlier = [each for each in plain if each.name == name and each is not last]
        places = [(_place(each, owner.place.cell), not is_blank(each)) for each in earlier]
        place = _place(last, owner.place.cell)
        yield from _shadow(f"{owner.name}.{name}", owner.name, places, place, is_blank(last), False)


def _shadow(
    what: str, symbol: str, earlier: Sequence[tuple[Place, bool]], place: Place, blank: bool, cells: bool
) -> Iterator[Problem]:
    """Of the places of the earlier ones, with whether each is complete, and of the last one."""
    complete = [each.text for each, whole in earlier if whole]
    if blank and complete:
        message = (
            f"{what} is left blank here, and takes the place of the complete one at {complete[-1]}: remove this one"
        )
        yield Problem(place, "shadowed", message, "error", symbol)
    elif not blank and earlier and not (cells and earlier[-1][0].cell != place.cell):
        message = f"{what} takes the place of the one at {earlier[-1][0].text}, which is never used"
        yield Problem(place, "shadowed", message, "note", symbol)


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node
        elif isinstance(node, Compound):
            waiting += [inner for block in reversed(blocks(node)) for inner in reversed(block)]


def _definition(node: ast.ClassDef | ast.FunctionDef, unit: Unit, lost: Sequence[Broken]) -> Definition:
    if isinstance(node, ast.FunctionDef):
        blank = (node.name,) if is_blank(node) else ()
        return Definition(node.name, "function", _place(node, unit.cell), node, (), blank)
    names = [name for each in lost if each.name == node.name and each.line == node.lineno for name in each.functions]
    # an earlier method of the name of one that is lost would stand in for it
    node.body = [each for each in node.body if getattr(each, "name", None) not in names] or [
        ast.copy_location(ast.Pass(), node)
    ]
    return Definition(
        node.name, "class", _place(node, unit.cell), node, tuple(dict.fromkeys(names)), blank_methods(node)
    )


def _place(node: ast.ClassDef | ast.FunctionDef, cell: int | None) -> Place:
    return Place(cell, node.lineno, node.col_offset)
