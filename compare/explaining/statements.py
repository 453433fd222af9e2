"""Statements that are missing, too many, or at the wrong place."""

import ast

from compare.explaining.aliens import foreign, viewed
from compare.explaining.arithmetic import factor, term, upstream
from compare.explaining.around import target
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference, How, Step
from compare.explaining.flat import factors
from compare.explaining.ordering import in_wrong_order
from compare.explaining.ratios import ratio
from compare.explaining.scene import Function, Scene, base_of
from compare.explaining.texts import alike, identifier, plain, written
from compare.explaining.wording import cause

_CLEARING = ("fill", "clear")


def moved(scene: Scene) -> Cause:
    """A right statement at the wrong place."""
    node = written(scene.change.either)
    inside = f"in `{scene.function.name}` " if scene.function else ""
    return cause(
        "misplaced", f"{node} {inside}is right, but stands at the wrong place", in_wrong_order(scene.change, scene)
    )


def twice(scene: Scene) -> Cause | None:
    """A statement that stands in its block twice, and is to stand there once."""
    node, around = scene.change.before, scene.change.around
    if node is None or scene.change.after is not None or isinstance(node, ast.Pass | Function):
        return None
    outer = around[-1] if around else scene.before
    blocks = [getattr(outer, field, []) for field in ("body", "orelse", "finalbody")]
    if not any(each is not node and alike(each, node) for block in blocks if node in block for each in block):
        return None
    adds = (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub)) or ".at(" in plain(node)
    return cause(
        "extra",
        f"{written(node)} stands here twice, {'so that it counts double' if adds else 'and is to be done once'}",
    )


def missing(scene: Scene) -> Cause:
    """What an inserted statement was there for."""
    node = scene.change.either
    name = f"`{scene.function.name}`" if scene.function else "The text"
    if isinstance(node, ast.Import | ast.ImportFrom):
        return cause("import", f"{written(node)} is missing: the name is read, and nothing binds it")
    if isinstance(node, Function | ast.ClassDef):
        return _definition(node, scene)
    if isinstance(node, ast.Assert) or (isinstance(node, ast.If) and _raises(node)):
        holds = "holds" if isinstance(node, ast.If) else "does not hold"
        return cause("unchecked", f"{name} goes on where {_header(node)} {holds}: it has to refuse that")
    if isinstance(node, ast.Return):
        return cause(
            "return", f"{name} ends without returning {written(node.value)}", "A function without `return` gives None"
        )
    found = _copied(node, scene) or _kept(node, scene)
    if found:
        return found
    if _clears(node):
        what = written(base_of(_cleared(node)))
        return cause("accumulate", f"{what} is not set to 0 first, so that the last call's numbers stay in it")
    return _itself(node, scene, True) or cause(
        "missing", f"A statement is missing in {name}: {written(node)}", _why(node, scene)
    )


def extra(scene: Scene) -> Cause:
    """What a removed statement does amiss."""
    node = scene.change.either
    if isinstance(node, Function | ast.ClassDef):
        text = f"A second `{node.name}` stands further down, and the last definition of a name is the one that counts"
        return cause("extra", text, "The good one is never used")
    if _empties(node):
        text = f"{written(node)} throws away what the forward pass kept"
        return cause("cache", text, "A second backward pass finds nothing there any more")
    if _clears(node) or (scene.loops and _zeros(node)):
        text = f"{written(node)} begins the sum anew{' in every round of the loop' if scene.loops else ''}"
        return cause("accumulate", text, "What was added up before is lost")
    value = getattr(node, "value", None)
    if isinstance(value, ast.Call) and identifier(value.func) in ("empty", "empty_like"):
        return cause("memory", f"{written(node)} is memory as it was left behind, and is read before it is written")
    if isinstance(node, ast.Return):
        return cause("return", f"{written(node)} leaves the function before the rest of it is done")
    found = _itself(node, scene, False)
    if found:
        return found
    return cause("extra", f"{written(node)} should not be there")


def _definition(node: Function | ast.ClassDef, scene: Scene) -> Cause:
    inside = scene.owner is not None
    read = any(isinstance(each, ast.Name) and each.id == node.name for each in ast.walk(scene.before))
    if read and not inside:
        return cause("import", f"`{node.name}` is used here, but defined and imported nowhere")
    owner = f" in `{scene.owner.name}`" if scene.owner else ""
    return cause("missing", f"The definition of `{node.name}`{owner} is missing")


def _raises(node: ast.If) -> bool:
    return any(isinstance(each, ast.Raise | ast.Assert) for each in node.body) and not node.orelse


def _header(node: ast.stmt) -> str:
    return written(node.test) if isinstance(node, ast.If | ast.Assert) else written(node)


