"""What a handwritten backward pass may hold: the nodes of the tape, their parts, blocks and steps, each by name."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from compare.agreement import Array
from compare.locating.naming import MOVES, Gates, Names
from compare.locating.trace import Part, Traced, TracedNode, dense

Kind = Literal["value", "gradient"]

# of so many summands every sum of some is tried; of more, only those that loops make
_ALL_SUMS = 5


@dataclass(frozen=True, eq=False)
class Entry:
    """An array that the derivation passes through, and what it is; `step` is the step of the sequence it belongs to.

    `part`: a gradient that is not the whole one yet, because another use of the same node adds to it; `whole` is that
    one, and `of` what it is called.
    """

    said: str
    kind: Kind
    array: Array
    step: int | None = None
    part: bool = False
    whole: Array | None = None
    of: str = ""


def entries(traced: Traced, names: Names) -> Iterator[Entry]:
    """Everything, what a person would name first in front: where two are equal, the first is the one to say."""
    whole = [*_nodes(traced, names)]
    steps = [*_in_time(whole, traced.sizes)]
    parts = [*_parts(traced, names), *_over_time(traced, names), *_of_constants(traced, names)]
    for entry in (*whole, *steps, *parts):
        yield entry
    for entry in (*whole, *steps, *parts):
        yield from gate_blocks(entry, names.gates)


def gate_blocks(entry: Entry, gates: Gates) -> Iterator[Entry]:
    """The columns of each gate, of what holds all gates side by side."""
    if entry.array.ndim and gates.split(entry.array.shape[-1]):
        for letter, at in gates.columns.items():
            whole = None if entry.whole is None else entry.whole[..., at]
            of = f"{entry.of}, gate {letter}" if entry.of else ""
            array = entry.array[..., at]
            yield Entry(f"{entry.said}, gate {letter}", entry.kind, array, entry.step, entry.part, whole, of)


def _nodes(traced: Traced, names: Names) -> Iterator[Entry]:
    known = [*traced.outputs.values(), *traced.arguments.values()]
    # of equal gradients, that of the largest expression says most
    inner = [node for node in reversed(traced.nodes) if node not in known and node not in names.hidden]
    for node in (*known, *inner):
        if isinstance(node.value, np.ndarray) and (node in known or node.function not in MOVES):
            at, step = names.at(node), names.steps.of.get(node)
            yield Entry(names.name(node) + at, "value", node.value, step)
            if node in traced.gradients:
                yield Entry(names.gradient(node) + at, "gradient", traced.gradients[node], step)


def _in_time(found: Sequence[Entry], sizes: Mapping[str, int]) -> Iterator[Entry]:
    """The steps of arrays (N, T, …)."""
    N, T = sizes.get("N"), sizes.get("T")
    for entry in found:
        if T and entry.array.ndim > 1 and entry.array.shape[:2] == (N, T):
            for t in range(T):
                yield Entry(f"{entry.said}[:, {t}]", entry.kind, entry.array[:, t], t, entry.kind == "gradient")


def _parts(traced: Traced, names: Names) -> Iterator[Entry]:
    """The sums of some of the summands of a gradient, as they come together statement by statement."""
    for node, parts in traced.parts.items():
        if not isinstance(node.value, np.ndarray) or node in names.hidden or _by_steps(traced, names, node):
            continue
        summands = [array for part in parts for array in _by_gates(traced, names.gates, part) if np.any(array)]
        said, step, whole = names.gradient(node), names.steps.of.get(node), traced.gradients[node]
        of = said + names.at(node)
        arriving = [part for part in parts if step is not None and names.steps.of.get(part.child, -1) == step + 1]
        if arriving and len(arriving) < len(parts):
            carried = np.asarray(sum(part.array for part in arriving))
            text = f"{said} at t = {step}, as far as it arrives from t = {(step or 0) + 1}"
            yield Entry(text, "gradient", carried, step, True, whole, of)
        for chosen in _some(len(summands)):
            array = sum(summands[i] for i in chosen)
            yield Entry(f"part of {of}", "gradient", np.asarray(array), step, True, whole, of)


def _some(n: int) -> Iterator[tuple[int, ...]]:
    """Which of n summands are added up; never all of them."""
    if n <= _ALL_SUMS:
        for size in range(1, n):
            yield from itertools.combinations(range(n), size)
        return
    for k in range(1, n):
        yield tuple(range(k))
        yield tuple(range(k, n))


def _by_gates(traced: Traced, gates: Gates, part: Part) -> list[Array]:
    """A summand by gates: people take the product with each gate's weights alone."""
    args = part.child.args
    if part.child.function != "dot" or part.argnum != 0 or not gates.split(args[1].shape[-1]):
        return [part.array]
    upstream = traced.gradients[part.child]
    return [np.dot(upstream[..., at], args[1][..., at].T) for at in gates.columns.values()]


