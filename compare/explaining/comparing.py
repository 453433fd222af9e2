"""Two trees compared node by node, down to the smallest parts that differ."""

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

from compare.explaining.difference import Above, Difference, Found, Step, contains
from compare.explaining.flat import Part, factors, is_product, is_sum, terms
from compare.explaining.matrices import Product, product, same_factors
from compare.explaining.parts import are_one, is_all, is_complement, only, pairs, shares, together, without_equals
from compare.explaining.texts import alike, plain

_BLOCKS = (ast.stmt, ast.Name, ast.Attribute, ast.Subscript, ast.Starred)


def differences(a: ast.AST, b: ast.AST, above: Above = ()) -> Found:
    """Where two nodes differ, as deep down as there is a correspondence."""
    if alike(a, b):
        return
    found = _by_meaning(a, b, above)
    if found is None and type(a) is type(b):
        found = _by_structure(a, b, above)
    yield from found if found is not None else [Difference("replaced", a, b, above)]


def _by_meaning(a: ast.AST, b: ast.AST, above: Above) -> list[Difference] | None:
    if not isinstance(a, ast.expr) or not isinstance(b, ast.expr):
        return None
    if is_complement(a, b) or is_complement(b, a):
        return [Difference("complement", a, b, above)]
    for outer, inner, how in ((b, a, "wrapped"), (a, b, "unwrapped")):
        if not isinstance(outer, ast.BinOp | ast.UnaryOp) and contains(outer, inner):
            return [Difference("wrapped" if how == "wrapped" else "unwrapped", a, b, above)]
    found = _of_arithmetic(a, b, above)
    if found is not None:
        return found
    multiplied, wanted = product(a), product(b)
    return _of_products(a, b, multiplied, wanted, above) if multiplied and wanted else None


def _of_arithmetic(a: ast.expr, b: ast.expr, above: Above) -> list[Difference] | None:
    """Where sums or products differ: as products if they share a factor, as sums if they share a term."""
    summed, multiplied = is_sum(a) or is_sum(b), is_product(a) or is_product(b)
    sides = {"factor": (factors(a), factors(b)), "term": (terms(a), terms(b))}
    ways: tuple[tuple[Literal["factor", "term"], bool], ...] = (("factor", multiplied), ("term", summed))
    tried = [how for how, possible in ways if possible]
    tried.sort(key=lambda how: not shares(*sides[how]))
    for how in tried:
        found = _unmatched(*sides[how], how, Step(a, b, f"{how}s"), above)
        if found is not None:
            return found
    # a sum that stands for a product has nothing in common with it, whatever their first letters are
    other = is_sum(a) != is_sum(b) or len(terms(a)) != len(terms(b))
    return [Difference("replaced", a, b, above)] if tried and other and isinstance(b, ast.BinOp) else None


def _unmatched(
    a: list[Part], b: list[Part], how: Literal["factor", "term"], step: Step, above: Above
) -> list[Difference] | None:
    """What is left of terms or factors when those that stand on both sides are taken away; None for all of them."""
    left, right, matched = without_equals(a, b)
    above = (*above, step)
    found: list[Difference] = []
    if (
        how == "term"
        and len(a) == 1
        and len(b) == 2
        and b[0].positive
        and not b[1].positive
        and alike(a[0].node, b[1].node)
    ):
        # x - mu of which mu alone is left has not lost its sign but its x
        return [Difference("term", None, b[0].node, above)]
    for mine in list(left):
        other = next((each for each in right if alike(each.node, mine.node)), None)
        if other:
            # a sum that has lost its first term begins with the next one, whatever its sign was
            led = how == "term" and mine is a[0] and mine.positive and b[0] in right and b[0] is not other
            if led:
                matched += 1
            else:
                found.append(Difference("sign" if how == "term" else "inverse", mine.node, other.node, above))
            left.remove(mine)
            right.remove(other)
    if how == "term" and len(found) == len(a) == len(b):
        return [Difference("sign", step.before, step.after, above)]
    if how == "term" and len(right) == 1 and len(left) > 1:
        inside = next((each.node for each in factors(right[0].node) if is_all(terms(each.node), left)), None)
        if inside is not None:
            return [*found, *differences(inside, right[0].node, above)]
    sure = bool(matched or found)
    # of unequal numbers of factors, none is another one written wrongly
    unequal = how == "factor" and left and right and len(left) != len(right)
    likely = [] if unequal and sure else pairs(left, right, sure or len(left) == len(right) == 1)
    if not sure and not (len(likely) == len(a) == len(b)):
        return None
    for mine, other in likely:
        same = mine.positive == other.positive
        inner = differences(mine.node, other.node, above)
        found += inner if same else [Difference("replaced", mine.node, other.node, above)]
        left.remove(mine)
        right.remove(other)
    if how == "factor" and are_one(left, right):
        return [*found, together(left, right, above)]
    found += [Difference(only(how, each), each.node, None, above) for each in left]
    return [*found, *(Difference(only(how, each), None, each.node, above) for each in right)]


