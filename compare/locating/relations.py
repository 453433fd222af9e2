"""How what came out stands to what should have: relations tried one after the other, the most telling first."""

from collections.abc import Callable, Sequence

import numpy as np

from compare.agreement import Array, relative_error
from compare.locating import of_elements, of_products, of_steps, of_wholes
from compare.locating.operations import equal
from compare.locating.question import Question, Relation
from compare.locating.ratios import constant_ratio, name_of
from compare.locating.recognising import says_something
from compare.locating.tape import Tape

Try = Callable[[Question], Relation | None]


def relation(found: Array, wanted: Array, tape: Tape, name: str = "") -> Relation | None:
    """How a tensor stands to the one that was wanted; None where they agree, and where nothing is known.

    `name`: the twin's argument of which it is the gradient ("Wx"), if it is that of one.
    """
    found, wanted = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    if relative_error(found, wanted) < 1e-12 if found.shape == wanted.shape else not wanted.size:
        return None
    question = Question(found, wanted, tape, name)
    tries = _ANY_SHAPE if found.shape != wanted.shape else _TABLE
    return next((answer for attempt in tries if (answer := attempt(question))), None)


def near(found: Array, tape: Tape) -> Relation | None:
    """What a value that is nowhere on the tape comes nearest to: a count times an entry, or two entries' product.

    For a statement that is wrong where nobody knows what it should have given.
    """
    found = np.asarray(found, np.float64)
    if not says_something(found):
        return None
    question = Question(found, found, tape)
    for entry in tape.index.entries.get(found.size, []):
        alike = [a for a in (entry.array, entry.array.T) if a.shape == found.shape]
        ratio = next((c for a in alike if (c := constant_ratio(found, a)) is not None), None)
        said = name_of(ratio, question.counts) if ratio is not None else ""
        if said:
            return Relation("ratio", f"is {said} {entry.said}")
    factor = tape.factors.recognise(found)
    if factor:
        return Relation("factor", f"is {factor.said}")
    tries = (of_products.product, of_products.summed, of_products.contracted)
    return next((answer for attempt in tries if (answer := attempt(question))), None)


def _one_gate(q: Question) -> Relation | None:
    """Wrong in the columns of some gates only."""
    gates = q.tape.names.gates
    if not q.found.ndim or not gates.split(q.found.shape[-1]):
        return None
    letters, H = q.tape.convention.order or gates.letters, gates.H
    off = [k for k in range(len(letters)) if not _same_block(q, slice(k * H, (k + 1) * H))]
    if len(off) == len(letters):
        return None
    said = " and ".join(letters[k] for k in off)
    block = slice(off[0] * H, (off[0] + 1) * H)
    inner = relation(q.found[..., block], q.wanted[..., block], q.tape) if len(off) == 1 else None
    text = f"is wrong in the columns of gate {said} only"
    return Relation(inner.kind, f"{text}, which {inner.text}") if inner else Relation("", text)


def _same_block(q: Question, at: slice) -> bool:
    return equal(q.found[..., at], q.wanted[..., at]) or bool((q.found[..., at] == q.wanted[..., at]).all())


_ANY_SHAPE: Sequence[Try] = (
    of_wholes.not_written,
    of_wholes.all_zero,
    of_wholes.transposed,
    of_wholes.another,
    of_elements.something_else,
)
_TABLE: Sequence[Try] = (
    of_wholes.not_written,
    of_wholes.all_zero,
    of_wholes.single,
    of_wholes.ratio,
    of_wholes.upstream_ignored,
    of_wholes.another,
    of_wholes.transposed,
    of_elements.repeated_ids,
    of_elements.mask,
    of_steps.some_shares,
    of_steps.not_carried,
    of_wholes.gates_permuted,
    _one_gate,
    of_steps.in_time,
    of_elements.something_else,
    of_elements.summand,
    of_wholes.columns_permuted,
    of_elements.factor,
    of_products.product,
    of_products.summed,
    of_products.contracted,
)