def _of_constants(traced: Traced, names: Names) -> Iterator[Entry]:
    """The gradients of arrays that the twin takes as fixed, such as a first state of zero, which people take too."""
    for node in traced.nodes:
        if node.function not in ("multiply", "dot") or node in names.hidden or {0, 1} <= set(node.argnums):
            continue
        fixed = 1 if 0 in node.argnums else 0
        array, other, upstream = node.args[fixed], node.args[1 - fixed], traced.gradients[node]
        if not isinstance(array, np.ndarray) or (array.shape != node.value.shape and node.function == "multiply"):
            continue
        if node.function == "multiply":
            found = upstream * other
        elif array.ndim == 2:
            found = np.dot(upstream, other.T) if fixed == 0 else np.dot(other.T, upstream)
        else:
            continue
        yield Entry(f"∂L/∂(what {names.name(node)} takes as fixed){names.at(node)}", "gradient", found)


def _over_time(traced: Traced, names: Names) -> Iterator[Entry]:
    """The gradients of what every step uses: the share of each step, and their sums as a loop adds them up."""
    for node in traced.nodes:
        shares = _by_steps(traced, names, node)
        if not shares:
            continue
        of, whole, T = names.gradient(node), traced.gradients[node], len(shares)
        sums = [(f"the share of t = {t} in {of}", shares[t], t) for t in range(T)]
        for t in range(1, T):
            sums.append((f"{of} added up from t = {T - 1} to {t}", np.asarray(sum(shares[t:])), t))
            sums.append((f"{of} added up from t = 0 to {t - 1}", np.asarray(sum(shares[:t])), t - 1))
        for summands in _within_steps(traced, names, node):
            sums += [(f"part of a step's share in {of}", summand, -1) for summand in summands]
        for said, array, t in sums:
            yield Entry(said, "gradient", array, t if t >= 0 else None, True, whole, of)


def shares_in_time(traced: Traced, names: Names, name: str) -> list[Array]:
    """What each step adds to the gradient of an argument; nothing where it is not used step by step."""
    node = traced.arguments.get(name)
    return _by_steps(traced, names, node) if node else []


def _by_steps(traced: Traced, names: Names, node: TracedNode) -> list[Array]:
    """The shares of the steps in the gradient of an argument, that of t at t."""
    T = traced.sizes.get("T", 0)
    if node not in traced.arguments.values() or T < 2 or node.value.shape[1:2] == (T,):
        return []
    shares = [np.zeros_like(node.value) for _ in range(T)]
    for part in traced.parts.get(node, ()):
        step = names.steps.of.get(part.child)
        found = {step: part.array} if step is not None else _split_in_time(traced, part, T)
        for t, array in found.items():
            if t >= T:
                return []
            shares[t] = shares[t] + array
    # the first state belongs to the first step alone
    return shares if sum(bool(np.any(share)) for share in shares) > 1 else []


def _split_in_time(traced: Traced, part: Part, T: int) -> dict[int, Array]:
    """The shares of the steps in what comes back from a call that took all of them at once."""
    whole = traced.gradients.get(part.child)
    if whole is None or whole.ndim < 2 or whole.shape[1] != T:
        return {}
    position = part.child.argnums.index(part.argnum)
    found = {}
    for t in range(T):
        alone = np.zeros_like(whole)
        alone[:, t] = whole[:, t]
        found[t] = dense(list(part.child.vjp(alone))[position])
    return found


def _within_steps(traced: Traced, names: Names, node: TracedNode) -> Iterator[list[Array]]:
    """The summands of each step's share, where a step uses the argument more than once."""
    parts = [part for part in traced.parts.get(node, ()) if np.any(part.array)]
    for step in sorted({names.steps.of[part.child] for part in parts if part.child in names.steps.of}):
        found = [part.array for part in parts if names.steps.of.get(part.child) == step]
        if len(found) > 1:
            yield found
