"""Which statements of two trees differ: changed, there on one side only, or moved."""

import ast
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from compare.explaining.texts import alike, plain

# how alike two statements are that are taken for one and the same, written wrongly
_ALIKE = 0.5
_BLOCKS = ("body", "orelse", "finalbody", "handlers")


@dataclass(frozen=True, eq=False)
class Change:
    """A statement before and after, None where there is none; of a compound one only the header counts.

    `around` are the definitions and loops that it stands in, from the outermost, in the tree it is taken from.
    """

    before: ast.stmt | None
    after: ast.stmt | None
    around: tuple[ast.stmt, ...]
    moved: bool = False

    @property
    def either(self) -> ast.stmt:
        """The statement that there is: the right one of two."""
        node = self.after or self.before
        assert node is not None
        return node

    @property
    def block(self) -> bool:
        """Whether a whole class or function is new, or gone."""
        return isinstance(self.either, ast.ClassDef | ast.FunctionDef) and not (self.before and self.after)


def changes(before: ast.Module, after: ast.Module) -> list[Change]:
    """Every statement that differs, top to bottom."""
    return _with_moves(list(_of_blocks(before.body, after.body, ())))


def _of_blocks(a: list[ast.stmt], b: list[ast.stmt], around: tuple[ast.stmt, ...]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [_key(each) for each in a], [_key(each) for each in b], autojunk=False)
    for tag, i, end, j, stop in matcher.get_opcodes():
        if tag != "equal":
            for before, after in _paired(a[i:end], b[j:stop]):
                yield from _of_pair(before, after, around)


def _of_pair(before: ast.stmt | None, after: ast.stmt | None, around: tuple[ast.stmt, ...]) -> Iterator[Change]:
    if before is None or after is None:
        yield Change(before, after, around)
        return
    if not _is_compound(before):
        if not alike(before, after):
            yield Change(before, after, around)
        return
    if _header(before) != _header(after):
        yield Change(before, after, around)
    for field in _BLOCKS:
        mine, other = getattr(before, field, []), getattr(after, field, [])
        yield from _of_blocks(mine, other, (*around, before))


def _paired(a: Sequence[ast.stmt], b: Sequence[ast.stmt]) -> list[tuple[ast.stmt | None, ast.stmt | None]]:
    """The likeliest pairs first, then what stands before and after them: no pair crosses another."""
    if not a or not b:
        return [*((each, None) for each in a), *((None, each) for each in b)]
    scores = [(_likeness(mine, other), -abs(i - j), i, j) for i, mine in enumerate(a) for j, other in enumerate(b)]
    best, _, i, j = max(scores, key=lambda each: each[:2])
    if best < _ALIKE and not (len(a) == len(b) == 1 and best > 0):
        return [*((each, None) for each in a), *((None, each) for each in b)]
    return [*_paired(a[:i], b[:j]), (a[i], b[j]), *_paired(a[i + 1 :], b[j + 1 :])]


def _likeness(a: ast.stmt, b: ast.stmt) -> float:
    if _is_compound(a) or _is_compound(b):
        if type(a) is not type(b):
            return 0
        if isinstance(a, ast.ClassDef | ast.FunctionDef) and a.name == getattr(b, "name", ""):
            return 1
        inside = SequenceMatcher(None, [_key(each) for each in _inner(a)], [_key(each) for each in _inner(b)]).ratio()
        return max(inside, SequenceMatcher(None, plain(a), plain(b), autojunk=False).ratio())
    if isinstance(a, _BARE) or isinstance(b, _BARE):
        return 0
    likeness = SequenceMatcher(None, plain(a), plain(b), autojunk=False).ratio()
    if _target(a) and _target(a) == _target(b):
        return 0.6 + 0.4 * likeness
    value, wanted = getattr(a, "value", None), getattr(b, "value", None)
    if value is not None and alike(value, wanted):
        return 0.7 + 0.3 * likeness
    return likeness if type(a) is type(b) or likeness > 0.7 else likeness / 2


_BARE = (ast.Pass, ast.Import, ast.ImportFrom, ast.Raise, ast.Break, ast.Continue)


def _target(node: ast.stmt) -> str:
    if isinstance(node, ast.Return):
        return "return"
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return plain(targets[0]) if targets[0] is not None else ""


def _inner(node: ast.stmt) -> list[ast.stmt]:
    return list(getattr(node, "body", []))


def _is_compound(node: ast.stmt) -> bool:
    return bool(getattr(node, "body", None))


def _header(node: ast.stmt) -> str:
    bare = copy(node)
    for field in (*_BLOCKS, "decorator_list"):
        if hasattr(node, field):
            setattr(bare, field, [])
    return plain(bare)


# a text is compared several times, with what was tried in its place
@lru_cache(10_000)
def _key(node: ast.AST) -> str:
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError, AttributeError):
        return str(id(node))


def _with_moves(found: list[Change]) -> list[Change]:
    """A statement that is gone here and new there was moved: one change, where it belongs."""
    for gone in [each for each in found if each.after is None]:
        new = next((each for each in found if each.before is None and alike(each.after, gone.before)), None)
        if new:
            found[found.index(new)] = replace(new, before=gone.before, moved=True)
            found.remove(gone)
    return found
