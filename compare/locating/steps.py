"""Which step of a sequence a node belongs to, and which nodes a step hands on to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from compare.locating.trace import Traced, TracedNode

# how autograd puts the states of all steps into one array
COLLECTS = ("_array_from_scalar_or_array", "array_from_args", "concatenate_args")


@dataclass(frozen=True)
class Steps:
    """`of`: the step of every node inside a loop over time; `carried`: the states by what they are called."""

    of: Mapping[TracedNode, int]
    carried: Mapping[TracedNode, str]


def steps(traced: Traced) -> Steps:
    """The steps of a twin's loops over time; none where it takes no sequence step by step."""
    of, loops = _passes(traced)
    return Steps(of, {name: text for loop in loops for name, text in _carried(traced, loop).items()})


def sliced_at(node: TracedNode, T: int | None) -> int | None:
    """The step that a node takes out of an array (N, T, …)."""
    if node.function != "__getitem__" or not isinstance(node.args[1], tuple) or len(node.args[1]) < 2:
        return None
    rows, t = node.args[1][:2]
    inside = node.args[0].ndim > 2 and node.args[0].shape[1] == T and isinstance(rows, slice)
    # the last state is taken after the loop as hs[:, -1]
    return t if inside and isinstance(t, int) and t >= 0 else None


def _passes(traced: Traced) -> tuple[dict[TracedNode, int], list[list[list[TracedNode]]]]:
    """The step of every node in a loop, and of every loop the nodes of each pass: autograd saw them in this order."""
    of: dict[TracedNode, int] = {}
    loops: list[list[list[TracedNode]]] = []
    inside = False
    for node in traced.nodes:
        t = sliced_at(node, traced.sizes.get("T"))
        if t is not None:
            if not inside or t == 0:
                loops.append([])
            loops[-1].append([])
            inside = True
        inside = inside and node.function not in COLLECTS
        if inside:
            loops[-1][-1].append(node)
            of[node] = len(loops[-1]) - 1
    return of, loops


def _carried(traced: Traced, loop: list[list[TracedNode]]) -> dict[TracedNode, str]:
    """The nodes that one pass makes and the next takes: h, which is collected too, and the memory c, which is not.

    The k-th node of a pass is the k-th node of every other, so what is handed on by one pass is known of the last.
    """
    found: dict[TracedNode, str] = {}
    for passed, following in pairwise(loop):
        for k, node in enumerate(passed):
            taken = traced.children(node)
            if set(taken) & set(following):
                name = "h" if any(child.function in COLLECTS for child in taken) else "c"
                found |= {other[k]: name for other in loop if len(other) == len(passed)}
    return found
