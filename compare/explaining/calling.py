"""Brackets and arguments of calls; other functions, dtypes, memory that is not set, logarithms of 0."""

import ast

from compare.explaining.around import called, in_call, keyword, step_into
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.matrices import untransposed
from compare.explaining.scene import ACTIVATIONS, Scene
from compare.explaining.texts import alike, identifier, plain, written
from compare.explaining.wording import cause

_MEMORY = ("empty", "empty_like")
_JOINING = ("hstack", "vstack", "concatenate", "stack", "column_stack", "zeros", "ones", "empty", "block")
_REDUCTIONS = ("sum", "mean", "max", "min", "average", "prod", "std", "var")
_PRECISE = ("astype", "float32", "float16", "float64", "asarray", "half", "single")


def brackets(difference: Difference, scene: Scene) -> Cause | None:
    """Called where it is to be indexed, or the other way round; a tuple's own brackets; a call forgotten."""
    before, after = difference.before, difference.after
    if isinstance(before, ast.Call) and isinstance(after, ast.Subscript) and alike(before.func, after.value):
        text = f"{written(before.func)} is no function: it is indexed with square brackets; round ones call it"
        return cause("call", text)
    if isinstance(before, ast.Subscript) and isinstance(after, ast.Call) and alike(before.value, after.func):
        return cause("call", f"{written(before.value)} is called, with round brackets; square ones index it")
    if isinstance(after, ast.Call) and alike(before, after.func):
        return cause("call", f"{written(before)} without brackets is the method itself; it has to be called")
    if isinstance(before, ast.Call) and alike(before.func, after):
        return cause("call", f"{written(after)} is no function: it is read, not called")
    if isinstance(before, ast.Call) and isinstance(after, ast.Tuple) and alike(before.func, after.elts[0]):
        return cause("call", f"{written(before)} calls {written(before.func)}: a comma is missing after it")
    return _arguments(difference)


def _arguments(difference: Difference) -> Cause | None:
    outer = in_call(difference)
    step = difference.above[-1] if difference.above else None
    if outer is None or step is None or not isinstance(step.before, ast.Call) or step.field != "args":
        return None
    given = step.before
    first = outer.args[0] if outer.args else None
    listed = isinstance(first, ast.Tuple | ast.List) and len(given.args) > len(outer.args)
    if isinstance(first, ast.Tuple | ast.List) and listed and any(alike(given.args[0], each) for each in first.elts):
        text = f"`{identifier(outer.func)}` takes one tuple, in brackets of its own; here it is given several arguments"
        return cause("call", text, f"The arrays or sizes of {written(outer)} belong together")
    return None


def arguments(difference: Difference, scene: Scene) -> Cause | None:
    """An argument too many or too few, or a star that is missing."""
    outer = in_call(difference)
    if outer is None or difference.how != "element" or isinstance(difference.either, ast.keyword):
        return None
    missing = "is missing" if difference.missing else "is one too many"
    return cause("call", f"The argument {written(difference.either)} of `{identifier(outer.func)}` {missing}")


def precision(difference: Difference, scene: Scene) -> Cause | None:
    """Another dtype than that of the numbers."""
    around = difference.how in ("wrapped", "unwrapped") and _casts(difference)
    if keyword(difference) != "dtype" and not around and called(difference) not in ("astype",):
        return None
    given, wanted = _dtypes(difference)
    second = "The result should be as precise as the weights and inputs that it is made of"
    if isinstance(difference.either, ast.keyword) and difference.after is None:
        return cause("precision", f"{given} rounds what is stored on the way", second)
    if difference.how == "unwrapped":
        return cause("precision", f"{_cast(difference.before)} rounds {wanted} on the way", second)
    text = f"The dtype {given} stands where {wanted} belongs: what is stored is rounded to it on the way"
    return cause("precision", text, second)


def _dtypes(difference: Difference) -> tuple[str, str]:
    """The two as they are written, `x.dtype` and not the `x` in it."""
    step = step_into(difference, ast.keyword)
    if step and isinstance(step.before, ast.keyword) and isinstance(step.after, ast.keyword):
        return written(step.before.value), written(step.after.value)
    return written(difference.before), written(difference.after)


def _casts(difference: Difference) -> bool:
    outer = difference.after if difference.how == "wrapped" else difference.before
    return isinstance(outer, ast.Call) and identifier(outer.func) in _PRECISE


def _cast(node: ast.AST | None) -> str:
    """How it is rounded, without what is: `.astype(np.float32)`."""
    if not isinstance(node, ast.Call):
        return written(node)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
        return f"`.astype({', '.join(plain(each) for each in node.args)})`"
    return written(node.func)


def memory(difference: Difference, scene: Scene) -> Cause | None:
    """`np.empty` for what is read, or added to, before it is written."""
    before = difference.before.func if isinstance(difference.before, ast.Call) else difference.before
    if identifier(before) not in _MEMORY or difference.after is None:
        return None
    step = step_into(difference, ast.Call, "func")
    what = written(step.before) if step else written(difference.before)
    text = f"{what} is memory as it was left behind, and not all of it is written before it is read"
    return cause("memory", text, "What is added to, or written in part only, has to begin at 0")


