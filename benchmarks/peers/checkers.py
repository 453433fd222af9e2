"""The other checkers, each as its own documentation uses it: an exception is an objection."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.peers.problem import Problem
from compare.agreement import Array

# what CS231n's notebooks call an error that is no rounding any more
REL_ERROR = 1e-6


class ObjectionError(AssertionError):
    """A gradient that does not agree with the differences of the forward pass."""


def torch_gradcheck(problem: Problem) -> None:
    """`torch.autograd.gradcheck` of a `torch.autograd.Function` that calls the learner's passes."""
    torch = import_module("torch")

    def forward(ctx: Any, *tensors: Any) -> Any:
        flat, ctx.pullback = problem.pullback(*(t.detach().numpy() for t in tensors))
        return torch.from_numpy(flat)

    def backward(ctx: Any, cotangent: Any) -> Any:
        return tuple(torch.from_numpy(grad) for grad in ctx.pullback(cotangent.numpy()))

    passes = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    function: Any = type("Learners", (torch.autograd.Function,), passes)
    tensors = [torch.from_numpy(array).requires_grad_() for array in problem.point]
    torch.autograd.gradcheck(function.apply, tensors)


def jax_check_grads(problem: Problem) -> None:
    """`jax.test_util.check_grads` of a `custom_vjp` whose passes are callbacks."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    out = jax.ShapeDtypeStruct((problem.outputs,), np.float64)

    @jax.custom_vjp  # type: ignore[untyped-decorator, unused-ignore]
    def function(*arrays: Any) -> Any:
        return jax.pure_callback(problem.forward, out, *arrays)

    def forward(*arrays: Any) -> Any:
        return function(*arrays), arrays

    def backward(arrays: Any, cotangent: Any) -> Any:
        like = tuple(jax.ShapeDtypeStruct(array.shape, array.dtype) for array in arrays)
        return jax.pure_callback(problem.vjp, like, cotangent, *arrays)

    function.defvjp(forward, backward)
    import_module("jax.test_util").check_grads(function, problem.point, order=1, modes=["rev"])


def autograd_check_grads(problem: Problem) -> None:
    """`autograd.test_util.check_grads` of a primitive with the learner's backward pass."""
    extend = import_module("autograd.extend")
    function = extend.primitive(problem.forward)

    def of_argument(index: int) -> Callable[..., Any]:
        def make(ans: Any, *arrays: Array) -> Callable[[Array], Array]:
            return lambda cotangent: problem.vjp(cotangent, *arrays)[index]

        return make

    extend.defvjp(function, *(of_argument(i) for i in range(len(problem.names))))
    # unasked, it looks at the first argument only
    every = tuple(range(len(problem.names)))
    check_grads = import_module("autograd.test_util").check_grads
    check_grads(function, argnum=every, modes=["rev"], order=1)(*problem.point)


def course_rel_error(problem: Problem) -> None:
    """CS231n's `eval_numerical_gradient_array` and `rel_error`, as its notebooks print them."""
    cotangent = np.random.default_rng(231).standard_normal(problem.outputs)
    point = problem.point
    grads = problem.vjp(cotangent, *point)
    errors = {}
    for index, name in enumerate(problem.names):
        differences = numerical_gradient(problem, point, index, cotangent)
        errors[f"d{name}"] = rel_error(differences, grads[index])
    if not all(error < REL_ERROR for error in errors.values()):
        raise ObjectionError("\n".join(f"{name} error:  {error}" for name, error in errors.items()))


def numerical_gradient(problem: Problem, point: tuple[Array, ...], index: int, df: Array, h: float = 1e-5) -> Array:
    """df · ∂f/∂x by central differences, element by element."""
    x = point[index]
    grad = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        kept = x[at]
        x[at] = kept + h
        above = problem.forward(*point)
        x[at] = kept - h
        below = problem.forward(*point)
        x[at] = kept
        grad[at] = np.sum((above - below) * df) / (2 * h)
    return grad


def rel_error(x: Array, y: Array) -> float:
    """The largest relative error of an element."""
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


CHECKERS: dict[str, tuple[str, Callable[[Problem], None]]] = {
    "torch gradcheck": ("torch", torch_gradcheck),
    "JAX check_grads": ("jax", jax_check_grads),
    "autograd check_grads": ("autograd", autograd_check_grads),
    "CS231n rel_error": ("numpy", course_rel_error),
}


def missing() -> dict[str, str]:
    """Of every checker that cannot be asked, the package that is not installed."""
    return {name: package for name, (package, _) in CHECKERS.items() if find_spec(package) is None}
