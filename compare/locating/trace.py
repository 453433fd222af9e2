"""The twin run once under autograd with nothing thrown away: every node, its gradient, and what that is the sum of."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from autograd.core import VJPNode, add_outgrads, sum_outgrads
from autograd.tracer import isbox, new_box, notrace_primitives, register_notrace, trace_stack

from compare.agreement import Array
from compare.inputs import Inputs
from compare.pair import Pair
from tiny_autograd_rnn.signature import unchecked

_COUNT = itertools.count()


class TracedNode(VJPNode):  # type: ignore[misc]
    """A node of autograd's tape that keeps its value and the call that it comes from; `order` counts the calls."""

    __slots__ = ["argnums", "args", "function", "order", "value"]

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Sequence["TracedNode"]
    ) -> None:
        super().__init__(value, fun, args, kwargs, argnums, parents)
        self.value, self.args, self.argnums = value, args, argnums
        # the product of three axes with two is the same product
        self.function = "dot" if fun.__name__ == "tensordot" else fun.__name__
        self.order = next(_COUNT)

    def initialize_root(self, value: Any) -> None:
        super().initialize_root()
        self.value, self.function, self.args, self.argnums = value, "", (), ()
        self.order = next(_COUNT)

    def operand(self, argnum: int) -> Any:
        """An argument of the call: the node where it was traced, else the plain value."""
        return dict(zip(self.argnums, self.parents, strict=True)).get(argnum, self.args[argnum])


for _untraced in notrace_primitives[VJPNode]:
    register_notrace(TracedNode, _untraced)


@dataclass(frozen=True, eq=False)
class Part:
    """One summand of a node's gradient: what comes back from one use of it."""

    child: TracedNode
    argnum: int
    array: Array


@dataclass(frozen=True, eq=False)
class Traced:
    """The nodes in the order in which they were computed, arguments first; of each its gradient and the parts of it.

    A node that no output depends on is not among them.
    """

    pair: Pair
    inputs: Inputs
    arguments: Mapping[str, TracedNode]
    outputs: Mapping[str, TracedNode]
    nodes: tuple[TracedNode, ...]
    cotangent: Any
    gradients: Mapping[TracedNode, Array]
    parts: Mapping[TracedNode, tuple[Part, ...]]

    @property
    def sizes(self) -> Mapping[str, int]:
        return self.inputs.case.sizes

    def children(self, node: TracedNode) -> tuple[TracedNode, ...]:
        """The calls that take a node."""
        return tuple(part.child for part in self.parts.get(node, ()))


def traced(pair: Pair, inputs: Inputs) -> Traced:
    """The twin's run on the inputs, in float64, differentiated for the inputs' cotangents."""
    inputs = inputs.astype(np.float64)
    with trace_stack.new_trace() as level:
        boxes = {
            a.name: new_box(inputs.arguments[a.name], level, TracedNode.new_root(inputs.arguments[a.name]))
            for a in pair.signature.arguments
            if a.floats
        }
        out = unchecked(pair.twin)(*{**inputs.arguments, **boxes}.values(), **options(pair, inputs))
    arguments = {name: box._node for name, box in boxes.items()}
    end = out._node if isbox(out) else None
    names = [o.name for o in pair.signature.outputs]
    outputs = {} if end is None else dict(_outputs(end, names))
    cotangents = tuple(inputs.cotangents[name] for name in names)
    nodes = () if end is None else _ancestors(end)
    cotangent = cotangents if len(names) > 1 else cotangents[0]
    return Traced(pair, inputs, arguments, outputs, nodes, cotangent, *_backward(nodes, cotangent))


def options(pair: Pair, inputs: Inputs) -> dict[str, Any]:
    """The options of the twin, those of the pair and of the case in place of the defaults."""
    given = {**pair.signature.options, **pair.options, **inputs.case.options}
    return {name: value for name, value in given.items() if name in pair.signature.options}


def gradients_without(run: Traced, dropped: Collection[Part]) -> dict[str, Array]:
    """The gradients of the arguments as they would be if some parts of gradients were forgotten."""
    forgotten = {(part.child, part.argnum) for part in dropped}
    gradients, _ = _backward(run.nodes, run.cotangent, forgotten)
    return {name: gradients[node] for name, node in run.arguments.items() if node in gradients}


def dense(gradient: Any) -> Any:
    """A gradient in an array of its own: autograd keeps that of an indexed array as a recipe."""
    return add_outgrads(None, gradient)[0]


def _outputs(end: TracedNode, names: Sequence[str]) -> Iterator[tuple[str, TracedNode]]:
    if len(names) == 1:
        yield names[0], end
        return
    # a traced tuple is called with its type first
    nodes = dict(zip(end.argnums, end.parents, strict=True))
    yield from ((name, nodes[i]) for i, name in enumerate(names, 1) if i in nodes)


def _ancestors(end: TracedNode) -> tuple[TracedNode, ...]:
    found, waiting = {end}, [end]
    while waiting:
        fresh = [parent for parent in waiting.pop().parents if parent not in found]
        found.update(fresh)
        waiting += fresh
    return tuple(sorted(found, key=lambda node: node.order))


def _backward(
    nodes: Sequence[TracedNode], cotangent: Any, forgotten: Collection[tuple[TracedNode, int]] = ()
) -> tuple[dict[TracedNode, Array], dict[TracedNode, tuple[Part, ...]]]:
    with np.errstate(over="ignore"):
        # autograd's tanh′ = 1/cosh² overflows for a saturated unit and rightly comes out as 0
        return _walked_back(nodes, cotangent, forgotten)


def _walked_back(
    nodes: Sequence[TracedNode], cotangent: Any, forgotten: Collection[tuple[TracedNode, int]]
) -> tuple[dict[TracedNode, Array], dict[TracedNode, tuple[Part, ...]]]:
    gradients: dict[TracedNode, Any] = {}
    parts: dict[TracedNode, list[Part]] = {node: [] for node in nodes}
    for node in reversed(nodes):
        if parts[node]:
            total = sum_outgrads(part.array for part in parts[node])
        else:
            total = cotangent if node is nodes[-1] else 0 * node.value
        gradients[node] = total
        for argnum, parent, part in zip(node.argnums, node.parents, node.vjp(total), strict=True):
            if (node, argnum) not in forgotten:
                parts[parent].append(Part(node, argnum, dense(part)))
    arrays = {node: gradient for node, gradient in gradients.items() if isinstance(gradient, np.ndarray)}
    return arrays, {node: tuple(found) for node, found in parts.items()}
