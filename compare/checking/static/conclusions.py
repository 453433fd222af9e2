"""What names alone tell of a mistake: an axis that a weight does not have, a bias that is left out, repeated ids."""

import ast
import re
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.packing import packed
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, elements


def repeated_ids(file: File) -> Iterator[Problem]:
    """`dW[self.idx] += dout` and `dW[self.idx] = dout` in an embedding: of a repeated id one gradient remains."""
    for function in file.functions:
        role = function.owner.name if function.owner is not None else function.name
        if not function.backward or "embed" not in role.lower():
            continue
        ids = _ids(function)
        for node in function.own:
            if not isinstance(node, ast.Assign | ast.AugAssign):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Subscript) and code(target.slice) in ids and not _constant(node.value):
                adds = isinstance(node, ast.AugAssign)
                how = "adds one gradient only" if adds else "keeps the last gradient only"
                message = (
                    f"`{code(target)} {'+=' if adds else '='} …` {how} where an id occurs twice. "
                    f"`np.add.at({code(target.value)}, {code(target.slice)}, …)` adds them all."
                )
                yield function.problem(target, "repeated ids", message)


def axis_of_another(file: File) -> Iterator[Problem]:
    """`D, H = Wh.shape`: Wh is (H, H), so that D becomes H."""
    for function in file.functions:
        for target, value, _ in function.assignments:
            names = [code(each) for each in elements(target) or ()]
            if names != ["D", "H"] or value is None or code(value) != "Wh.shape" or "Wx" not in function.scope.bindings:
                continue
            bindings = function.scope.bindings["D"]
            again = [line for each in bindings if (line := getattr(each.node, "lineno", 0)) > target.lineno]
            later = [read for read in function.reads("D") if target.lineno < read.lineno <= min([*again, 10**9])]
            if later:
                message = f"`Wh` is H by H: `D` gets the value of H, and line {later[0].lineno} reads it."
                yield function.problem(target, "axis of another array", message, "warning")


def left_out_bias(file: File) -> Iterator[Problem]:
    """`W, b = self.params` in a forward pass that never reads b."""
    for function in file.functions:
        if function.name != "forward":
            continue
        reads = [node for node in function.own if function.attribute(node) == "params"]
        for target, value, _ in function.assignments:
            names = [code(each) for each in elements(target) or ()]
            if function.attribute(value) != "params" or len(reads) != 1 or len(names) < 2:
                continue
            unread = [name for name in names if not function.reads(name)]
            # the layers of the single steps may get the parameters in another way
            multiplied = any(_is_factor(function, read) for name in names for read in function.reads(name))
            if multiplied and len(unread) == 1 and re.match(r"^b[a-z]?$|^bias$", unread[0]):
                message = f"`{unread[0]}` is taken from the parameters and never read: the bias is left out."
                yield function.problem(target, "bias left out", message, "warning")


def unread_bias(file: File) -> Iterator[Problem]:
    """`rnn_step_forward(x, prev_h, Wx, Wh, b)` that puts b into its cache at most."""
    for function in file.functions:
        if function.owner is not None or not function.is_pass or not function.forward:
            continue
        for argument in function.node.args.args:
            reads = function.reads(argument.arg)
            weights = [name for name in function.parameters if re.match(r"^[Ww][xh]?$", name)]
            multiplied = any(_is_factor(function, read) for name in weights for read in function.reads(name))
            kept = all(isinstance(function.parents.get(read), ast.Tuple | ast.List | ast.Dict) for read in reads)
            if argument.arg in ("b", "bias") and multiplied and kept:
                message = f"`{argument.arg}` is never added: the bias is left out."
                yield function.problem(argument, "bias left out", message, "warning")


def sigmoid_without_minus(file: File) -> Iterator[Problem]:
    """`1 / (1 + np.exp(x))` as the whole of a function or a layer that is called sigmoid."""
    for function in file.functions:
        named = function.name if function.owner is None else function.owner.name if function.forward else ""
        for node in function.own if named.lower() in ("sigmoid", "_sigmoid") else ():
            found = re.fullmatch(r"1(\.0)? / \(1(\.0)? \+ (\w+\.)?exp\((\w+)\)\)", code(node))
            whole = isinstance(function.parents.get(node), ast.Return | ast.Assign)
            if found is not None and whole and found[4] in function.parameters:
                message = f"`{code(node)}` falls where the sigmoid rises: `exp(-{found[4]})` was probably meant."
                yield function.problem(node, "sigmoid without minus", message)


def truth_of_an_array(file: File) -> Iterator[Problem]:
    """`if not self.h` where `self.h` is an array from the first step on."""
    for function in file.functions:
        owner = function.owner
        for node in function.own if owner is not None else ():
            tests: list[ast.AST] = []
            if isinstance(node, ast.If | ast.While | ast.IfExp):
                tests = [node.test]
            elif isinstance(node, ast.BoolOp):
                tests = list(node.values)
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                tests = [node.operand]
            for test in tests:
                name = function.attribute(test)
                settings = owner.settings.get(name, ()) if owner is not None and name else ()
                if any(Kinds(function).of(each.value) == "array" for each in settings if each.method != "__init__"):
                    message = (
                        f"`{code(test)}` is an array once `{settings[-1].method}` has run, and an array has no truth "
                        f"value. `{code(test)} is None` was probably meant."
                    )
                    yield function.problem(test, "truth of an array", message, "warning")


def _ids(function: Function) -> set[str]:
    """What stands for the ids as they came: what a forward pass kept of its own arguments."""
    found: set[str] = set()
    owner = function.owner
    for name, settings in owner.settings.items() if owner is not None else ():
        forward = owner.methods.get("forward") if owner is not None else None
        if (
            forward is not None
            and len(settings) <= 2
            and any(
                setting.method == "forward" and code(setting.value) in forward.parameters
                for setting in settings
                if setting.value is not None
            )
        ):
            found.add(f"self.{name}")
    for target, value, _ in function.assignments:
        if value is not None and isinstance(target, ast.Name) and code(value) in found:
            found.add(target.id)
        parts = elements(target)
        kept = packed(function, value)[0] if parts is not None and value is not None else None
        pair = function.file.plain.get(function.name.replace("_backward", "_forward"))
        given = owner.methods.get("forward") if owner is not None else pair
        if parts is None or kept is None or given is None or len(parts) != len(kept):
            continue
        for part, each in zip(parts, kept, strict=True):
            if isinstance(part, ast.Name) and code(each) in given.parameters:
                found.add(part.id)
    return found


def _is_factor(function: Function, read: ast.Name) -> bool:
    """Whether a weight is multiplied with something here."""
    outer = function.parents.get(read)
    if isinstance(outer, ast.Call):
        dot = isinstance(outer.func, ast.Attribute) and outer.func.attr == "dot"
        return dot or numpy_path(function.file, outer.func) in (("dot",), ("matmul",), ("einsum",))
    return isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.MatMult)


def _constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)