def _of_products(a: ast.AST, b: ast.AST, mine: Product, wanted: Product, above: Above) -> list[Difference]:
    if same_factors(mine, wanted):
        return [Difference("product", a, b, above)]
    both = ((mine.left, wanted.left, "left"), (mine.right, wanted.right, "right"))
    found = []
    other = [each for each in both if not alike(each[0].bare, each[1].bare)]
    for given, right, field in other:
        # -x.T and 2 * x.T are more than x, transposed or not
        scaled = _is_scaled(given.node) != _is_scaled(right.node) and given.turned != right.turned
        sides = (given.node, right.node) if scaled else (given.bare, right.bare)
        found += list(differences(*sides, (*above, Step(a, b, field))))
    if len(other) == 1 and _same_array(other[0][0].bare, other[0][1].bare):
        return found
    # a whole factor that is another one, and not a detail inside of it
    whole = [each for each in found if each.how == "replaced" and len(each.above) == len(above) + 1]
    if len(found) > 1 or any(_is_simple(each.before) and _is_simple(each.after) for each in whole):
        return [Difference("product", a, b, above)]
    return found


def _is_scaled(node: ast.expr) -> bool:
    return is_sum(node) or is_product(node)


def _same_array(a: ast.expr, b: ast.expr) -> bool:
    """Whether two parts of one array are meant."""
    return isinstance(a, ast.Subscript) and isinstance(b, ast.Subscript) and alike(a.value, b.value)


def _is_simple(node: ast.AST | None) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name)


def _by_structure(a: ast.AST, b: ast.AST, above: Above) -> list[Difference] | None:
    if isinstance(a, ast.Call) and isinstance(b, ast.Call):
        return _of_calls(a, b, above)
    if isinstance(a, ast.Tuple | ast.List) and isinstance(b, ast.Tuple | ast.List):
        return _of_lists(a.elts, b.elts, Step(a, b, "elts"), above)
    if isinstance(a, ast.Attribute) and isinstance(b, ast.Attribute):
        if a.attr != b.attr:
            return None
        return list(differences(a.value, b.value, (*above, Step(a, b, "value"))))
    if isinstance(a, ast.BinOp) and isinstance(b, ast.BinOp) and alike(a.left, b.left) and alike(a.right, b.right):
        return [Difference("operator", a, b, above)]
    found = []
    for field in a._fields:
        if field in ("ctx", "body", "orelse", "finalbody", "handlers", "type_comment") and isinstance(a, _BLOCKS):
            continue
        mine, other = getattr(a, field, None), getattr(b, field, None)
        inner = _of_fields(mine, other, Step(a, b, field), above)
        if inner is None:
            return None
        found += inner
    return found


def _of_fields(mine: object, other: object, step: Step, above: Above) -> list[Difference] | None:
    """Where the values of a field differ; None where that is the node's own affair."""
    if isinstance(mine, ast.AST) and isinstance(other, ast.AST):
        if isinstance(mine, ast.expr_context):
            return []
        return list(differences(mine, other, (*above, step)))
    if isinstance(mine, list) and isinstance(other, list):
        return _of_lists(mine, other, step, above)
    return [] if mine == other else None


def _of_lists(a: Sequence[object], b: Sequence[object], step: Step, above: Above) -> list[Difference] | None:
    if not all(isinstance(each, ast.AST) for each in [*a, *b]):
        return [] if list(a) == list(b) else None
    mine = [each for each in a if isinstance(each, ast.AST)]
    other = [each for each in b if isinstance(each, ast.AST)]
    above = (*above, step)
    texts, wanted = [plain(each) for each in mine], [plain(each) for each in other]
    if len(mine) > 1 and texts != wanted and sorted(texts) == sorted(wanted):
        return [Difference("permuted", step.before, step.after, above)]
    if len(mine) == len(other):
        return [each for pair in zip(mine, other, strict=True) for each in differences(*pair, above)]
    found: list[Difference] = []
    for tag, i, end, j, stop in SequenceMatcher(None, texts, wanted, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = min(end - i, stop - j)
        for k in range(both):
            found += differences(mine[i + k], other[j + k], above)
        found += [Difference("element", each, None, above) for each in mine[i + both : end]]
        found += [Difference("element", None, each, above) for each in other[j + both : stop]]
    return found


def _of_calls(a: ast.Call, b: ast.Call, above: Above) -> list[Difference] | None:
    arguments = _of_lists(a.args, b.args, Step(a, b, "args"), above)
    if arguments is None:
        return None
    found = [*arguments, *_of_keywords(a, b, above)]
    if alike(a.func, b.func):
        return found
    methods = isinstance(a.func, ast.Attribute) and isinstance(b.func, ast.Attribute) and a.func.attr == b.func.attr
    shared = any(alike(mine, other) for mine in a.args for other in b.args)
    if not methods and not shared and a.args and b.args and found:
        values = (getattr(a.func, "value", None), getattr(b.func, "value", None))
        if values[0] is None or not alike(*values):
            return None
    return [*differences(a.func, b.func, (*above, Step(a, b, "func"))), *found]


def _of_keywords(a: ast.Call, b: ast.Call, above: Above) -> list[Difference]:
    mine = {each.arg: each for each in a.keywords}
    other = {each.arg: each for each in b.keywords}
    above = (*above, Step(a, b, "keywords"))
    found: list[Difference] = []
    for name in [*mine, *(name for name in other if name not in mine)]:
        given, wanted = mine.get(name), other.get(name)
        if given and wanted:
            found += list(differences(given.value, wanted.value, (*above, Step(given, wanted, "value"))))
        else:
            found.append(Difference("element", given, wanted, above))
    added, removed = [[each for each in found if side(each) is None] for side in (_before, _after)]
    if len(added) == len(removed) == 1 and added[0].how == removed[0].how == "element":
        found = [each for each in found if each not in (added[0], removed[0])]
        found.append(Difference("replaced", removed[0].before, added[0].after, above))
    return found


def _before(each: Difference) -> ast.AST | None:
    return each.before


def _after(each: Difference) -> ast.AST | None:
    return each.after
