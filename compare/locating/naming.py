"""What a node is called: a name that a person knows, or the expression that it was computed by, short."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compare.locating.steps import COLLECTS, Steps, sliced_at
from compare.locating.trace import Traced, TracedNode, options

LONGEST = 60
_FUNCTIONS = {"sqrt": "√"}
# how tightly an operation binds; what binds less stands in brackets
_SIGNS = {"add": (" + ", 1), "subtract": (" − ", 1), "multiply": (" ⊙ ", 2), "divide": (" / ", 2), "dot": (" ", 3)}
# values that only change their place keep their name
MOVES = ("_array_from_scalar_or_array", "_astype", "reshape", "transpose", "swapaxes", "expand_dims", "squeeze")
# the orders of the twins that have no option for it
_USUAL = {4: "fgio", 3: "zrh"}
_POWERS = {2.0: "²", 3.0: "³", 0.5: "^½", -1.0: "⁻¹", -0.5: "^−½"}


@dataclass(frozen=True)
class Gates:
    """The gates that stand side by side in the last axis: their letters in the order of the twin's columns, and H."""

    letters: str = ""
    H: int = 0

    def split(self, size: int) -> bool:
        """Whether an axis of this size is that of all gates."""
        return bool(self.letters) and size == len(self.letters) * self.H

    @property
    def columns(self) -> dict[str, slice]:
        return {letter: slice(k * self.H, (k + 1) * self.H) for k, letter in enumerate(self.letters)}


def gates_of(traced: Traced, letters: str = "") -> Gates:
    """The gates of a twin: as many as its parameters' last axis says, in the order that it takes, or in that given."""
    last = [a.axes[-1] for a in traced.pair.signature.params if a.axes]
    found = next((axis for axis in last if axis.times > 1), None)
    order = str(options(traced.pair, traced.inputs).get("order", letters))
    if found is None:
        return Gates()
    return Gates(order or _USUAL.get(found.times, ""), traced.sizes[found.letter])


