"""What the usual derivations pass through and the twin does not: softmax and its loss in one, squares, 1 − h²."""

from collections.abc import Iterator

import numpy as np

from compare.agreement import Array
from compare.locating.entries import Entry
from compare.locating.naming import Names
from compare.locating.trace import Traced, TracedNode, options
from tiny_autograd_rnn.forms import BINARY, IDS, LABELS


def usual(traced: Traced, names: Names) -> Iterator[Entry]:
    """The entries that a tape lacks because the twin reaches the same by another way."""
    for node in traced.nodes:
        if isinstance(node.value, np.ndarray) and node not in names.hidden:
            yield from _derivatives(node, names)
            if names.known.get(node) == "log p":
                yield from _of_softmax(traced, node)
    yield from _of_sigmoid_loss(traced)


def factors(said: str, y: Array) -> Iterator[tuple[str, Array]]:
    """The factors that derivatives of activations are made of."""
    name = said if " " not in said else f"({said})"
    yield f"1 − {name}²", 1 - y**2
    yield f"{name} ⊙ (1 − {name})", y * (1 - y)
    yield f"1 − {name}", 1 - y
    yield f"1 + {name}²", 1 + y**2
    yield f"{name}²", y**2


def _derivatives(node: TracedNode, names: Names) -> Iterator[Entry]:
    at, step = names.at(node), names.steps.of.get(node)
    found = dict(factors(names.name(node), node.value))
    texts = list(found)
    sliced = node.function == "__getitem__" and node.parents[0] in names.logistic
    chosen: list[str] = []
    if node.function == "tanh":
        chosen = [texts[0], texts[-1]]
    elif node in names.logistic or sliced:
        chosen = texts[1:3]
    elif node.function == "sqrt":
        yield Entry(f"1 / {names.name(node)}{at}", "value", 1 / node.value, step)
    yield from (Entry(text + at, "value", found[text], step) for text in chosen)


def _of_softmax(traced: Traced, node: TracedNode) -> Iterator[Entry]:
    p = np.exp(node.value)
    yield Entry("p = softmax", "value", p)
    given = next((a for a in traced.pair.signature.data if a.note in (LABELS, IDS)), None)
    if given is None or traced.gradients.get(node) is None:
        return
    labels = traced.inputs.arguments[given.name]
    labels = labels if labels.ndim < p.ndim else labels.argmax(axis=-1)
    if labels.shape != p.shape[:-1]:
        return
    kept = labels != options(traced.pair, traced.inputs).get("ignore_label", -1)
    # an ignored label of −1 picks the last class, before it is masked
    picked = np.take_along_axis(node.value, labels[..., None] % p.shape[-1], axis=-1)[..., 0]
    yield Entry("log p of the labels", "value", picked)
    yield Entry("p of the labels", "value", np.exp(picked))
    yield Entry("log p of the labels, masked", "value", picked * kept)
    hot = np.eye(p.shape[-1])[labels % p.shape[-1]]
    whole = traced.gradients[node.parents[0].parents[0]]
    dout = float(np.sum(next(iter(traced.inputs.cotangents.values())))) or 1.0
    yield from _scaled("p − one-hot", p - hot, whole, dout, kept[..., None])


def _of_sigmoid_loss(traced: Traced) -> Iterator[Entry]:
    given = next((a for a in traced.pair.signature.data if a.note == BINARY), None)
    data = traced.pair.signature.data[0]
    if given is None or data.name not in traced.arguments:
        return
    node, t = traced.arguments[data.name], traced.inputs.arguments[given.name]
    with np.errstate(over="ignore"):
        y = 1 / (1 + np.exp(-node.value))
    yield Entry("σ(x)", "value", y)
    yield Entry("1 − σ(x)", "value", 1 - y)
    dout = float(np.sum(next(iter(traced.inputs.cotangents.values())))) or 1.0
    yield from _scaled("σ(x) − t", y - t, traced.gradients[node], dout, np.ones_like(y, bool))


def _scaled(said: str, error: Array, whole: Array, dout: float, kept: Array) -> Iterator[Entry]:
    """p − y on the way to the gradient: times the upstream gradient, divided by the count, masked, in any order."""
    ratio = _ratio(whole, error, kept)
    scales = ((1.0, ""), (dout, " times dout"), (ratio / dout, " over the count"), (ratio, " times both"))
    for mask, masked in ((np.ones_like(kept), ""), (kept, ", masked")):
        for factor, text in scales:
            array = error * mask * factor
            yield Entry(f"{said}{text}{masked}", "gradient", array, None, True, whole, "the gradient of the loss")


def _ratio(gradient: Array, error: Array, kept: Array) -> float:
    """The number that makes p − y the gradient."""
    at = np.broadcast_to(kept, error.shape)
    return float(np.sum(gradient * error * at) / max(float(np.sum(error * error * at)), 1e-300))
