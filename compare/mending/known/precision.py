"""float32 in the place of the dtype that the weights have."""

import ast
from collections.abc import Iterator

from compare.checking.static.parts import Function
from compare.checking.static.tree import elements, in_order
from compare.mending.edit import Proposal
from compare.mending.known.sight import Sight

_WEIGHTS = ("Wx", "W", "Wh", "w", "W_embed", "b")
_DATA = ("xs", "x", "hs", "h_prev", "prev_h", "h0", "h", "dhs", "dout", "dh", "dh_next", "dnext_h")


def float32(sight: Sight) -> Iterator[Proposal]:
    """`dtype='f'` as `dtype=Wx.dtype`; `.astype('f')` and `np.float32(…)` left out."""
    call = next((node for node in sight.nodes if isinstance(node, ast.Call) and _is_rounding(node)), None)
    function = sight.function
    if call is None or function is None:
        return
    dtypes = list(_dtypes(function, call))
    given = next((each.value for each in call.keywords if each.arg == "dtype"), None)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "astype":
        line, dot = sight.span(call.func)[1]
        yield sight.change(0.3, "precision", ((line, dot - len(".astype")), sight.span(call)[1], ""))
        for i, dtype in enumerate(dtypes[:2]):
            yield sight.change(0.5 + 0.1 * i, "precision", sight.instead(call.args[0], dtype))
    elif given is None and isinstance(call.func, ast.Attribute) and call.func.attr in ("float32", "single"):
        argument = call.args[0]
        bare = isinstance(argument, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
        text = sight.text(argument)
        yield sight.change(0.3, "precision", sight.instead(call, text if bare else f"({text})"))
    else:
        where = given if given is not None else call.args[1]
        for i, dtype in enumerate(dtypes[:3]):
            yield sight.change(0.3 + 0.1 * i, "precision", sight.instead(where, dtype))


def _is_rounding(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return (
        name in ("astype", "float32", "single")
        or any(each.arg == "dtype" for each in call.keywords)
        or len(call.args) > 1
    )


def _dtypes(function: Function, call: ast.Call) -> Iterator[str]:
    """The dtype of a weight that has its value at a line, and of what else has the same dtype."""
    names = function.scope.bindings
    line = call.lineno

    def known(name: str) -> bool:
        return any(each.how == "parameter" or getattr(each.node, "lineno", line) < line for each in names.get(name, ()))

    yield from (f"{name}.dtype" for name in _WEIGHTS if known(name))
    attributes = dict.fromkeys(
        node.attr
        for node in in_order(ast.walk(function.node))
        if isinstance(node, ast.Attribute) and function.attribute(node) in _WEIGHTS
    )
    yield from (f"self.{name}.dtype" for name in attributes)
    owner = function.owner
    params = elements(next(iter(owner.values("params") or ()), None)) if owner else None
    if owner and (params or "params" in owner.settings) and params != []:
        yield "self.params[0].dtype"
    yield from (f"{name}.dtype" for name in _DATA if known(name))