def copied(difference: Difference, scene: Scene) -> Cause | None:
    """An array that is changed later on, taken over and not copied."""
    after = difference.after
    if difference.how == "wrapped" and isinstance(after, ast.Call) and identifier(after.func) in ("copy", "array"):
        text = f"{written(difference.before)} is the same array under another name, not a copy of it"
        return cause(
            "in place", text, f"What is written into it afterwards changes {written(difference.before)} as well"
        )
    fresh = isinstance(after, ast.Call) and identifier(after.func) in ("zeros_like", "zeros")
    if not fresh and not (isinstance(after, ast.Constant) and after.value == 0):
        return None
    buffer = difference.above and difference.above[0].field == "value" and not called(difference)
    if not buffer or not scene.grows or not isinstance(difference.before, ast.Name | ast.Attribute):
        return None
    text = f"{written(difference.before)} itself serves as the buffer: what is added to the gradient changes it as well"
    return cause("in place", text, "A gradient begins as an array of its own, full of zeros")


def numerics(difference: Difference, scene: Scene) -> Cause | None:
    """The logarithm of 0, a division by 0, an overflow of exp."""
    before, after = difference.before, difference.after
    if difference.how == "wrapped" and isinstance(after, ast.Call) and identifier(after.func) in _GUARDS:
        text = f"{written(before)} may become 0 or overflow, and what is made of it is then infinite or NaN"
        return cause("numerics", text, f"{written(after)} is the same everywhere else")
    if isinstance(after, ast.Constant) and isinstance(after.value, float) and 0 < after.value < 1e-2 and before is None:
        return cause("numerics", f"Without a small number such as {written(after)} this divides by 0, or takes log 0")
    if difference.how in ("term", "wrapped") and called(difference) == "exp" and _is_maximum(difference.either):
        text = "`exp` overflows for large numbers; the largest one has to be taken off first"
        return cause("numerics", text, "softmax does not change when the same number is taken off everywhere")
    logs = {_log(before), _log(after)}
    if "log_softmax" in logs or (difference.how == "unwrapped" and "log" in logs):
        text = f"{written(before)} takes the logarithm of a probability that may be 0"
        return cause("numerics", text, "log p = x − max x − log Σ exp(x − max x) never sees the 0")
    return None


_GUARDS = ("max", "maximum", "clip", "nan_to_num")


def _is_maximum(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call) and identifier(each.func) in ("max", "amax") for each in ast.walk(node))


def _log(node: ast.AST | None) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    if not isinstance(node, ast.Call):
        return identifier(node).replace("logsoftmax", "log_softmax")
    name = identifier(node.func)
    return name if name in ("log", "log_softmax") else ""


def function(difference: Difference, scene: Scene) -> Cause | None:
    """Another function than the one that belongs there."""
    before, after = _function(difference.before, difference), _function(difference.after, difference)
    if difference.how == "unwrapped":
        after = after if before in ACTIVATIONS or before in _REDUCTIONS else ""
        return _around(difference, before, "too many") if before in (*ACTIVATIONS, *_REDUCTIONS) else None
    if difference.how == "wrapped":
        return _around(difference, after, "missing") if after in (*ACTIVATIONS, *_REDUCTIONS) else None
    if not before or not after or before == after:
        return None
    if {before, after} == {"sum", "mean"}:
        text = f"`{before}` stands where `{after}` belongs, so that everything is {_times(after)} a count"
        rows = "What was added to every row has the sum over the rows as its gradient, and not their mean"
        return cause("function", text, rows if scene.backward and after == "sum" else "")
    if "subtract" in (before, after):
        return cause("sign", f"`{before}` stands where `{after}` belongs: the gradient has the wrong sign")
    return cause("function", f"{_in_call(difference)}`{before}` stands where `{after}` belongs", _derivative(after))


def _in_call(difference: Difference) -> str:
    """Which call it is, as the beginning of a sentence."""
    step = difference.above[-1] if difference.above else None
    return f"In {written(step.before)}, " if step and isinstance(step.before, ast.Call) else ""


def _times(wanted: str) -> str:
    return "divided by" if wanted == "sum" else "multiplied by"


def _around(difference: Difference, name: str, how: str) -> Cause:
    inner = difference.before if how == "missing" else difference.after
    kind = "axis" if name in _REDUCTIONS and scene_sum(name) else "function"
    text = f"`{name}` around {written(inner)} is {how}"
    second = (
        "What was broadcast along an axis has the sum over it as its gradient" if kind == "axis" else _derivative(name)
    )
    return cause("axis" if kind == "axis" else "function", text, second)


def scene_sum(name: str) -> bool:
    """Whether it is the sum that undoes a broadcast."""
    return name in ("sum", "mean")


def _derivative(name: str) -> str:
    return {
        "tanh": "h = tanh(a) lies between −1 and 1, and its derivative is 1 − h²",
        "sigmoid": "A gate is s = σ(a), between 0 and 1, with the derivative s (1 − s)",
        "softmax": "softmax makes probabilities: they are positive and add up to 1",
    }.get(name, "")


def _function(node: ast.AST | None, difference: Difference) -> str:
    """The name of a function where one is called, or where a function's name is what differs."""
    if isinstance(node, ast.Call) and untransposed(node) is None:
        return identifier(node.func)
    called_here = bool(difference.above) and difference.above[-1].field == "func"
    return identifier(node) if called_here else ""