def _copied(node: ast.stmt, scene: Scene) -> Cause | None:
    """`dh = dh.copy()`, before it is written to."""
    left, value = target(node), getattr(node, "value", None)
    if not isinstance(left, ast.Name) or not isinstance(value, ast.Call):
        return None
    copies = identifier(value.func) in ("copy", "array") and viewed(value.args[0] if value.args else value.func) != ""
    source = value.args[0] if value.args else getattr(value.func, "value", None)
    if not copies or not alike(source, left):
        return None
    owner = foreign(scene).get(left.id)
    whose = "the caller's array" if owner else "what the forward pass kept" if owner == "" else "somebody else's array"
    return cause("in place", f"{written(left)} is {whose}, and it is written to without having been copied first")


def _kept(node: ast.stmt, scene: Scene) -> Cause | None:
    """What the other pass, or the next call, reads of `self`, or of a list."""
    left = target(node)
    value = getattr(node, "value", None)
    if isinstance(left, ast.Attribute) and isinstance(value, ast.List | ast.Dict) and plain(value) in ("[]", "{}"):
        return cause("accumulate", f"{written(left)} grows from call to call: it has to begin empty in each of them")
    if isinstance(left, ast.Attribute) and plain(left.value) == "self" and not isinstance(node, ast.AugAssign):
        if identifier(left) in ("h", "c", "dh", "dc", "h_prev", "state"):
            return cause(
                "state", f"{written(left)} is not kept: the next call, or whoever asks for it, finds an old one"
            )
        return cause("cache", f"{written(left)} is not stored here, although another method reads it")
    if isinstance(node, ast.Assign) and "cache" in identifier(left):
        return cause("cache", f"{written(left)} is not stored here, although the backward pass needs it")
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
        return cause(
            "cache",
            f"{written(call.func.value)} is never filled: {written(call.args[0] if call.args else call)} is not kept",
        )
    return None


def _clears(node: ast.stmt) -> bool:
    """`dW[...] = 0`, `grad.fill(0)`, or a loop of such."""
    if isinstance(node, ast.For):
        return all(_clears(each) for each in node.body)
    if isinstance(node, ast.Assign):
        left = node.targets[0]
        return isinstance(left, ast.Subscript) and plain(node.value) in ("0", "0.0") and not _masks(left)
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Mult) and plain(node.value) in ("0", "0.0")
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and identifier(call.func) in _CLEARING and bool(call.args)


def _masks(left: ast.Subscript) -> bool:
    """Whether only a part of an array is meant, that another array picks out: `dx[mask]`, `dx[x < 0]`."""
    return "mask" in plain(left.slice) or any(isinstance(each, ast.Compare) for each in ast.walk(left.slice))


def _cleared(node: ast.stmt) -> ast.AST:
    inner = node.body[0] if isinstance(node, ast.For) else node
    if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
        return getattr(inner.value.func, "value", inner.value.func)
    return target(inner) or inner


def _zeros(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    if isinstance(value, ast.List | ast.Tuple):
        return all(plain(each) in ("0", "0.0") or "zeros" in plain(each) for each in value.elts)
    return plain(value) in ("0", "0.0") or "zeros" in plain(value) if isinstance(value, ast.expr) else False


def _empties(node: ast.stmt) -> bool:
    if isinstance(node, ast.Delete):
        return True
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is None:
        return isinstance(node.targets[0], ast.Attribute)
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and identifier(call.func) in ("clear", "pop", "reverse", "sort", "remove")


_WAYS: dict[type[ast.operator], How] = {
    ast.Mult: "factor",
    ast.Div: "divisor",
    ast.Add: "term",
    ast.Sub: "term",
}


def _itself(node: ast.stmt, scene: Scene, absent: bool) -> Cause | None:
    """What a name is multiplied by, divided by or added to: `dx *= mask`, `dx = dx / N`."""
    change = _own_change(node)
    if change is None:
        return None
    left, how, other = change
    step = Step(left, node, "value")
    found = Difference(how, None if absent else other, other if absent else None, (step,))
    for family in (upstream, ratio, factor, term):
        answer = family(found, scene)
        if answer:
            return answer
    return None


def _own_change(node: ast.stmt) -> tuple[ast.expr, How, ast.expr] | None:
    if isinstance(node, ast.AugAssign):
        way = _WAYS.get(type(node.op))
        return (node.target, way, node.value) if way else None
    if not isinstance(node, ast.Assign):
        return None
    left = node.targets[0]
    rest = [each for each in factors(node.value) if not alike(each.node, left)]
    if len(rest) != 1 or alike(rest[0].node, node.value):
        return None
    return left, "factor" if rest[0].positive else "divisor", rest[0].node


def _why(node: ast.stmt, scene: Scene) -> str:
    left = target(node)
    if isinstance(node, ast.For):
        return "What is used at every step has the sum over the steps as its gradient"
    if isinstance(left, ast.Subscript):
        zero = plain(getattr(node, "value", node)) in ("0", "0.0")
        return f"{written(left)} keeps what should be 0" if zero else f"{written(base_of(left))} is never filled there"
    stored = {plain(each) for each in scene.statements() if isinstance(getattr(each, "ctx", None), ast.Store)}
    if left is None or plain(left) in (*stored, *scene.parameters):
        return ""
    return f"{written(left)} is computed nowhere"