@dataclass(frozen=True)
class Names:
    """The names of a twin's nodes. `hidden`: those inside a logistic function, which is one operation to a person."""

    traced: Traced
    steps: Steps
    gates: Gates
    known: Mapping[TracedNode, str] = field(default_factory=dict)
    logistic: Mapping[TracedNode, TracedNode] = field(default_factory=dict)
    hidden: frozenset[TracedNode] = frozenset()

    @staticmethod
    def of(traced: Traced, steps: Steps, gates: str = "") -> "Names":
        """The names of a run; `gates` are the letters of a twin's gates that takes them in one order only."""
        logistic = {node: of for node in traced.nodes if (of := _argument_of_logistic(node)) is not None}
        hidden = {inner for node, of in logistic.items() for inner in _between(node, of)}
        known = {
            **{node: "log p" for node in traced.nodes if _is_log_softmax(node)},
            **steps.carried,
            **{node: name for name, node in traced.outputs.items() if node not in steps.carried},
            **{node: name for name, node in traced.arguments.items()},
        }
        return Names(traced, steps, gates_of(traced, gates), known, logistic, frozenset(hidden))

    def at(self, node: TracedNode) -> str:
        """ " at t = 2" of a node inside a loop over time."""
        return f" at t = {self.steps.of[node]}" if node in self.steps.of else ""

    def name(self, node: TracedNode) -> str:
        """The name of a node, without its step: as much of its expression as fits."""
        return self._short(node)[0]

    def gradient(self, node: TracedNode) -> str:
        """What the gradient of a node is called: ∂L/∂(…), with brackets where the name is an expression."""
        text, bound = self._short(node)
        return f"∂L/∂{_bracketed(text, bound, 9)}"

    def _short(self, node: TracedNode) -> tuple[str, int]:
        for depth in range(12, 0, -1):
            text, bound = self._written(node, depth, self.steps.of.get(node))
            if len(text) <= LONGEST:
                return text, bound
        return "…", 9

    def _written(self, node: TracedNode, depth: int, step: int | None) -> tuple[str, int]:
        """The text of a node as seen from a step, and how tightly it binds."""
        if node in self.known:
            earlier = node in self.steps.carried and step != self.steps.of[node]
            return self.known[node] + ("_prev" if earlier and step is not None else ""), 9
        if depth == 0:
            return "…", 9
        if node in self.logistic:
            return f"σ({self._written(self.logistic[node], depth - 1, step)[0]})", 9
        if node.function in _SIGNS and len(node.args) > 1:
            return self._joined(node, depth, step)
        if node.function == "__getitem__":
            return self._taken(node, depth, step)
        if node.function in MOVES:
            return self._written(node.parents[0], depth, step)
        if node.function in COLLECTS and all(_unmoved(parent) in self.steps.carried for parent in node.parents):
            return self.steps.carried[_unmoved(node.parents[0])] + "s", 9
        inner, bound = self._operand(node, 0, depth, step)
        if node.function == "power":
            power = _POWERS.get(float(node.args[1])) if np.ndim(node.args[1]) == 0 else None
            return f"{_bracketed(inner, bound, 8)}{power or '^…'}", 8
        if node.function == "negative":
            return f"−{_bracketed(inner, bound, 2)}", 2
        if node.function == "sum":
            return f"Σ {_bracketed(inner, bound, 2)}", 2
        if node.function == "tanh" and node.parents[0].function == "__getitem__" and self.gate(node.parents[0]):
            return self.gate(node.parents[0]), 9
        return f"{_FUNCTIONS.get(node.function, node.function)}({inner})", 9

    def _joined(self, node: TracedNode, depth: int, step: int | None) -> tuple[str, int]:
        sign, binds = _SIGNS[node.function]
        left, right = (self._operand(node, i, depth, step) for i in (0, 1))
        if node.function == "add":
            # 0 b, where there is no second bias
            texts = [text for i, (text, _) in enumerate((left, right)) if np.any(_value(node.operand(i)))]
            return (sign.join(texts), binds if len(texts) > 1 else 3) if texts else ("0", 9)
        tighter = node.function in ("subtract", "divide")
        return _bracketed(*left, binds) + sign + _bracketed(*right, binds + tighter), binds

    def _taken(self, node: TracedNode, depth: int, step: int | None) -> tuple[str, int]:
        """A part of an array: a step of it, a gate of it, or by an index."""
        if sliced_at(node, self.traced.sizes.get("T")) is not None:
            # the step is said once for the whole: xs[:, t] is x at t
            text, bound = self._operand(node, 0, depth, None)
            return (text.removesuffix("s"), 9) if bound == 9 else (f"({text})[:, t]", 9)
        gate = self.gate(node)
        if gate and node.parents[0] in self.logistic:
            return gate, 9
        text, bound = self._operand(node, 0, depth, step)
        index = node.args[1][-1] if isinstance(node.args[1], tuple) else node.args[1]
        plain = index if isinstance(index, int) else "…"
        return (f"{_bracketed(text, bound, 9)}_{gate}", 9) if gate else (f"{_bracketed(text, bound, 9)}[{plain}]", 9)

    def gate(self, node: TracedNode) -> str:
        """The letter of the gate that a node takes out of all of them."""
        if node.function == "__getitem__" and self.gates.letters and self.gates.split(np.shape(node.args[0])[-1]):
            index = node.args[1][-1] if isinstance(node.args[1], tuple) else node.args[1]
            columns = self.gates.columns if isinstance(index, slice) else {}
            return next((letter for letter, at in columns.items() if at == index), "")
        return ""

    def _operand(self, node: TracedNode, argnum: int, depth: int, step: int | None) -> tuple[str, int]:
        operand = node.operand(argnum) if len(node.args) > argnum else "…"
        if isinstance(operand, TracedNode):
            return self._written(operand, depth - 1, step)
        if np.ndim(operand) == 0 and isinstance(operand, int | float | np.number):
            return f"{operand:.6g}", 9
        given = (name for name, array in self.traced.inputs.arguments.items() if array is operand)
        return next(given, "…"), 9


def _bracketed(text: str, bound: int, needed: int) -> str:
    return text if bound >= needed else f"({text})"


def _unmoved(node: TracedNode) -> TracedNode:
    return _unmoved(node.parents[0]) if node.function in MOVES else node


def _is_log_softmax(node: TracedNode) -> bool:
    """z − log Σ exp z"""
    if node.function != "subtract" or len(node.parents) < 2 or node.parents[1].function != "log":
        return False
    return bool(np.allclose(np.exp(node.value).sum(axis=-1), 1))


def _value(operand: Any) -> Any:
    return operand.value if isinstance(operand, TracedNode) else operand


def _argument_of_logistic(node: TracedNode) -> TracedNode | None:
    """The x of a quotient that is σ(x), told by its value: the twin writes σ with care for overflow."""
    if node.function != "divide":
        return None
    for inner in _ancestors_within(node, 3):
        if inner.function == "exp" and inner.parents[0].function == "multiply":
            for x in inner.parents[0].parents:
                with np.errstate(over="ignore"):
                    same = np.shape(x.value) == node.value.shape and np.allclose(
                        node.value, 1 / (1 + np.exp(-x.value)), rtol=1e-12, atol=1e-300
                    )
                if same:
                    return x
    return None


def _ancestors_within(node: TracedNode, depth: int) -> list[TracedNode]:
    if depth == 0:
        return []
    return [found for parent in node.parents for found in (parent, *_ancestors_within(parent, depth - 1))]


def _between(node: TracedNode, of: TracedNode) -> set[TracedNode]:
    return {inner for inner in _ancestors_within(node, 4) if inner.order > of.order}
