"""Terms, factors, signs, gradients from above: where an equation is broken."""

import ast

from compare.checking.static.vocabulary import is_state_gradient
from compare.explaining.around import called, in_index, target, whole_of
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.equations import gate, is_upstream, named, relevant_slope, slope, squared
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, identifier, instead, plain, written
from compare.explaining.wording import cause


def sign(difference: Difference, scene: Scene) -> Cause | None:
    """The same, with the other sign."""
    before, after = difference.before, difference.after
    negated = {_constant(before), _constant(after)}
    opposite = len(negated) == 2 and None not in negated and sum(each for each in negated if each is not None) == 0
    if difference.how == "operator" and isinstance(before, ast.BinOp) and isinstance(after, ast.BinOp):
        opposite = isinstance(before.op, ast.Add | ast.Sub) and isinstance(after.op, ast.Add | ast.Sub)
    words = {identifier(before), identifier(after)}
    opposite = opposite or words == {"add", "subtract"} or {type(before), type(after)} == {ast.Add, ast.Sub}
    if isinstance(before, ast.operator) and opposite:
        return cause("sign", f"{written(scene.change.before)} has the wrong sign", _of_loss(difference, scene))
    if (difference.how != "sign" and not opposite) or (in_index(difference) and not called(difference)):
        return None
    if difference.how == "sign" and (not difference.above or before is difference.above[-1].before):
        second = "σ(a) = 1 / (1 + exp(−a))" if called(difference) == "exp" else _of_loss(difference, scene)
        return cause("sign", f"{written(before)} has the wrong sign", second)
    what = written(difference.above[-1].before if difference.how == "sign" and difference.above else before)
    second = "σ(a) = 1 / (1 + exp(−a))" if called(difference) == "exp" else _of_loss(difference, scene)
    return cause("sign", f"In {what} the sign of {written(after)} is the wrong one", second)


def _constant(node: ast.AST | None) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    number = isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value not in (True, False)
    return (
        float(node.value) if number and isinstance(node, ast.Constant) and isinstance(node.value, int | float) else None
    )


def _of_loss(difference: Difference, scene: Scene) -> str:
    left = identifier(target(scene.change.after))
    if "loss" in left or ("log" in plain(scene.change.either) and not left.startswith("d")):
        return "The loss is minus the mean logarithm of the probabilities, which is positive"
    return ""


def _in(difference: Difference, scene: Scene) -> str:
    """The sum that a term is missing in; where no sum is left, what should be one."""
    wanted = difference.above[-1].after if difference.above else None
    whole = whole_of(difference)
    if difference.missing and isinstance(wanted, ast.BinOp) and not isinstance(whole, ast.BinOp):
        return f"{instead(whole, wanted)}:"
    return f"In {written(whole)}"


def upstream(difference: Difference, scene: Scene) -> Cause | None:
    """The gradient from above ignored, or used twice."""
    node = difference.either
    replaced = difference.how in ("replaced", "unwrapped", "wrapped") and "ones" in plain(difference.before or node)
    if difference.how == "factor" and is_upstream(node, scene):
        how = "is left out" if difference.missing else "is used once too often"
        text = f"The gradient from above, {written(node)}, {how} in {written(whole_of(difference))}"
    elif replaced and is_upstream(difference.after, scene):
        text = f"The gradient from above, {written(difference.after)}, is ignored"
    else:
        return None
    return cause("upstream", text, "The chain rule multiplies every derivative by the gradient that comes from above")


def factor(difference: Difference, scene: Scene) -> Cause | None:
    """A factor that is missing, too many, or another one."""
    before, after = difference.before, difference.after
    whole = written(whole_of(difference))
    meaning = relevant_slope(difference, scene)
    if difference.how == "factor" and difference.missing and alike(after, whole_of(difference)):
        return cause("factor", f"{whole} has to be squared", meaning)
    if difference.how == "factor":
        again = whole.count(plain(difference.either)) > 1
        how = "is missing" if difference.missing else "stands twice" if again else "is one too many"
        second = _mask(difference, scene) or meaning or gate(difference, scene)
        return cause("factor", f"In {whole} the factor {written(difference.either)} {how}", second)
    if difference.how == "complement":
        return cause("factor", instead(before, after), gate(difference, scene))
    squares = before is not None and after is not None and alike(squared(after), before)
    if squares or (before is not None and after is not None and alike(squared(before), after)):
        text = f"{written(before)} {'has to be' if squares else 'must not be'} squared"
        derivative = "tanh′(a) = 1 − tanh²(a)" if "1 - " in plain(scene.change.either) else ""
        return cause("factor", text, meaning or derivative)
    if (
        difference.how == "replaced"
        and not isinstance(before, ast.Constant)
        and (slope(after, scene) or slope(before, scene))
        and _is_formula(before, after)
    ):
        return cause("factor", f"{written(before)} is no derivative here; {written(after)} is", slope(after, scene))
    if "mask" in plain(difference.either) and difference.how in ("wrapped", "unwrapped"):
        return cause("factor", instead(before, after), _mask(difference, scene))
    return None


def _is_formula(before: ast.AST | None, after: ast.AST | None) -> bool:
    return any(isinstance(each, ast.BinOp | ast.Call) for each in (before, after))


def _mask(difference: Difference, scene: Scene) -> str:
    if isinstance(difference.either, ast.Compare):
        return "relu passes the gradient on where its input was positive, and nowhere else"
    if "mask" in plain(difference.either) and difference.how == "factor" and not difference.missing:
        return "Each pass multiplies by the mask once"
    if "mask" in plain(difference.either) and not scene.backward:
        return "What is masked out does not count: it is multiplied by 0"
    if "mask" in plain(difference.either):
        return "What was masked out in the forward pass gets no gradient: both passes have the same mask"
    return ""


def term(difference: Difference, scene: Scene) -> Cause | None:
    """A summand that is missing or too many."""
    if difference.how == "replaced" and isinstance(difference.before, ast.Constant) and difference.before.value == 0:
        text = f"{named(scene)}the summand {written(difference.after)} is missing"
        return cause("term", text, "Every way from a value to the loss has a summand in its gradient")
    if difference.how != "term":
        return None
    node = difference.either
    how = "is missing" if difference.missing else "is one too many"
    text = f"{_in(difference, scene)} the summand {written(node)} {how}"
    loss = any(
        "loss" in name.lower() for name in (getattr(scene.function, "name", ""), getattr(scene.owner, "name", ""))
    )
    if loss and (plain(node) in ("1", "1.0") or any(word in plain(node) for word in ("onehot", "one_hot"))):
        return cause("term", text, "softmax with its loss has the gradient p − 1[t], divided by the count")
    if scene.backward and difference.missing and is_state_gradient(identifier(node)):
        second = "A state goes to the output and to the next step: its gradient is the sum of the two"
        return cause("term", text, second)
    return cause("term", text, _bias(node, scene))


def _bias(node: ast.AST, scene: Scene) -> str:
    name = identifier(node)
    if scene.backward or not name:
        return ""
    return f"Without it {written(node)} has no influence, and no gradient" if name.startswith(("b", "self.b")) else ""
